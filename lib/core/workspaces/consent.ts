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
  /** Everyone who may resume now: active operators and administrators. */
  readonly operators: ReadonlySet<string>;
  /** Who answers for the stopped agent, or for the agent of the stopped run. */
  readonly driId: string | null;
};

export type ConsentRefusal =
  | "role_missing"
  | "own_agent"
  | "second_operator_needed"
  | "already_consented"
  | "allowance_differs"
  | "allowance_without_run";

/** `ends` when this consent is the second that counts. */
export type ConsentAnswer =
  | { readonly ok: true; readonly ends: boolean }
  | { readonly ok: false; readonly why: ConsentRefusal };

/**
 * Whether this person's consent is taken, and whether it ends the stop (invariant 16).
 *
 * Two different people are needed, neither of them the agent's DRI, and both must still be allowed to resume at the
 * moment of the second consent: one who lost the role no longer counts. Where nobody could be the second, the first is
 * refused, so that the stop does not look half resumed. Whoever named another allowance before may name a new one.
 */
export function giveConsent({ scope, by, allowance, given, operators, driId }: Asked): ConsentAnswer {
  if (by === driId) return { ok: false, why: "own_agent" };
  const eligible = new Set([...operators].filter((id) => id !== driId));
  if (!eligible.has(by)) return { ok: false, why: "role_missing" };
  if (eligible.size < 2) return { ok: false, why: "second_operator_needed" };
  if (scope !== "run" && !isSame(allowance, NOTHING_EXTRA)) return { ok: false, why: "allowance_without_run" };
  const before = given.find((consent) => consent.memberId === by);
  if (before && isSame(before.allowance, allowance)) return { ok: false, why: "already_consented" };
  const others = given.filter((consent) => consent.memberId !== by && eligible.has(consent.memberId));
  if (others.some((consent) => !isSame(consent.allowance, allowance))) return { ok: false, why: "allowance_differs" };
  return { ok: true, ends: others.length > 0 };
}

/** No more than the manifest's bounds. */
export const NOTHING_EXTRA: RunAllowance = Object.freeze({ steps: 0, seconds: 0, costMicros: 0 });

const isSame = (a: RunAllowance, b: RunAllowance): boolean =>
  a.steps === b.steps && a.seconds === b.seconds && a.costMicros === b.costMicros;

/** What each refusal says to the person who gave the consent. */
export const CONSENT_REFUSALS: Readonly<Record<ConsentRefusal, string>> = {
  role_missing: "Only an operator or an administrator can resume.",
  own_agent: "You answer for this agent. Two other people have to resume it.",
  second_operator_needed:
    "Two different people have to resume this, and nobody but you may. Add a second operator in Settings first.",
  already_consented: "You have consented already. A second person has to do so as well.",
  allowance_differs:
    "The first person named another allowance for this run. Name the same numbers, or ask them to name new ones.",
  allowance_without_run: "Only a run can be given more than its bounds.",
};

/** Why this person may not consent now, for a button that says so; null when they may. */
export function whyNotConsent(
  person: { readonly id: string; readonly mayResume: boolean },
  stop: { readonly scope: Stop["scope"]; readonly driId: string | null; readonly consents: Stop["consents"] },
): string | null {
  if (!person.mayResume) return "Only an operator can resume.";
  if (person.id === stop.driId) return "You answer for this agent; two others have to resume it.";
  // Of a run, the same person may still name another allowance.
  const consented = stop.scope !== "run" && stop.consents.some((consent) => consent.member_id === person.id);
  return consented ? "You have consented; a second person has to." : null;
}
