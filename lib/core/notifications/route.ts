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
  /** Whether as many people as it takes have the request before them now. */
  readonly claimed: boolean;
};

/** Owners first, then whoever is on call, then everybody who may answer. */
export const ROUTE_STEPS = ["owners", "on_call", "escalated"] as const;
export type RouteStep = (typeof ROUTE_STEPS)[number];

/** When the person on call hears of a request that its agent's owners could have answered, in shares of its time. */
export const ON_CALL_AT = 0.25;
export const ESCALATE_AT = 0.5;

/** How far a request has come, and who should know by then. `claimed` is no step: when it is given back, the route goes on. */
export type Route = { readonly step: RouteStep | "claimed"; readonly tell: readonly string[] };

/**
 * Who should have been told of a waiting request by now. Telling again is the caller's to avoid.
 *
 * The agent's owners hear at once. Where none of them may answer, so does the person on call, and everybody who may
 * answer where nobody is on call: a request never starts with nobody to answer it. At half of its time all who may
 * answer and the administrators are told. People who have taken it silence the rest, up to the escalation.
 */
export function routeOf(facts: RouteFacts, now: Date): Route {
  const share = shareOf(facts, now);
  const { eligible, onCall } = facts;
  const owners = facts.owners;
  if (share >= ESCALATE_AT) {
    return { step: "escalated", tell: unique([...owners, ...eligible, ...facts.admins]) };
  }
  if (facts.claimed) return { step: "claimed", tell: [] };
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
