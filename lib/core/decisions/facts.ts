import type { AgentStatus, Environment, Level } from "@/lib/core/agents/schema";

import type { Reach } from "./facets";

/**
 * What the engine may know besides manifest and catalogue. `null` is "not known" and never loosens an answer.
 *
 * `now` is the time the facts were gathered. `run` is the run as it stood before this call.
 */
export type Facts = {
  readonly now: Date;
  /** `readsOnly` while a workspace that was stopped comes back and nobody has confirmed it yet. */
  readonly workspace: { readonly stopped: boolean; readonly readsOnly: boolean };
  readonly agent: {
    readonly handle: string;
    readonly status: AgentStatus;
    readonly environment: Environment;
    readonly level: Level;
  };
  readonly run: RunFacts | null;
  readonly history: HistoryFacts | null;
  /** What had been counted under each tally of this call, by its key; a count that is not there is at its worst. */
  readonly tallies: Readonly<Record<string, number>> | null;
  /** How far the run's allowed calls reached before this one. */
  readonly reach: Reach | null;
  /** What the call's sources said last, for those that have said anything; for sources with `max_change`. */
  readonly readings: readonly SourceReading[] | null;
  /** What a call of this tool usually spends; absent where it does not matter. Unknown, the call holds a share instead. */
  readonly usual?: UsualSpend | null;
  /** What the commit found of this agent's requests for people; absent where nobody looked, as nothing would be asked. */
  readonly asking?: AskingFacts | null;
  /** What the commit found of the approval that the call names; absent where it names none, or nobody looked. */
  readonly approval?: NamedApprovalFacts | null;
};

/** An approval that a call names: why it cannot be used for this call now, or null when it can. */
export type NamedApprovalFacts = {
  readonly fault: ApprovalFault | null;
  /** What a person who denied it wrote; for the agent's reason only, and never stored with the facts. */
  readonly note?: string | null;
};

/** Why an approval cannot be used. */
export const APPROVAL_FAULTS = [
  "approval_not_found",
  "approval_action_mismatch",
  "approval_consumed",
  "approval_denied",
  "approval_expired",
  "approval_waiting",
  "approval_withdrawn",
  "approval_superseded",
  "approval_base_moved",
  "quorum_lost",
] as const;
export type ApprovalFault = (typeof APPROVAL_FAULTS)[number];

/** An agent's requests for people, as they stood when a call would have become one more. */
export type AskingFacts = {
  /** How long ago a person last refused this very call, in whole seconds; null when nobody did in the time looked back. */
  readonly refusedSecondsAgo: number | null;
  /** For how long such a refusal holds; 0 for not at all. */
  readonly repeatSeconds: number;
  /** Whether the agent asked for so much that it may ask for nothing. */
  readonly isPaused: boolean;
  /** Whether an equal request waits already, so that this one adds none. */
  readonly joins: boolean;
  /** How many of its requests wait, and how many may. */
  readonly waiting: number;
  readonly most: number;
  /** For the reason's words only, and never stored with the facts: what the person answered, and for how long it is paused. */
  readonly refusal?: { readonly verdict: "denied" | "returned"; readonly note: string | null } | null;
  readonly pausedSeconds?: number;
};

/** The last accepted numbers of one source about one subject, which its scope keys name. */
export type SourceReading = {
  readonly source: string;
  readonly subject: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number>>;
};

/** A run as it stood before this call: attempts made, seconds since its first call less time spent waiting for people. */
export type RunFacts = {
  readonly state: "running" | "halted" | "ended";
  /** What halted it, a rule or a person's words; for the reason's words only. */
  readonly haltedReason?: string | null | undefined;
  readonly steps: number;
  readonly elapsedSeconds: number;
  /** USD in millionths, settled and reserved together. */
  readonly costMicros: number;
  readonly refusals: number;
  /** Attempts directly before this one that were this very action, with no different outcome between. */
  readonly sameCalls: number;
  /** Failed outcomes of this very action in this run since it last succeeded. */
  readonly failures: number;
  /** This agent's failures of this tool in a row, how long ago the last was, and whether a trial call is out. */
  readonly breaker: { readonly failures: number; readonly secondsSince: number; readonly isTrialOut: boolean };
  /** The failures in a row of the system that the tool depends on; absent where it names none, or none failed lately. */
  readonly dependency?: DependencyFacts | null | undefined;
  /** USD in millionths and tokens this agent has used or holds on this UTC day. */
  readonly dayCostMicros: number;
  readonly dayTokens: number;
  /** What two people granted beyond the bounds when they let a halted run go on. */
  readonly extraSteps: number;
  readonly extraSeconds: number;
  readonly extraCostMicros: number;
};

/**
 * How the breaker of a dependency stood. Its limits are the workspace's settings and no part of the manifest, so they
 * stand beside the counts: whoever judges the call again needs nothing else.
 */
export type DependencyFacts = {
  readonly name: string;
  /** Calls in a row that failed, of whichever agent and tool, and how many agents made them, up to `MOST_AGENTS`. */
  readonly failures: number;
  readonly agents: number;
  /** How long ago the last one failed, and how long ago a trial call was let through whose outcome nobody knows yet. */
  readonly secondsSince: number;
  readonly trialSecondsAgo: number | null;
  /** From how many failures on calls are refused, and for how long. */
  readonly opensAt: number;
  readonly coolDownSeconds: number;
};

/**
 * What 95 of 100 of this agent's calls of a tool cost at most in the last 30 days, in millionths of a USD, and how many
 * tokens they used; null where fewer than 20 calls said.
 */
export type UsualSpend = { readonly costMicros: number | null; readonly tokens: number | null };

/**
 * This agent's last 30 days with this tool.
 *
 * `approvedThenRolledBack` counts approved calls that failed, were rolled back or were regretted by a person.
 * `targetSeen`: whether the tool was used on this call's target before; null when that is not known.
 */
export type HistoryFacts = {
  readonly uses: number;
  readonly rowsP99: number | null;
  readonly amountP99: number | null;
  readonly approvedThenRolledBack: number;
  readonly approved: number;
  readonly targetSeen: boolean | null;
};
