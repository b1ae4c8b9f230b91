import { Chip } from "@/components/ui/chip";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import type { FormAction } from "@/lib/core/shared/action-state";
import type { Member } from "@/lib/core/workspaces/schema";

import { AddMember, type AddedMember } from "./add-member";
import { ConfirmButton } from "./confirm-button";
import { type AccountActions, MemberAccount } from "./member-account";

type MembersProps = {
  members: readonly Member[];
  /** The member who looks. */
  me: Member;
  permitted: boolean;
  add: FormAction<AddedMember>;
  disable: FormAction;
  account: AccountActions;
  /** Accounts with an authenticator app. */
  withApp: readonly string[];
  /** By account, the name its person goes by; only where a person has several. */
  persons: ReadonlyMap<string, string>;
};

/** The people of the workspace and what each may do. */
export function Members({ members, me, permitted, add, disable, account, withApp, persons }: MembersProps) {
  const sameAs = ({ id }: Member) => {
    const person = persons.get(id);
    return members.filter((other) => other.id !== id && person !== undefined && persons.get(other.id) === person);
  };
  return (
    <Section title="Members" id="members" aside={`${members.length} in all`}>
      <Table label="Members" head={["Name", "E-mail address", "Roles", "State", { label: "Change", hidden: true }]}>
        {members.map((member) => (
          <Row key={member.id}>
            <Cell header>
              <span className="inline-flex items-center gap-2">
                <VisibleText text={member.name} />
                {member.id === me.id && <Chip>you</Chip>}
                {member.demo && <Chip tone="demo">demo</Chip>}
                {sameAs(member).map((other) => (
                  <Chip key={other.id}>
                    same person as <VisibleText text={other.email} />
                  </Chip>
                ))}
              </span>
            </Cell>
            <Cell>
              <VisibleText text={member.email} />
            </Cell>
            <Cell>{member.roles.join(", ").replaceAll("_", " ")}</Cell>
            <Cell>
              {member.disabled ? <Chip tone="warn">Disabled</Chip> : "Active"}
              {withApp.includes(member.id) && <span className="block text-xs text-muted">authenticator app</span>}
            </Cell>
            <Cell numeric>
              <span className="inline-flex flex-wrap justify-end gap-2">
                {permitted && (
                  <MemberAccount
                    member={member}
                    members={members}
                    same={sameAs(member)}
                    hasApp={withApp.includes(member.id)}
                    mine={member.id === me.id || sameAs(member).some(({ id }) => id === me.id)}
                    actions={account}
                  />
                )}
                {!member.disabled && (
                  <ConfirmButton
                    label="Disable…"
                    about={member.name}
                    title={`Disable ${member.name}`}
                    confirm="Disable"
                    action={disable}
                    fields={{ member: member.id }}
                    disabledReason={reasonAgainst(member, me, permitted)}
                  >
                    Their sessions end and their tokens stop working at once. Votes they gave on approvals that are
                    still open no longer count. Nothing they did is removed from the ledger.
                  </ConfirmButton>
                )}
              </span>
            </Cell>
          </Row>
        ))}
      </Table>
      <AddMember add={add} permitted={permitted} />
    </Section>
  );
}

function reasonAgainst(member: Member, me: Member, permitted: boolean): string | undefined {
  if (!permitted) return "Only an administrator";
  return member.id === me.id ? "Not yourself" : undefined;
}
