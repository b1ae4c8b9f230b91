import { ConfirmButton } from "@/components/settings/confirm-button";
import type { PersonView } from "@/lib/core/people/view";
import type { FormAction } from "@/lib/core/shared/action-state";

import { ChangeRoles } from "./change-roles";
import type { InvitedMember } from "./invited-link";
import { MemberAccount } from "./member-account";
import { NewLink } from "./new-link";

/** What can be done about a person. */
export type PersonActions = {
  readonly confirm: FormAction;
  readonly roles: FormAction;
  readonly again: FormAction<InvitedMember>;
  readonly disable: FormAction;
  readonly link: FormAction;
  readonly unlink: FormAction;
  readonly reset: FormAction;
};

type PersonButtonsProps = {
  person: PersonView;
  me: string;
  permitted: boolean;
  actions: PersonActions;
  withApp: readonly string[];
  coolingOff: string;
};

/** The buttons of one person: confirm who they are, and for administrators everything about the account. */
export function PersonButtons({ person, me, permitted, actions, withApp, coolingOff }: PersonButtonsProps) {
  const isMine = person.memberId === me;
  return (
    <span className="inline-flex flex-wrap justify-end gap-2">
      {person.mayConfirm && (
        <ConfirmButton
          label="Confirm…"
          about={`that ${person.name} is a person of their own`}
          title={`${person.name} is a person of their own`}
          confirm="Confirm"
          action={actions.confirm}
          fields={{ member: person.memberId }}
        >
          You say that you know who joined as {person.email}, and that it is not the person who invited them. From then
          on the two count as two people. It goes into the ledger under your name.
        </ConfirmButton>
      )}
      {permitted && !person.disabled && !isMine && (
        <>
          <ChangeRoles person={person} change={actions.roles} coolingOff={coolingOff} />
          <NewLink person={person} action={actions.again} coolingOff={coolingOff} />
        </>
      )}
      {permitted && (
        <MemberAccount
          person={person}
          hasApp={withApp.includes(person.memberId)}
          mine={person.isMine}
          actions={actions}
        />
      )}
      {!person.disabled && (
        <ConfirmButton
          label="Disable…"
          about={person.name}
          title={`Disable ${person.name}`}
          confirm="Disable"
          action={actions.disable}
          fields={{ member: person.memberId }}
          disabledReason={reasonAgainst(isMine, permitted)}
        >
          Their sessions end and their tokens stop working at once. Votes they gave on approvals that are still open no
          longer count. Nothing they did is removed from the ledger.
        </ConfirmButton>
      )}
    </span>
  );
}

function reasonAgainst(isMine: boolean, permitted: boolean): string | undefined {
  if (!permitted) return "Only an administrator";
  return isMine ? "Not yourself" : undefined;
}
