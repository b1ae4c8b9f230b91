import "server-only";

import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";

import { Display } from "@/lib/core/approvals/display";
import { effectView } from "@/lib/core/approvals/effect";
import { gateOf } from "@/lib/core/approvals/gate";
import { REFUSALS } from "@/lib/core/approvals/refusal-words";
import { type ApprovalState, CastVoteInput, quorumOf } from "@/lib/core/approvals/schema";
import { castVote as answerVote, type VoteAnswer } from "@/lib/core/approvals/vote";
import type { CalibrationFeedback } from "@/lib/core/reviewers/calibration";
import { digestOf } from "@/lib/core/shared/digest";
import { AppError } from "@/lib/core/shared/errors";
import {
  findApproval,
  findVoter,
  insertVote,
  joinWorkspace,
  listVotes,
  lockApproval,
  secondsSinceView,
  settleApproval,
  type StoredApproval,
} from "@/lib/data/approvals";
import { transact, type Tx } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";

import { settleCalibration, withSecondReviewer } from "../calibration/settle-calibration";
import { type MemberActor, requireMember, type ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { record } from "../ledger/record";

/** Where the request stands after the vote. */
export type CastVoteResult = {
  readonly state: ApprovalState;
  readonly votes: number;
  readonly quorum: number;
  /** Set when this was a calibration item: what there was to see. */
  readonly calibration?: CalibrationFeedback;
};

/**
 * Records a person's answer to a waiting request, and settles it when that is enough.
 *
 * The row is locked before the votes are read, so of an approval and a denial at once the second sees the first. What
 * was on the voter's screen is named by its digest; what approving takes is counted here again, by the same rule.
 *
 * @throws {AppError} `not_found`; `forbidden` (`self_approval`, `role_missing`, `screen_only`); `conflict` (`stale_view`,
 *   `already_voted`, `already_decided`, `approval_expired`, `approval_withdrawn`, `workspace_stopped`); `unprocessable`
 *   (`display_digest_missing`, `note_missing`, `evidence_missing`)
 */
export async function castVote(ctx: ServiceContext, given: z.input<typeof CastVoteInput>): Promise<CastVoteResult> {
  const actor = requireMember(ctx);
  const parsed = CastVoteInput.safeParse(given);
  if (!parsed.success) throw new AppError("invalid_input", "This is no vote.", { cause: parsed.error });
  const input = parsed.data;

  return transact(ctx.db, async (tx) => {
    const stopped = await joinWorkspace(tx, ctx.workspaceId);
    const locked = await lockApproval(tx, ctx.workspaceId, input.approval_id);
    const stored = locked ? await findApproval(tx, ctx.workspaceId, input.approval_id) : null;
    if (!stored) throw new AppError("not_found", "There is no such approval.");

    const { now } = stored;
    // The ledger takes the database's time, the one the vote was judged by.
    const at = { ...ctx, now };
    const approval = await withSecondReviewer(tx, at, stored.approval, input.verdict);
    const votes = await listVotes(tx, ctx.workspaceId, approval.id);
    const answer = await judge(tx, ctx, actor, { input, stored: { ...stored, approval }, votes, stopped });
    if (!answer.ok) throw refusalOf(answer);
    const calibration = await settleCalibration(tx, at, { approvalId: approval.id, verdict: input.verdict });
    if (calibration) return { state: answer.state, votes: 1, quorum: quorumOf(approval), calibration };

    const vote = {
      id: uuidv7(),
      approvalId: approval.id,
      memberId: actor.memberId,
      verdict: input.verdict,
      note: input.note,
      at: now,
    };
    await insertVote(tx, ctx.workspaceId, { ...vote, displayDigest: input.display_digest ?? "" });
    const subject = {
      approval_id: approval.id,
      decision_id: approval.decisionId,
      action: approval.actionRef ?? approval.actionDigest,
    };
    await record(tx, at, "approval.vote", {
      ...subject,
      verdict: input.verdict,
      // What was on screen, if it was what is asked about; never a digest that could be guessed.
      display: input.display_digest === approval.displayDigest ? (approval.displayRef ?? input.display_digest) : null,
      noted: input.note !== "",
    });
    if (answer.state !== "waiting") {
      const note = answer.state === "approved" ? null : input.note;
      await settleApproval(tx, ctx.workspaceId, approval, { state: answer.state, note, at: now, grantId: uuidv7() });
      await record(tx, at, "approval.settle", {
        ...subject,
        state: answer.state,
        votes: votes.length + 1,
        quorum: quorumOf(approval),
      });
      const settled = { approval_id: approval.id, state: answer.state };
      await insertOutboxEvent(tx, ctx.workspaceId, { topic: "approval.settled", payload: settled });
    }
    return { state: answer.state, votes: votes.length + 1, quorum: quorumOf(approval) };
  });
}

/** The screen begins to count a moment before we hear of it; nobody is sent back for that moment. */
const GRACE_SECONDS = 1;

type Judged = {
  readonly input: CastVoteInput;
  readonly stored: StoredApproval;
  readonly votes: Awaited<ReturnType<typeof listVotes>>;
  readonly stopped: boolean;
};

async function judge(
  tx: Tx,
  ctx: ServiceContext,
  actor: MemberActor,
  { input, stored, votes, stopped }: Judged,
): Promise<VoteAnswer> {
  const { approval, now } = stored;
  const member = await findVoter(tx, ctx.workspaceId, actor.memberId);
  if (!member) throw new AppError("forbidden", "You are no member of this workspace.", { reason: "role_missing" });
  if (input.verdict === "approve" && digestOf(sha256Hex, stored.display) !== approval.displayDigest) {
    throw new AppError("conflict", "What is stored is not what was shown. It cannot be approved.", {
      reason: "display_damaged",
    });
  }
  const display = Display.safeParse(stored.display);
  if (!display.success && input.verdict === "approve") {
    throw new AppError("conflict", "This version cannot show the action, so it cannot be approved here.", {
      reason: "display_unreadable",
    });
  }
  const view = effectView(display.success ? display.data : { args: {}, effect: null, headline: NO_HEADLINE });
  const evidence = {
    partsViewed: input.evidence?.parts_viewed ?? [],
    acknowledged: input.evidence?.acknowledged ?? [],
    dwellSeconds: (await secondsSinceView(tx, ctx.workspaceId, approval.id, actor.memberId)) + GRACE_SECONDS,
    note: input.note,
    typedCount: input.evidence?.typed_count ?? null,
  };
  const gate = gateOf(input.verdict, approval.band, actor.via, view);
  const { verdict, display_digest: displayDigest } = input;
  return answerVote({ approval, votes, member, verdict, displayDigest, gate, evidence, stopped, now });
}

const NO_HEADLINE = { verb: "", count: null, unit: null, resource: "", environment: "", reversibility: "" };

function refusalOf(answer: Extract<VoteAnswer, { ok: false }>): AppError {
  const { code, message } = REFUSALS[answer.why];
  const faults = (answer.missing ?? []).map((left) => ({
    code: left.code,
    path: pathOf(left.code),
    message: left.words,
  }));
  const sentence =
    faults.length === 0 ? message : `${message} Missing: ${faults.map((fault) => fault.message).join("; ")}.`;
  return new AppError(code, sentence, { reason: answer.why, faults });
}

function pathOf(code: string): string {
  if (code === "note") return "/note";
  return code === "count" ? "/evidence/typed_count" : "/evidence";
}
