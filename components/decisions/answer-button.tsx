"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";
import { visibleString } from "@/lib/core/shared/visible-text";

type AnswerButtonProps = { decisionId: string; tool: string; action: FormAction; disabledReason?: string };

/** Asks a person whether a call ran, and how they know. */
export function AnswerButton({ decisionId, tool, action, disabledReason }: AnswerButtonProps) {
  const [open, setOpen] = useState(false);
  const { state, pending, form } = useFormAction(action);
  return (
    <>
      <Button
        size="sm"
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        {...(disabledReason !== undefined && { disabledReason })}
      >
        Did it run?
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={`Did ${visibleString(tool)} run?`}>
        <form {...form} className="grid gap-4">
          <p>Look where it would have left a trace. Your answer is kept as it is and undoes nothing.</p>
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <input type="hidden" name="decision_id" value={decisionId} />
          <Field label="How you know" hint="Goes into the ledger." htmlFor="answer-note">
            <TextInput id="answer-note" name="note" required maxLength={1_000} autoComplete="off" autoFocus />
          </Field>
          <div className="flex flex-wrap justify-end gap-2">
            <Button type="button" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" name="answer" value="did_not_run" aria-busy={pending}>
              It did not run
            </Button>
            <Button type="submit" name="answer" value="ran" aria-busy={pending}>
              It ran
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
