import { z } from "zod";

import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";

import { dependence, groupsOf, type PeopleFacts, type Side, TIE_KINDS } from "./independence";

/** More than this and the entry that holds it would be too long. */
const MOST_CHARACTERS = 4_000;

const Account = z.strictObject({ account: z.string(), person: z.string(), answers_for: z.array(z.string()) });
const Until = z.iso.datetime();

/** What a vote that is one of several was judged on: who it came from, beside whom, and what ties them to others. */
export const AttestedPeople = z.strictObject({
  me: Account,
  beside: z.array(Account),
  /** Ties that held and lead from one of these people to anybody, from person to person. */
  ties: z.array(z.strictObject({ member: z.string(), by: z.string(), kind: z.enum(TIE_KINDS), until: Until })),
  /** Who became or stopped being responsible for the agent lately. */
  dris: z.array(z.strictObject({ account: z.string(), until: Until })),
});
export type AttestedPeople = z.infer<typeof AttestedPeople>;

/** The same as a ledger entry holds it; null where it is too much to be held, which proves nothing. */
export function attestPeople(me: Side, beside: readonly Side[], facts: PeopleFacts): JsonObject | null {
  const personOf = (id: string) => facts.persons.get(id) ?? id;
  const account = ({ memberId, answersFor }: Side) => ({
    account: memberId,
    person: personOf(memberId),
    answers_for: [...answersFor].toSorted(),
  });
  const accounts = [me, ...beside].map(({ memberId }) => memberId);
  const groups = groupsOf([...accounts, ...facts.ties.map(({ memberId }) => memberId)], facts);
  const own = new Set(accounts.map((id) => groups.get(id)));
  const attested = {
    me: account(me),
    beside: beside.map(account),
    ties: facts.ties
      .filter(({ memberId }) => own.has(groups.get(memberId)))
      .map(({ memberId, byId, kind, until }) => ({
        member: personOf(memberId),
        by: personOf(byId),
        kind,
        until: until.toISOString(),
      })),
    dris: facts.lateDris.map(({ memberId, until }) => ({ account: memberId, until: until.toISOString() })),
  };
  return canonicalJson(attested).length > MOST_CHARACTERS ? null : attested;
}

/** What judging such a vote again comes to. `missing`: an earlier voter whom it was not judged beside. */
export type PeopleJudged =
  | { readonly kind: "independent" | "dependent" | "unproven" }
  | { readonly kind: "missing"; readonly account: string };

/**
 * Judges again, by the rule that every vote is judged by, whether a voter is another person than those who approved before.
 *
 * @param attested what the vote's entry says of it
 * @param voter the account that cast it; `earlier`: those whose approvals stood by then
 */
export function judgePeople(attested: unknown, voter: string, earlier: readonly string[]): PeopleJudged {
  const read = AttestedPeople.safeParse(attested);
  if (!read.success) return { kind: "unproven" };
  const { me, beside, ties, dris } = read.data;
  const absent = [voter, ...earlier].find((id) => ![me, ...beside].some(({ account }) => account === id));
  if (absent !== undefined || me.account !== voter) return { kind: "missing", account: absent ?? voter };
  const facts: PeopleFacts = {
    persons: new Map([me, ...beside].map(({ account, person }) => [account, person])),
    names: new Map(),
    ties: ties.map(({ member, by, kind, until }) => ({ memberId: member, byId: by, kind, until: new Date(until) })),
    lateDris: dris.map(({ account, until }) => ({ memberId: account, until: new Date(until) })),
    coolingOffHours: 0,
  };
  const sideOf = ({ account, answers_for }: z.infer<typeof Account>): Side => ({
    memberId: account,
    answersFor: answers_for,
  });
  const mine = sideOf(me);
  const isLate = facts.lateDris.some(({ memberId }) => me.answers_for.includes(memberId));
  const isDependent = beside.some((one) => dependence(mine, sideOf(one), facts) !== null);
  return { kind: isLate || isDependent ? "dependent" : "independent" };
}
