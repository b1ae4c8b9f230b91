"use client";

import { type ReactNode, useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

type ConfirmButtonProps = {
  label: string;
  /** What it is about, for those who hear only the button: "the token laptop". */
  about: string;
  title: string;
  confirm: string;
  action: FormAction;
  fields: Readonly<Record<string, string>>;
  disabledReason?: string | undefined;
  /** What will happen, and whether it can be undone. */
  children: ReactNode;
};

/** A button that says what it will do and asks once before it does it. */
export function ConfirmButton({
  label,
  about,
  title,
  confirm,
  action,
  fields,
  disabledReason,
  children,
}: ConfirmButtonProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        size="sm"
        aria-label={`${label} ${about}`}
        disabledReason={disabledReason}
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
      >
        {label}
      </Button>
      <Dialog open={open} onClose={close} title={title}>
        <ConfirmForm confirm={confirm} action={action} fields={fields} onClose={close}>
          {children}
        </ConfirmForm>
      </Dialog>
    </>
  );
}

type ConfirmFormProps = Pick<ConfirmButtonProps, "confirm" | "action" | "fields" | "children"> & {
  onClose: () => void;
};

function ConfirmForm({ confirm, action, fields, onClose, children }: ConfirmFormProps) {
  const { state, pending, form } = useFormAction(action);
  return (
    <form {...form} className="grid gap-4 whitespace-normal">
      <p>{children}</p>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <DialogButtons onCancel={onClose} pending={pending} submit={confirm} variant="strong" focusCancel />
    </form>
  );
}
