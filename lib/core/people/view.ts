import type { z } from "zod";

import { FilterText, PageQuery } from "@/lib/core/shared/page";
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

/** How many of those beside whom somebody is no second person are named. */
const MOST_NAMES = 5;

/** Which people to list: a part of a name or e-mail address. The oldest accounts come first. */
export const PeopleQuery = PageQuery.extend({ q: FilterText });
export type PeopleQuery = z.infer<typeof PeopleQuery>;

/** One account on the page of people. */
export type PersonView = Listed & {
  /** What takes two people and they may do. */
  readonly duties: readonly DutyName[];
  /** What they wait for before they count as another person than those it names. */
  readonly waits: readonly { readonly words: string; readonly until: Date; readonly confirmable: boolean }[];
  /** Some of the others who may act and beside whom they are no second person, without their own accounts; and how many more. */
  readonly notBeside: readonly string[];
  readonly notBesideMore: number;
  /** Whether it is an account of the person who looks. */
  readonly isMine: boolean;
  /** Other accounts of the same person. */
  readonly sameAs: readonly string[];
  /** Whether the person who looks could confirm that they are somebody else than who invited them. */
  readonly mayConfirm: boolean;
};

/** The page of people that was asked for, in the order given. @returns it, and the id after which the next begins */
export function pageOfPeople<T extends { readonly memberId: string; readonly name: string; readonly email: string }>(
  everybody: readonly T[],
  { q, cursor, limit }: PeopleQuery,
): { readonly listed: readonly T[]; readonly found: number; readonly next: string | null } {
  const wanted = q?.toLowerCase();
  const found = everybody.filter(
    ({ name, email }) => wanted === undefined || `${name}\n${email}`.toLowerCase().includes(wanted),
  );
  const rest = found.filter(({ memberId }) => cursor === undefined || memberId > cursor);
  const listed = rest.slice(0, limit);
  return { listed, found: found.length, next: rest.length > limit ? (listed.at(-1)?.memberId ?? null) : null };
}

/** Those who are listed, among everybody, as the person who looks sees them. */
export function personViews(
  { listed, everybody }: { readonly listed: readonly Listed[]; readonly everybody: readonly Listed[] },
  looking: Pick<Acting, "memberId" | "answersFor" | "roles"> | undefined,
  facts: PeopleFacts,
): readonly PersonView[] {
  const areTwo = independenceOf(facts);
  const groups = groupsOf(
    everybody.map(({ memberId }) => memberId),
    facts,
  );
  const active = everybody.filter(isActive);
  return listed.map((member) => {
    const ties = facts.ties.filter(({ memberId }) => memberId === member.memberId);
    const isOther = (other: Listed) => other.memberId !== member.memberId;
    const isSame = (other: Listed) => facts.persons.get(other.memberId) === facts.persons.get(member.memberId);
    const isOne = (other: Listed) => groups.get(other.memberId) === groups.get(member.memberId);
    const notBeside = active.filter(
      (other) => isOther(other) && !isSame(other) && (isOne(other) || standsIn(member, other)),
    );
    return {
      ...member,
      duties: DUTIES.filter((name) => mayTake(name, member)),
      waits: ties.map((tie) => ({
        words: tieText(tie, facts),
        until: tie.until,
        confirmable: tie.kind === "invitation",
      })),
      notBeside: notBeside.slice(0, MOST_NAMES).map(({ name }) => name),
      isMine: looking !== undefined && facts.persons.get(looking.memberId) === facts.persons.get(member.memberId),
      notBesideMore: Math.max(0, notBeside.length - MOST_NAMES),
      sameAs: everybody.filter((other) => isOther(other) && isSame(other)).map(({ email }) => email),
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
