"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useDialogAction } from "@/components/ui/use-dialog-action";
import type { SpendView } from "@/lib/core/figures/views";
import type { FormAction } from "@/lib/core/shared/action-state";

import { ShareBox } from "./share-box";

/** Renames a view, shares it or takes it back. */
export function EditView({ view, change }: { view: SpendView; change: FormAction }) {
  const { state, pending, form, isOpen, open, close } = useDialogAction(change);
  const field = `view-${view.id}`;
  return (
    <>
      <Button size="sm" onClick={open} aria-haspopup="dialog" aria-label={`Edit the view ${view.name}`}>
        Edit
      </Button>
      <Dialog open={isOpen} onClose={close} title="Edit view">
        <form {...form} className="grid gap-4">
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <input type="hidden" name="id" value={view.id} />
          <Field label="Name" htmlFor={field}>
            <TextInput id={field} name="name" required maxLength={80} autoComplete="off" defaultValue={view.name} />
          </Field>
          <ShareBox id={`${field}-shared`} checked={view.shared} />
          <DialogButtons onCancel={close} pending={pending} submit="Save" submitting="Saving…" variant="primary" />
        </form>
      </Dialog>
    </>
  );
}
