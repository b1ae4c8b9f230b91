"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useDialogAction } from "@/components/ui/use-dialog-action";
import type { FormAction } from "@/lib/core/shared/action-state";
import type { ShownDependency } from "@/lib/core/tools/dependency";

type ResetDependencyProps = {
  dependency: Pick<ShownDependency, "name" | "failures">;
  action: FormAction;
  disabledReason?: string | undefined;
};

/** Forgets the failures of a system, with a reason that goes into the ledger. */
export function ResetDependency({ dependency: { name, failures }, action, disabledReason }: ResetDependencyProps) {
  const { state, pending, form, isOpen, open, close } = useDialogAction(action);
  const id = `reset-${name}`;
  return (
    <>
      <Button
        onClick={open}
        aria-haspopup="dialog"
        aria-label={`Reset ${name}`}
        {...(disabledReason !== undefined && { disabledReason })}
      >
        Reset…
      </Button>
      <Dialog open={isOpen} onClose={close} title={`Let calls to ${name} through`}>
        <form {...form} className="grid gap-4">
          <p>
            {failures === 1 ? "1 failure is forgotten" : `${failures} failures in a row are forgotten`}. If {name} is
            still down, the next failures hold it back again.
          </p>
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <input type="hidden" name="name" value={name} />
          <Field label="Reason" hint="Goes into the ledger." htmlFor={id}>
            <TextInput id={id} name="reason" required maxLength={1_000} autoComplete="off" />
          </Field>
          <DialogButtons onCancel={close} pending={pending} submit="Reset" submitting="Recording…" variant="primary" />
        </form>
      </Dialog>
    </>
  );
}
