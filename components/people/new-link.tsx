"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";
import type { PersonView } from "@/lib/core/people/view";

import { type InvitedMember, InvitedLink } from "./invited-link";

type NewLinkProps = { person: PersonView; action: FormAction<InvitedMember>; coolingOff: string };

/** Makes a new link for a member whose invitation expired or whose password is lost. */
export function NewLink({ person, action, coolingOff }: NewLinkProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button size="sm" aria-label={`New link… ${person.name}`} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        New link…
      </Button>
      <Dialog open={open} onClose={close} title={`A new link for ${person.name}`}>
        <NewLinkForm person={person} action={action} coolingOff={coolingOff} onClose={close} />
      </Dialog>
    </>
  );
}

function NewLinkForm({ person, action, coolingOff, onClose }: NewLinkProps & { onClose: () => void }) {
  const { state, pending, form } = useFormAction(action);
  if (state.status === "done" && state.data) return <InvitedLink invited={state.data} onClose={onClose} />;
  return (
    <form {...form} className="grid gap-4 whitespace-normal">
      <p>
        They choose a new password with this link. Their old password, sessions and tokens then stop working. For{" "}
        {coolingOff} after that you count as one person, unless somebody independent confirms them.
      </p>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="member" value={person.memberId} />
      <DialogButtons
        onCancel={onClose}
        pending={pending}
        submit="Make a new link"
        submitting="Making…"
        variant="strong"
        focusCancel
      />
    </form>
  );
}
