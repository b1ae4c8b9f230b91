import { canConfirmMembers } from "@/lib/core/workspaces/permission";

import { type Acting, DUTIES, type DutyName, isActive, mayTake } from "./duties";
import { groupsOf, independenceOf, type PeopleFacts } from "./independence";
import { tieText } from "./words";

type Listed = Acting & {
  readonly email: string;
  readonly demo: boolean;
  readonly verifiedAt: Date | null;
  readonly origin: "installation" | "invitation";
};

/** How many accounts are listed, the oldest first. What takes two people is counted among everybody. */
export const MOST_PEOPLE = 500;

/** One account on the page of people. */
export type PersonView = Listed & {
  /** What takes two people and they may do. */
  readonly duties: readonly DutyName[];
  /** What they wait for before they count as another person than those it names. */
  readonly waits: readonly { readonly words: string; readonly until: Date; readonly confirmable: boolean }[];
  /** Others who are listed, may act and beside whom they are no second person; of one's own accounts only the name is the same. */
  readonly notBeside: readonly string[];
  /** Other accounts of the same person. */
  readonly sameAs: readonly string[];
  /** Whether the person who looks could confirm that they are somebody else than who invited them. */
  readonly mayConfirm: boolean;
};

/** Those who are listed as the person who looks sees them, who may not be listed. */
export function personViews(
  members: readonly Listed[],
  looking: Pick<Acting, "memberId" | "answersFor" | "roles"> | undefined,
  facts: PeopleFacts,
): readonly PersonView[] {
  const areTwo = independenceOf(facts);
  const groups = groupsOf(
    members.map(({ memberId }) => memberId),
    facts,
  );
  return members.map((member) => {
    const ties = facts.ties.filter(({ memberId }) => memberId === member.memberId);
    const isOther = (other: Listed) => other.memberId !== member.memberId;
    const isSame = (other: Listed) => facts.persons.get(other.memberId) === facts.persons.get(member.memberId);
    const isOne = (other: Listed) => groups.get(other.memberId) === groups.get(member.memberId);
    return {
      ...member,
      duties: DUTIES.filter((name) => mayTake(name, member)),
      waits: ties.map((tie) => ({
        words: tieText(tie, facts),
        until: tie.until,
        confirmable: tie.kind === "invitation",
      })),
      notBeside: members
        .filter((other) => isOther(other) && isActive(other) && !isSame(other))
        .filter((other) => isOne(other) || standsIn(member, other))
        .map(({ name }) => name),
      sameAs: members.filter((other) => isOther(other) && isSame(other)).map(({ email }) => email),
      mayConfirm:
        looking !== undefined &&
        member.joinedAt !== null &&
        ties.some(({ kind }) => kind === "invitation") &&
        canConfirmMembers(looking.roles) &&
        areTwo(looking, member),
    };
  });
}

const standsIn = (one: Acting, other: Acting): boolean => one.answersFor.some((id) => other.answersFor.includes(id));
