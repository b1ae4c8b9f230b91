"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { useFormAction } from "@/components/ui/use-form-action";
import { type FormAction, faultAt } from "@/lib/core/shared/action-state";
import type { PersonView } from "@/lib/core/people/view";

import { RoleBoxes } from "./role-boxes";

type ChangeRolesProps = { person: PersonView; change: FormAction; coolingOff: string };

/** Gives a member other roles. */
export function ChangeRoles({ person, change, coolingOff }: ChangeRolesProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button size="sm" aria-label={`Roles… ${person.name}`} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        Roles…
      </Button>
      <Dialog open={open} onClose={close} title={`Roles of ${person.name}`}>
        <RolesForm person={person} change={change} coolingOff={coolingOff} onClose={close} />
      </Dialog>
    </>
  );
}

function RolesForm({ person, change, coolingOff, onClose }: ChangeRolesProps & { onClose: () => void }) {
  const { state, pending, form } = useFormAction(change);
  if (state.status === "done") return <Changed onClose={onClose} />;
  return (
    <form {...form} className="grid gap-4 whitespace-normal">
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <p>For {coolingOff} afterwards the two of you count as one person.</p>
      <input type="hidden" name="member" value={person.memberId} />
      <RoleBoxes checked={person.roles} invalid={faultAt(state, "/roles") !== undefined} />
      <DialogButtons onCancel={onClose} pending={pending} submit="Change" submitting="Recording…" variant="strong" />
    </form>
  );
}

function Changed({ onClose }: { onClose: () => void }) {
  return (
    <div className="grid gap-4" role="status">
      <p>The roles are changed.</p>
      <div className="flex justify-end">
        <Button onClick={onClose} autoFocus>
          Close
        </Button>
      </div>
    </div>
  );
}
