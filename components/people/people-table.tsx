import { Chip } from "@/components/ui/chip";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { dutyTitle } from "@/lib/core/people/duties";
import type { PersonView } from "@/lib/core/people/view";

import { type PersonActions, PersonButtons } from "./person-buttons";

type PeopleTableProps = {
  people: readonly PersonView[];
  /** How many the search finds, of whom these are one page. */
  found: number;
  /** The member who looks. */
  me: string;
  permitted: boolean;
  actions: PersonActions;
  /** Accounts with an authenticator app. */
  withApp: readonly string[];
  coolingOff: string;
};

/** The people of the workspace, what each may do, and beside whom they count as a second person. */
export function PeopleTable(props: PeopleTableProps) {
  const { people, found, me, withApp } = props;
  return (
    <Section
      title="Members"
      id="members"
      aside={
        people.length < found ? `${people.length} of ${found} people` : `${found} ${found === 1 ? "person" : "people"}`
      }
    >
      {people.length === 0 && <p className="text-muted">Nobody’s name or e-mail address holds that.</p>}
      <Table label="Members" head={["Name", "As a second person", "Roles", "State", { label: "Change", hidden: true }]}>
        {people.map((person) => (
          <Row key={person.memberId}>
            <Cell header>
              <span className="grid gap-0.5">
                <span className="inline-flex flex-wrap items-center gap-2">
                  <VisibleText text={person.name} />
                  {person.memberId === me && <Chip>you</Chip>}
                  {person.demo && <Chip tone="demo">demo</Chip>}
                </span>
                <span className="text-xs font-normal text-muted">
                  <VisibleText text={person.email} />
                </span>
                {person.sameAs.map((email) => (
                  <span key={email} className="text-xs font-normal">
                    same person as <VisibleText text={email} />
                  </span>
                ))}
              </span>
            </Cell>
            <Cell wrap className="min-w-64 max-w-[60ch] py-1.5">
              <Standing person={person} />
            </Cell>
            <Cell wrap>{person.roles.join(", ").replaceAll("_", " ")}</Cell>
            <Cell>
              <StateOf person={person} hasApp={withApp.includes(person.memberId)} />
            </Cell>
            <Cell numeric wrap>
              <PersonButtons {...props} person={person} />
            </Cell>
          </Row>
        ))}
      </Table>
    </Section>
  );
}

function StateOf({ person, hasApp }: { person: PersonView; hasApp: boolean }) {
  return (
    <span className="grid gap-0.5">
      <span>{stateChip(person)}</span>
      {person.verifiedAt !== null && <span className="text-xs text-muted">single sign-on</span>}
      {person.origin === "installation" && <span className="text-xs text-muted">set up with the installation</span>}
      {hasApp && <span className="text-xs text-muted">authenticator app</span>}
    </span>
  );
}

function stateChip(person: PersonView) {
  if (person.disabled) return <Chip tone="warn">Disabled</Chip>;
  if (person.joinedAt === null) return <Chip tone="warn">Invited</Chip>;
  return person.canSignIn ? "Active" : <Chip>Cannot sign in</Chip>;
}

/** Beside whom a person counts as another one, and what they wait for. */
function Standing({ person }: { person: PersonView }) {
  if (person.disabled) return <span className="text-muted">Cannot act.</span>;
  if (person.joinedAt === null) return <span className="text-muted">Has not set up their account yet.</span>;
  if (!person.canSignIn) return <span className="text-muted">Nobody can sign in as them.</span>;
  if (person.duties.length === 0) return <span className="text-muted">Holds no role that takes two people.</span>;
  return (
    <span className="grid gap-1">
      {person.notBeside.length === 0 ? (
        <span>Beside everybody else.</span>
      ) : (
        <span>
          Not beside <VisibleText text={namesOf(person)} />.
        </span>
      )}
      {person.waits.map((wait) => (
        <span key={wait.words} className="text-xs text-muted">
          <VisibleText text={wait.words} /> Ends <Time at={wait.until} />
          {wait.confirmable ? ", or when somebody independent confirms them." : "."}
        </span>
      ))}
      <span className="text-xs text-muted">{person.duties.map(dutyTitle).join(" · ")}</span>
    </span>
  );
}

function namesOf({ notBeside, notBesideMore }: PersonView): string {
  return notBesideMore > 0 ? `${notBeside.join(", ")} and ${notBesideMore} more` : notBeside.join(", ");
}
