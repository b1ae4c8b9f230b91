import type { Environment, Level } from "@/lib/core/agents/schema";
import { quorumOf } from "@/lib/core/approvals/schema";

import type { Reach } from "./facets";
import type { ApprovalFault } from "./facts";
import type { Band } from "./schema";

/*
 * What stands in the database when a batch of calls is judged, as `batch_open` returns it. All of it was read under the
 * batch's locks. Times are seconds since 1970 by the database's clock, money is USD in millionths.
 */

/** The agent of a call. `fresh`: nothing about it changed since its policy was read. `alive`: its credential is valid. */
export type StandingCaller = {
  readonly fresh: boolean;
  readonly alive: boolean;
  readonly handle: string;
  readonly level: Level;
  readonly environment: Environment;
  /** Who answers for the agent now. */
  readonly dri: string;
};

/** A locked run. `waited`: seconds of it spent waiting for people, added up only where it may matter. */
export type StandingRun = {
  readonly id: string;
  readonly session: string;
  state: "running" | "halted" | "ended";
  haltedReason: string | null;
  steps: number;
  allowed: number;
  asked: number;
  refused: number;
  costMicros: number;
  readonly extraSteps: number;
  readonly extraSeconds: number;
  readonly extraCostMicros: number;
  lastAction: string | null;
  sameCalls: number;
  /** How far its allowed calls reached; null when that is not known, which counts at its worst. */
  reach: Reach | null;
  readonly startedAt: number;
  readonly waited: number;
};

/** What an agent has used or holds today. `incidents`: rules of its open incidents of the last day. */
export type StandingDay = {
  costMicros: number;
  tokens: number;
  readonly incidents: string[];
};

/** Failures in a row of one agent's tool. */
export type StandingBreaker = { readonly failures: number; readonly failedAt: number; trialAt: number | null };

/**
 * Failures in a row of a system that tools depend on, across all agents of the workspace, with the workspace's limits.
 * `agents` made those calls.
 */
export type StandingDependency = {
  readonly failures: number;
  readonly agents: number;
  readonly failedAt: number;
  trialAt: number | null;
  readonly opensAt: number;
  readonly coolDownSeconds: number;
};

/** One person's answer to a request, and what is true of that person now. */
export type StandingVote = {
  readonly verdict: "approve" | "deny" | "return";
  /** The account that voted. */
  readonly member: string;
  readonly person: string;
  readonly disabled: boolean;
  readonly roles: readonly string[];
  /** The members this person answered for when voting: their own accounts, and those they stood in for. */
  readonly answersFor: readonly string[];
  /** The accounts that count as one person with this one now. */
  readonly tied: readonly string[];
  /** The members who became or ceased to be the agent's DRI less than a cooling-off period before the vote, or since. */
  readonly driLately: readonly string[];
};

/** A locked request for people. `votes` only where a call names it. */
export type StandingApproval = {
  readonly id: string;
  readonly agent: string;
  readonly decision: string;
  readonly action: string;
  state: "waiting" | "approved" | "denied" | "returned" | "expired" | "withdrawn" | "superseded" | "consumed";
  readonly expiresAt: number;
  readonly expiresIso: string;
  readonly band: Band;
  readonly quorum: number;
  readonly approverRole: string;
  readonly separationOfDuties: boolean;
  readonly driAtRequest: string;
  readonly note: string | null;
  readonly actionRef: string | null;
  readonly base: string | null;
  baseMoved: boolean;
  readonly shown: string | null;
  /** From when its grant may be used; null without one. */
  readonly usableAt: number | null;
  /** In the order in which they were cast. */
  readonly votes: readonly StandingVote[] | null;
};

/** How an agent stands that may ask people. `since` begins a series of refusals for asking too much. */
export type StandingAsking = {
  readonly repeatSeconds: number;
  readonly most: number;
  waiting: number;
  since: number | null;
  refused: number;
  pausedUntil: number | null;
};

/** A person's latest refusal of the very call, within the time it holds. */
export type StandingRefusal = {
  readonly verdict: "denied" | "returned";
  readonly at: number;
  readonly note: string | null;
};

/** What a call brings that names an approval. `dri` answers for the agent now. */
export type NamingCall = {
  readonly agent: string;
  readonly action: string;
  readonly base: string | null;
  readonly dri: string;
};

/**
 * Why an approval cannot be used for a call at a moment; null when it can. Every voter is judged as they are now. A vote
 * counts for nothing when its account was disabled or lost the role, when its voter answers or lately answered for the
 * agent, and when its voter counts as one person with an earlier voter.
 */
export function faultOf(
  approval: StandingApproval | undefined,
  call: NamingCall,
  seconds: number,
): ApprovalFault | null {
  if (approval === undefined || approval.agent !== call.agent) return "approval_not_found";
  if (approval.action !== call.action) return "approval_action_mismatch";
  const { state } = approval;
  if (state === "consumed") return "approval_consumed";
  if (state === "denied" || state === "returned") return "approval_denied";
  if (state === "expired" || !(approval.expiresAt > seconds)) return "approval_expired";
  if (state === "withdrawn" || state === "superseded" || state === "waiting") return `approval_${state}`;
  if (approval.usableAt === null || !(approval.usableAt <= seconds)) return "approval_waiting";
  if (!hasQuorum(approval, call.dri)) return "quorum_lost";
  return approval.base === null || approval.base === call.base ? null : "approval_base_moved";
}

function hasQuorum(approval: StandingApproval, dri: string): boolean {
  const { votes } = approval;
  if (votes === null || votes.some(({ verdict }) => verdict !== "approve")) return false;
  const counting = votes.filter((vote) => mayCount(vote, approval, dri));
  const independent = counting.filter(
    (vote, place) => !counting.slice(0, place).some((earlier) => dependsOn(vote, earlier)),
  );
  return new Set(independent.map(({ person }) => person)).size >= quorumOf(approval);
}

function mayCount(vote: StandingVote, approval: StandingApproval, dri: string): boolean {
  const { separationOfDuties, driAtRequest, approverRole } = approval;
  if (vote.disabled || !vote.roles.includes(approverRole)) return false;
  if (separationOfDuties && overlap(vote.answersFor, [driAtRequest, dri])) return false;
  const asksForIndependence = separationOfDuties || quorumOf(approval) > 1;
  return !(asksForIndependence && overlap(vote.answersFor, vote.driLately));
}

/** Whether two people count as one: by ties, or because one stood in for the other or both for the same person. */
function dependsOn(vote: StandingVote, earlier: StandingVote): boolean {
  if (earlier.person === vote.person) return false;
  return vote.tied.includes(earlier.member) || overlap(earlier.answersFor, vote.answersFor);
}

const overlap = (some: readonly string[], others: readonly string[]): boolean => some.some((id) => others.includes(id));
