import { type Dependence, dependence, type PeopleFacts, type Side } from "@/lib/core/people/independence";
import { dependenceText } from "@/lib/core/people/words";

import type { Stop } from "./stop";

/** An allowance in the units of the run's row. */
export type RunAllowance = { readonly steps: number; readonly seconds: number; readonly costMicros: number };

/** Someone's consent to end a stop, as it was given. */
export type GivenConsent = { readonly memberId: string; readonly allowance: RunAllowance };

type Asked = {
  readonly scope: Stop["scope"];
  readonly by: string;
  readonly allowance: RunAllowance;
  /** The consents given so far. */
  readonly given: readonly GivenConsent[];
  /** Everyone who may resume now: active operators and administrators, with the duties they carry. */
  readonly operators: readonly Side[];
  /** Who answers for the stopped agent, or for the agent of the stopped run, or did so lately. */
  readonly dris: readonly string[];
  readonly people: PeopleFacts;
};

export type ConsentRefusal =
  | "role_missing"
  | "own_agent"
  | "second_operator_needed"
  | "already_consented"
  | "not_independent"
  | "allowance_differs"
  | "allowance_without_run";

/** `ends` when this consent is the second that counts. */
export type ConsentAnswer =
  | { readonly ok: true; readonly ends: boolean }
  | { readonly ok: false; readonly why: ConsentRefusal; readonly words?: string };

/**
 * Whether this person's consent is taken, and whether it ends the stop (invariant 16).
 *
 * Two independent people are needed, neither of them the agent's DRI now or lately, and both must still be allowed to
 * resume at the moment of the second consent: one who lost the role no longer counts. Where nobody else holds the role,
 * the first is refused, so that the stop does not look half resumed. A person who named another allowance before may
 * name a new one.
 */
export function giveConsent({ scope, by, allowance, given, operators, dris, people }: Asked): ConsentAnswer {
  const me = operators.find(({ memberId }) => memberId === by) ?? { memberId: by, answersFor: [by] };
  if (answersForAny(me, dris)) return { ok: false, why: "own_agent" };
  const eligible = operators.filter((side) => !answersForAny(side, dris));
  if (!eligible.includes(me)) return { ok: false, why: "role_missing" };
  const others = eligible.filter((side) => dependence(me, side, people)?.why !== "same_person");
  if (others.length === 0) return { ok: false, why: "second_operator_needed" };
  if (scope !== "run" && !isSame(allowance, NOTHING_EXTRA)) return { ok: false, why: "allowance_without_run" };
  const before = given.find((consent) => consent.memberId === by);
  if (before && isSame(before.allowance, allowance)) return { ok: false, why: "already_consented" };
  const found = given.flatMap((consent) => {
    const side = eligible.find(({ memberId }) => memberId === consent.memberId && memberId !== by);
    return side ? [{ consent, why: dependence(me, side, people) }] : [];
  });
  const counting = found.filter(({ why }) => why === null);
  const dependent = found.find(({ why }) => why !== null)?.why ?? null;
  if (counting.length === 0 && dependent !== null)
    return { ok: false, why: "not_independent", words: notSecondText(dependent, people) };
  if (counting.some(({ consent }) => !isSame(consent.allowance, allowance)))
    return { ok: false, why: "allowance_differs" };
  return { ok: true, ends: counting.length > 0 };
}

/**
 * Why this person cannot be the second beside those who consented already, in words; null when they can, and while
 * nobody has.
 */
export function whyNotSecond(me: Side, consented: readonly Side[], people: PeopleFacts): string | null {
  const found = consented
    .filter(({ memberId }) => memberId !== me.memberId)
    .map((side) => dependence(me, side, people));
  const [first] = found;
  return first && found.every((why) => why !== null) ? notSecondText(first, people) : null;
}

const notSecondText = (found: Dependence, people: PeopleFacts): string =>
  `This takes two independent people, and you cannot be the second now. ${dependenceText(found, people)}`;

const answersForAny = ({ answersFor }: Side, ids: readonly string[]): boolean =>
  answersFor.some((id) => ids.includes(id));

/** No more than the manifest's bounds. */
export const NOTHING_EXTRA: RunAllowance = Object.freeze({ steps: 0, seconds: 0, costMicros: 0 });

const isSame = (a: RunAllowance, b: RunAllowance): boolean =>
  a.steps === b.steps && a.seconds === b.seconds && a.costMicros === b.costMicros;

/** What each refusal says to the person who gave the consent. */
export const CONSENT_REFUSALS: Readonly<Record<ConsentRefusal, string>> = {
  role_missing: "Only an operator or an administrator can resume.",
  own_agent: "You answer or lately answered for this agent. Two other people have to resume it.",
  second_operator_needed:
    "Two independent people have to resume this, and nobody but you may. Invite a second operator on the People page first.",
  not_independent: "This takes two independent people, and you cannot be the second now.",
  already_consented: "You have consented already. A second person has to do so as well.",
  allowance_differs:
    "The first person named another allowance for this run. Name the same numbers, or ask them to name new ones.",
  allowance_without_run: "Only a run can be given more than its bounds.",
};

/** Why this person may not consent now, for a button that says so; null when they may. */
export function whyNotConsent(
  person: { readonly id: string; readonly mayResume: boolean },
  stop: {
    readonly scope: Stop["scope"];
    readonly driId: string | null;
    readonly consents: Stop["consents"];
    readonly not_second: string | null;
  },
): string | null {
  if (!person.mayResume) return "Only an operator can resume.";
  if (person.id === stop.driId) return "You answer for this agent; two others have to resume it.";
  // Of a run, the same person may still name another allowance.
  const consented = stop.scope !== "run" && stop.consents.some((consent) => consent.member_id === person.id);
  return consented ? "You have consented; a second person has to." : stop.not_second;
}
