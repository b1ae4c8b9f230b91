"use client";

import { useState } from "react";

import { ConfirmButton } from "@/components/settings/confirm-button";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { PersonView } from "@/lib/core/people/view";
import type { FormAction } from "@/lib/core/shared/action-state";

/** What an administrator may do about an account besides disabling it. */
type AccountActions = { readonly link: FormAction; readonly unlink: FormAction; readonly reset: FormAction };

type MemberAccountProps = {
  person: PersonView;
  hasApp: boolean;
  /** Whether it is the account of the person who looks. */
  mine: boolean;
  actions: AccountActions;
};

/** Whose account it is, and the authenticator app it approves with. */
export function MemberAccount({ person: member, hasApp, mine, actions }: MemberAccountProps) {
  return (
    <>
      <SamePerson member={member} link={actions.link} />
      {member.sameAs.length > 0 && !mine && (
        <ConfirmButton
          label="Separate…"
          about={member.name}
          title={`${member.name} is a person of their own`}
          confirm="Separate"
          action={actions.unlink}
          fields={{ member: member.memberId }}
        >
          When that has cooled off this account has a vote of its own, besides {member.sameAs.join(", ")}.
        </ConfirmButton>
      )}
      {hasApp && !mine && (
        <ConfirmButton
          label="Reset app…"
          about={`the authenticator app of ${member.name}`}
          title={`Reset the authenticator app of ${member.name}`}
          confirm="Reset"
          action={actions.reset}
          fields={{ member: member.memberId }}
        >
          They cannot approve Critical actions until they have set up another. Until it has cooled off the two of you
          count as one person. Do this only when you are sure that it is they who ask.
        </ConfirmButton>
      )}
    </>
  );
}

type SamePersonProps = { member: PersonView; link: FormAction };

function SamePerson({ member, link }: SamePersonProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        size="sm"
        aria-label={`Same person as… ${member.name}`}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        Same person as…
      </Button>
      <Dialog open={open} onClose={close} title={`${member.name} is the same person as`}>
        <SamePersonForm member={member} link={link} onClose={close} />
      </Dialog>
    </>
  );
}

function SamePersonForm({ member, link, onClose }: SamePersonProps & { onClose: () => void }) {
  const { state, pending, form } = useFormAction(link);
  return (
    <form {...form} className="grid gap-4 whitespace-normal">
      <p>
        Their accounts then have one vote together, and neither can approve what the other answers for. It holds at
        once, also for approvals that are not used yet.
      </p>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="member" value={member.memberId} />
      <Field label="E-mail of the other account">
        <TextInput name="same_as" type="email" required maxLength={320} autoComplete="off" />
      </Field>
      <DialogButtons onCancel={onClose} pending={pending} submit="Same person" variant="strong" focusCancel />
    </form>
  );
}
