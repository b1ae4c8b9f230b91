import { paths } from "@/lib/core/shared/paths";

import type { Gate } from "./gate";
import { agentStateAt, type Approval, quorumOf, stateAt } from "./schema";

/** An approval as the API answers it, to the agent that asked and to people. Times are ISO in UTC. */
export type ApprovalAnswer = {
  readonly id: string;
  readonly state: string;
  readonly decision_id: string;
  readonly agent: string;
  readonly run_id: string;
  readonly tool: string;
  readonly band: string;
  readonly score: number;
  readonly manifest_version: number;
  readonly action_digest: string;
  readonly display_digest: string;
  readonly quorum: number;
  /** How many people have voted. Null while it waits, to everybody who has not: an independent review knows of no other. */
  readonly votes: number | null;
  /** What the person who denied or returned it wrote. */
  readonly note: string | null;
  readonly created_at: string;
  readonly expires_at: string;
  readonly settled_at: string | null;
  /** The decision that used it. */
  readonly consumed_by: string | null;
  /** The request that took its place, to be waited for instead. */
  readonly superseded_by: string | null;
  /** When it was refused to a call because the data had changed since it was approved. */
  readonly base_moved_at: string | null;
  /** When people asked for the dry run to be made again: ask again with what it finds. */
  readonly rerun_requested_at: string | null;
  readonly url: string;
};

/** What approving by token takes, for the program that holds it. */
export type Approving = {
  /** Set when it takes the desk: no answer by token will do. */
  readonly on_screen_only: boolean;
  /** Parts to name in `evidence.parts_viewed` and, where they cannot be shown whole, in `evidence.acknowledged`. */
  readonly parts: readonly string[];
  readonly acknowledge: readonly string[];
  /** Seconds since the approval was first read. */
  readonly seconds: number;
  /** Visible characters of the note. */
  readonly note_characters: number;
};

/** Writes what an answer costs as the API tells it. */
export function approvingOf(gate: Gate): Approving {
  return {
    on_screen_only: gate.screenOnly,
    parts: gate.parts.map(({ id }) => id),
    acknowledge: gate.acknowledge.map(({ id }) => id),
    seconds: gate.dwellSeconds,
    note_characters: gate.noteChars,
  };
}

/** Who reads an answer: the agent that asked, or a person who has voted or has not. */
export type Reader = "agent" | "voter" | "other";

/** Writes an approval as of `now`, expired even if no job has been there. */
export function approvalAnswer(
  approval: Approval,
  votes: number,
  reader: Reader,
  now: Date,
  origin: string,
): ApprovalAnswer {
  const state = reader === "agent" ? agentStateAt(approval, now) : stateAt(approval, now);
  const settled =
    state === "waiting" ? null : (approval.settledAt ?? (state === "expired" ? approval.expiresAt : null));
  return {
    id: approval.id,
    state,
    decision_id: approval.decisionId,
    agent: approval.agent,
    run_id: approval.runId,
    tool: approval.tool,
    band: approval.band,
    score: approval.score,
    manifest_version: approval.manifestVersion,
    action_digest: approval.actionDigest,
    display_digest: approval.displayDigest,
    quorum: quorumOf(approval),
    votes: state === "waiting" && reader !== "voter" ? null : votes,
    note: approval.note,
    created_at: approval.createdAt.toISOString(),
    expires_at: approval.expiresAt.toISOString(),
    settled_at: settled?.toISOString() ?? null,
    consumed_by: approval.consumedBy,
    superseded_by: approval.supersededBy,
    base_moved_at: approval.baseMovedAt?.toISOString() ?? null,
    rerun_requested_at: approval.rerunRequestedAt?.toISOString() ?? null,
    url: new URL(paths.approval(approval.id), origin).href,
  };
}
