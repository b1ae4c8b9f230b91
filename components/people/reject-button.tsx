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

type RejectButtonProps = { id: string; what: string; action: FormAction; disabledReason?: string };

/** Says no to what another person proposed, with a reason. */
export function RejectButton({ id, what, action, disabledReason }: RejectButtonProps) {
  const [open, setOpen] = useState(false);
  const { state, pending, form } = useFormAction(action);
  return (
    <>
      <Button
        size="sm"
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        aria-label={`Reject… the proposal for ${what}`}
        {...(disabledReason !== undefined && { disabledReason })}
      >
        Reject…
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={`Reject the proposal for ${what}`}>
        <form {...form} className="grid gap-4 whitespace-normal">
          <p>Nothing changes: what holds now still holds. The same can be proposed again.</p>
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <input type="hidden" name="id" value={id} />
          <Field label="Why not" hint="Goes into the ledger with your name." htmlFor="reject-reason">
            <TextArea id="reject-reason" name="reason" required maxLength={1_000} />
          </Field>
          <DialogButtons onCancel={() => setOpen(false)} pending={pending} submit="Reject" variant="strong" />
        </form>
      </Dialog>
    </>
  );
}
