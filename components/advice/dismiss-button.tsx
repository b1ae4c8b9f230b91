"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useDialogAction } from "@/components/ui/use-dialog-action";
import type { FormAction } from "@/lib/core/shared/action-state";

type DismissButtonProps = {
  id: string;
  /** The advice in its sentence. */
  what: string;
  /** What must happen for it to come back by itself: "it costs twice as much". */
  returnsWhen: string;
  action: FormAction;
  disabledReason?: string | undefined;
};

/** Dismisses advice with a reason that goes into the ledger. */
export function DismissButton({ id, what, returnsWhen, action, disabledReason }: DismissButtonProps) {
  const { state, pending, form, isOpen, open, close } = useDialogAction(action);
  return (
    <>
      <Button
        size="sm"
        onClick={open}
        aria-haspopup="dialog"
        aria-label={`Dismiss… ${what}`}
        {...(disabledReason !== undefined && { disabledReason })}
      >
        Dismiss…
      </Button>
      <Dialog open={isOpen} onClose={close} title="Dismiss this advice">
        <form {...form} className="grid gap-4">
          <p>{what}</p>
          <p>It comes back by itself when {returnsWhen}, and you can bring it back before.</p>
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <input type="hidden" name="id" value={id} />
          <Field label="Reason" hint="Goes into the ledger." htmlFor={`reason-${id}`}>
            <TextInput id={`reason-${id}`} name="reason" required maxLength={1_000} autoComplete="off" />
          </Field>
          <DialogButtons
            onCancel={close}
            pending={pending}
            submit="Dismiss"
            submitting="Recording…"
            variant="primary"
          />
        </form>
      </Dialog>
    </>
  );
}
