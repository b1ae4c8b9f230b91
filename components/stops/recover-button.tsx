"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

/** The last step back from a stop: lets everything run again that manifests allow. */
export function RecoverButton({ action, disabledReason }: { action: FormAction; disabledReason?: string }) {
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
        Run fully…
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title="Run fully again">
        <form {...form} className="grid gap-4">
          <p>Calls of every class are decided by their manifests again from the moment this answers.</p>
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <Field label="What the reads have shown" hint="Goes into the ledger." htmlFor="recover-note">
            <TextInput id="recover-note" name="note" required maxLength={1_000} autoComplete="off" autoFocus />
          </Field>
          <DialogButtons
            onCancel={() => setOpen(false)}
            pending={pending}
            submit="Run fully"
            submitting="Recording…"
            variant="primary"
          />
        </form>
      </Dialog>
    </>
  );
}
