"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";
import type { Member } from "@/lib/core/workspaces/schema";

import { ConfirmButton } from "./confirm-button";

/** What an administrator may do about an account besides disabling it. */
export type AccountActions = { readonly link: FormAction; readonly unlink: FormAction; readonly reset: FormAction };

type MemberAccountProps = {
  member: Member;
  members: readonly Member[];
  /** Other accounts of the same person. */
  same: readonly Member[];
  hasApp: boolean;
  /** Whether it is the account of the person who looks. */
  mine: boolean;
  actions: AccountActions;
};

/** Whose account it is, and the authenticator app it approves with. */
export function MemberAccount({ member, members, same, hasApp, mine, actions }: MemberAccountProps) {
  const others = members.filter(({ id }) => id !== member.id && !same.some((one) => one.id === id));
  return (
    <span className="inline-flex flex-wrap justify-end gap-2">
      {others.length > 0 && <SamePerson member={member} others={others} link={actions.link} />}
      {same.length > 0 && !mine && (
        <ConfirmButton
          label="Separate…"
          about={member.name}
          title={`${member.name} is a person of their own`}
          confirm="Separate"
          action={actions.unlink}
          fields={{ member: member.id }}
        >
          From then on this account has a vote of its own, besides {same.map(({ name }) => name).join(", ")}.
        </ConfirmButton>
      )}
      {hasApp && !mine && (
        <ConfirmButton
          label="Reset app…"
          about={`the authenticator app of ${member.name}`}
          title={`Reset the authenticator app of ${member.name}`}
          confirm="Reset"
          action={actions.reset}
          fields={{ member: member.id }}
        >
          They cannot approve Critical actions until they have set up another. Do this only when you are sure that it is
          they who ask.
        </ConfirmButton>
      )}
    </span>
  );
}

type SamePersonProps = { member: Member; others: readonly Member[]; link: FormAction };

function SamePerson({ member, others, link }: SamePersonProps) {
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
        <SamePersonForm member={member} others={others} link={link} onClose={close} />
      </Dialog>
    </>
  );
}

function SamePersonForm({ member, others, link, onClose }: SamePersonProps & { onClose: () => void }) {
  const { state, pending, form } = useFormAction(link);
  const options = others.map(({ id, name, email }) => ({ value: id, label: `${name} (${email})` }));
  return (
    <form {...form} className="grid gap-4 whitespace-normal">
      <p>
        Their accounts then have one vote together, and neither can approve what the other answers for. It holds at
        once, also for approvals that are not used yet.
      </p>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="member" value={member.id} />
      <Field label="Account">
        <Select name="same_as" options={options} />
      </Field>
      <div className="flex flex-wrap justify-end gap-2">
        <Button type="button" onClick={onClose} autoFocus>
          Cancel
        </Button>
        <Button type="submit" variant="strong" aria-busy={pending}>
          Same person
        </Button>
      </div>
    </form>
  );
}
