"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { type FormAction, faultAt } from "@/lib/core/shared/action-state";

import { type InvitedMember, InvitedLink } from "./invited-link";
import { RoleBoxes } from "./role-boxes";

type InviteMemberProps = { invite: FormAction<InvitedMember>; permitted: boolean; coolingOff: string };

/** Invites a person, who sets up their own account with the link. */
export function InviteMember({ invite, permitted, coolingOff }: InviteMemberProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        variant="primary"
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        disabledReason={permitted ? undefined : "Only an administrator can invite people."}
      >
        Invite a person…
      </Button>
      <Dialog open={open} onClose={close} title="Invite a person">
        <InviteForm invite={invite} coolingOff={coolingOff} onClose={close} />
      </Dialog>
    </>
  );
}

type InviteFormProps = Omit<InviteMemberProps, "permitted"> & { onClose: () => void };

function InviteForm({ invite, coolingOff, onClose }: InviteFormProps) {
  const { state, pending, form } = useFormAction(invite);
  if (state.status === "done" && state.data) return <InvitedLink invited={state.data} onClose={onClose} />;
  return (
    <form {...form} className="grid gap-4">
      {state.status === "refused" && !state.faults && <Alert tone="error">{state.message}</Alert>}
      <p>
        They choose their own password. For {coolingOff} after they join you count as one person, unless somebody
        independent confirms them.
      </p>
      <Field label="E-mail address" error={faultAt(state, "/email")}>
        <TextInput
          name="email"
          type="email"
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
        />
      </Field>
      <Field label="Name" error={faultAt(state, "/name")}>
        <TextInput name="name" required maxLength={200} autoComplete="off" />
      </Field>
      <RoleBoxes checked={["viewer"]} invalid={faultAt(state, "/roles") !== undefined} />
      <DialogButtons onCancel={onClose} pending={pending} submit="Invite" submitting="Inviting…" variant="primary" />
    </form>
  );
}
