"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { TextArea } from "@/components/ui/text-area";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

type ResolveButtonProps = { incidentId: string; action: FormAction; disabledReason?: string };

/** Closes an incident with what was found and done. */
export function ResolveButton({ incidentId, action, disabledReason }: ResolveButtonProps) {
  const [open, setOpen] = useState(false);
  const { state, pending, form } = useFormAction(action);
  return (
    <>
      <Button
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        {...(disabledReason !== undefined && { disabledReason })}
      >
        Resolve…
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title="Resolve this incident">
        <form {...form} className="grid gap-4">
          <p>This resumes nothing: a halted run stays halted until two people consent.</p>
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <input type="hidden" name="id" value={incidentId} />
          <Field label="What was found and done" hint="Goes into the ledger." htmlFor="resolve-note">
            <TextArea id="resolve-note" name="note" required maxLength={4_000} />
          </Field>
          <DialogButtons
            onCancel={() => setOpen(false)}
            pending={pending}
            submit="Resolve"
            submitting="Recording…"
            variant="primary"
          />
        </form>
      </Dialog>
    </>
  );
}
