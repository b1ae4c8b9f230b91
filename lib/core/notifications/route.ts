/** What deciding whom to tell takes. People are named by their ids. */
export type RouteFacts = {
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Who answers for the agent: its DRI and the owners its registration names. */
  readonly owners: readonly string[];
  /** Everyone who may answer this request now. */
  readonly eligible: ReadonlySet<string>;
  readonly onCall: string | null;
  readonly admins: readonly string[];
  /** Who has taken the request to look at it, while they hold it. */
  readonly claimedBy: string | null;
};

/** Owners first, then whoever is on call, then everybody who may answer. */
export type RouteStep = "owners" | "on_call" | "escalated";

/** When the person on call hears of a request that its agent's owners could have answered, in shares of its time. */
const ON_CALL_AT = 0.25;
const ESCALATE_AT = 0.5;

/**
 * Who should have been told of a waiting request by now. Telling again is the caller's to avoid.
 *
 * The agent's owners hear at once. Where none of them may answer, so does the person on call, and everybody who may
 * answer where nobody is on call: a request never starts with nobody to answer it. At half of its time all who may
 * answer and the administrators are told. Somebody who has taken it silences the rest, up to the escalation.
 */
export function routeOf(facts: RouteFacts, now: Date): { readonly step: RouteStep; readonly tell: readonly string[] } {
  const share = shareOf(facts, now);
  const { eligible, onCall, claimedBy } = facts;
  const owners = facts.owners;
  if (share >= ESCALATE_AT) {
    return { step: "escalated", tell: unique([...owners, ...eligible, ...facts.admins]) };
  }
  if (claimedBy !== null) return { step: "owners", tell: [] };
  const ownersCan = owners.some((id) => eligible.has(id));
  if (ownersCan && share < ON_CALL_AT) return { step: "owners", tell: unique(owners) };
  const called = onCall !== null && eligible.has(onCall) ? [onCall] : [...eligible];
  return { step: "on_call", tell: unique([...owners, ...called]) };
}

/** How much of its time a request has used, from 0 to 1. */
export function shareOf({ createdAt, expiresAt }: Pick<RouteFacts, "createdAt" | "expiresAt">, now: Date): number {
  const whole = expiresAt.getTime() - createdAt.getTime();
  if (whole <= 0) return 1;
  return Math.min(1, Math.max(0, (now.getTime() - createdAt.getTime()) / whole));
}

const unique = (ids: readonly string[]): readonly string[] => [...new Set(ids)];
