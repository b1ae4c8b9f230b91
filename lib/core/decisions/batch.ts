import type { Likeness } from "@/lib/core/approvals/likeness";
import type { CompiledManifest } from "@/lib/core/manifests/compile";

import type { Remaining } from "./answer";
import type { Call, Decision, Facts, Reserves, RunFacts, Tally } from "./schema";
import type {
  StandingApproval,
  StandingAsking,
  StandingBreaker,
  StandingCaller,
  StandingDay,
  StandingDependency,
  StandingRefusal,
  StandingRun,
} from "./standing";

/** What all calls of a batch share. Judging a call changes it for those after it. */
export type Batch = {
  /** Seconds since 1970 by the database's clock: one moment for the whole batch. */
  readonly seconds: number;
  readonly newId: () => string;
  /** By agent. */
  readonly days: ReadonlyMap<string, StandingDay>;
  readonly asking: ReadonlyMap<string, StandingAsking>;
  /** By `placeOf(agent, tool)`. */
  readonly breakers: ReadonlyMap<string, StandingBreaker>;
  /** By name. Of the dependencies that calls of this batch have, those that failed since they last succeeded. */
  readonly dependencies: ReadonlyMap<string, StandingDependency>;
  readonly approvals: Map<string, StandingApproval>;
  /** The request that waits for an action, by `placeOf(agent, action)`. */
  readonly waiting: Map<string, StandingApproval>;
  /** What calls of this batch added to counts, by `placeOf(scope, key)`. */
  readonly added: Map<string, number>;
};

/** One name for two things that belong together. */
export const placeOf = (one: string, other: string) => `${one} ${other}`;

/** A tally with the digest that it is counted under. */
export type StoredTally = Tally & { readonly digest: string };

/** A call as it comes to be judged: what was known of it before the locks. */
export type AskedCall = {
  readonly decisionId: string;
  readonly agentId: string;
  readonly compiled: CompiledManifest | null;
  readonly call: Call;
  /** The system that the tool depends on, by the catalogue; null when it names none. */
  readonly dependency: string | null;
  readonly facts: Facts;
  /** The digest of the action. */
  readonly action: string;
  readonly tallies: readonly StoredTally[];
  readonly likeness: () => Likeness;
};

/** What stands that is the call's own. `counted`: what is counted under each of its tallies. */
export type CallStanding = {
  readonly caller: StandingCaller;
  readonly run: StandingRun;
  /** Failed outcomes of this action in this run since it last succeeded. */
  readonly failed: number;
  readonly counted: readonly number[];
  readonly refusal: StandingRefusal | null;
};

/** A request that ended because of this call. */
export type SettledRequest = { readonly approval: StandingApproval; readonly was: "waiting" | "approved" };

/** What became of the question to people. */
export type Asked =
  | { readonly kind: "joined"; readonly id: string; readonly expiresIso: string }
  | {
      readonly kind: "opened";
      readonly id: string;
      readonly expiresAt: number;
      readonly superseded: readonly SettledRequest[];
      /** A request for the same action whose time was up before the job settled it. */
      readonly expired: StandingApproval | null;
    };

/** A daily budget that this call took over its warning mark. */
export type BudgetWarning = {
  readonly metric: "cost_micros" | "tokens";
  readonly used: number;
  readonly limit: number;
};

/** What one call came to, and what it leaves behind. */
export type Judgement = {
  readonly decision: Decision;
  /** The facts it was judged by, counts by place in `counts`. */
  readonly facts: Facts;
  readonly run: RunFacts;
  readonly counts: readonly number[] | null;
  /** Held while the call runs; nothing unless it is allowed. */
  readonly reserves: Reserves;
  readonly step: number;
  readonly remaining: Remaining;
  readonly asked: Asked | null;
  /** The approval this call used up. */
  readonly used: StandingApproval | null;
  /** The approval whose data moved, noted for the first time. */
  readonly moved: StandingApproval | null;
  /** The bound that halted the run, when this call did; `opensIncident` when people are to look at it. */
  readonly halt: {
    readonly rule: string;
    readonly code: string;
    readonly message: string;
    readonly opensIncident: boolean;
  } | null;
  readonly takesTrial: boolean;
  /** The dependency whose one trial this call is. */
  readonly dependencyTrial: string | null;
  /** How the agent stands that asked too much with this call. `isPaused` when this refusal paused it. */
  readonly flood: { readonly asking: StandingAsking; readonly isPaused: boolean } | null;
  readonly warnings: readonly BudgetWarning[];
};
