import "server-only";

import { v7 as uuidv7 } from "uuid";
import type { z } from "zod";

import { Display } from "@/lib/core/approvals/display";
import { type EffectView, effectView } from "@/lib/core/approvals/effect";
import { type Gate, gateOf } from "@/lib/core/approvals/gate";
import { REFUSALS } from "@/lib/core/approvals/refusal-words";
import { rulesOf } from "@/lib/core/approvals/rules";
import {
  type Approval,
  type ApprovalState,
  CastVoteInput,
  quorumOf,
  type VoteVerdict,
} from "@/lib/core/approvals/schema";
import { castVote as answerVote, type VoteAnswer } from "@/lib/core/approvals/vote";
import { attestPeople } from "@/lib/core/people/attested";
import { NO_FACTS } from "@/lib/core/people/independence";
import type { CalibrationFeedback } from "@/lib/core/reviewers/calibration";
import { digestOf } from "@/lib/core/shared/digest";
import { AppError } from "@/lib/core/shared/errors";
import type { JsonObject } from "@/lib/core/shared/json";
import {
  findApproval,
  findVoter,
  insertVote,
  joinWorkspace,
  listVotes,
  lockApproval,
  settleApproval,
  type StoredApproval,
} from "@/lib/data/approvals";
import { creditLook, findAttention } from "@/lib/data/attention";
import { transact, type Tx } from "@/lib/data/db";
import { findDelegator } from "@/lib/data/delegations";
import { insertOutboxEvent } from "@/lib/data/ledger";
import { findPeopleFacts } from "@/lib/data/people";
import { stepUpSince } from "@/lib/data/step-up";
import { findSettings } from "@/lib/data/workspaces";

import { settleCalibration, withSecondReviewer } from "../calibration/settle-calibration";
import { type MemberActor, requireMember, type ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { record } from "../ledger/record";
import { countingCodes, takeCode } from "../step-up/check-code";

/** Where the request stands after the vote. */
export type CastVoteResult = {
  readonly state: ApprovalState;
  readonly votes: number;
  readonly quorum: number;
  /** Set when this was a calibration item: what there was to see. */
  readonly calibration?: CalibrationFeedback;
  /** For so long the approval can be taken back; 0 when it is final. */
  readonly undo_seconds: number;
};

/**
 * Records a person's answer to a waiting request, and settles it when that is enough.
 *
 * The row is locked before the votes are read, so of an approval and a denial at once the second sees the first. What
 * was on the voter's screen is named by its digest; what approving takes is counted here again, by the same rule, and a
 * code is used up together with the vote it was given for.
 *
 * @throws {AppError} `not_found`; `forbidden` (`self_approval`, `not_independent`, `role_missing`, `screen_only`,
 *   `step_up_missing`);
 *   `conflict` (`stale_view`, `already_voted`, `already_decided`, `approval_expired`, `approval_withdrawn`,
 *   `workspace_stopped`); `unprocessable` (`display_digest_missing`, `note_missing`, `evidence_missing`, `code_wrong`,
 *   `code_used`); `too_early`; `over_limit` (`too_many_codes`)
 */
export async function castVote(ctx: ServiceContext, given: z.input<typeof CastVoteInput>): Promise<CastVoteResult> {
  const actor = requireMember(ctx);
  const parsed = CastVoteInput.safeParse(given);
  if (!parsed.success) throw new AppError("invalid_input", "This is no vote.", { cause: parsed.error });
  const input = parsed.data;
  const vote = () => transact(ctx.db, (tx) => voteIn(tx, ctx, actor, input));
  const hasCode = input.verdict === "approve" && input.evidence?.totp !== undefined;
  return hasCode ? countingCodes(ctx, vote) : vote();
}

async function voteIn(tx: Tx, ctx: ServiceContext, actor: MemberActor, input: CastVoteInput): Promise<CastVoteResult> {
  const stopped = await joinWorkspace(tx, ctx.workspaceId);
  const locked = await lockApproval(tx, ctx.workspaceId, input.approval_id);
  const stored = locked ? await findApproval(tx, ctx.workspaceId, input.approval_id) : null;
  if (!stored) throw new AppError("not_found", "There is no such approval.");

  const { now } = stored;
  // The ledger takes the database's time, the one the vote was judged by.
  const at = { ...ctx, now };
  const approval = await withSecondReviewer(tx, at, stored.approval, input.verdict);
  const votes = await listVotes(tx, ctx.workspaceId, approval.id);
  const { answer, gate, people } = await judge(tx, ctx, actor, {
    input,
    stored: { ...stored, approval },
    votes,
    stopped,
  });
  if (!answer.ok) throw refusalOf(answer);
  if (gate.totp) await takeCode(tx, ctx, actor.memberId, input.evidence?.totp ?? "");
  const calibration = await settleCalibration(tx, at, { approvalId: approval.id, verdict: input.verdict });
  if (calibration) return { state: answer.state, votes: 1, quorum: quorumOf(approval), undo_seconds: 0, calibration };

  const standsInFor = await findDelegator(tx, ctx.workspaceId, actor.memberId, approval.approverRole);
  await insertVote(tx, ctx.workspaceId, {
    id: uuidv7(),
    approvalId: approval.id,
    memberId: actor.memberId,
    verdict: input.verdict,
    note: input.note,
    displayDigest: input.display_digest ?? "",
    forMember: standsInFor,
    at: now,
  });
  const subject = subjectOf(approval);
  const details = {
    ...subject,
    verdict: input.verdict,
    // What was on screen, if it was what is asked about; never a digest that could be guessed.
    display:
      input.display_digest === approval.displayDigest ? (approval.displayRef ?? input.display_digest ?? null) : null,
    noted: input.note !== "",
    ...(standsInFor !== null && { for: standsInFor }),
    ...(gate.totp && { code: true }),
    // By what the voter counted as another person than those before, so that it can be judged again far from here.
    ...(people !== null && { people }),
  };
  // An independent second review must hear of the first no more than that something changed.
  await record(tx, at, "approval.vote", details, { approval_id: approval.id });
  if (answer.state !== "waiting") await settle(tx, at, approval, { ...answer, gate, input, votes: votes.length + 1 });
  const undo_seconds = answer.state === "approved" ? gate.undoSeconds : 0;
  return { state: answer.state, votes: votes.length + 1, quorum: quorumOf(approval), undo_seconds };
}

type Settled = {
  readonly state: "waiting" | "approved" | "denied" | "returned";
  readonly gate: Gate;
  readonly input: CastVoteInput;
  readonly votes: number;
};

async function settle(
  tx: Tx,
  at: ServiceContext,
  approval: Approval,
  { state, gate, input, votes }: Settled,
): Promise<void> {
  if (state === "waiting") return;
  const undoSeconds = state === "approved" ? gate.undoSeconds : 0;
  const note = state === "approved" ? null : input.note;
  await settleApproval(tx, at.workspaceId, approval, { state, note, at: at.now, grantId: uuidv7(), undoSeconds });
  const details = { ...subjectOf(approval), state, votes, quorum: quorumOf(approval) };
  await record(tx, at, "approval.settle", undoSeconds > 0 ? { ...details, undo_seconds: undoSeconds } : details);
  // What can still be taken back is told when it no longer can: until then the agent has to wait.
  if (undoSeconds > 0) return;
  const payload = { approval_id: approval.id, state };
  await insertOutboxEvent(tx, at.workspaceId, { topic: "approval.settled", payload });
}

const subjectOf = (approval: Approval) => ({
  approval_id: approval.id,
  decision_id: approval.decisionId,
  action: approval.actionRef ?? approval.actionDigest,
});

/** The page begins to count a moment before we hear of it; nobody is sent back for that moment. */
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
): Promise<{ readonly answer: VoteAnswer; readonly gate: Gate; readonly people: JsonObject | null }> {
  const { approval, now } = stored;
  const member = await findVoter(tx, ctx.workspaceId, actor.memberId);
  if (!member) throw new AppError("forbidden", "You are no member of this workspace.", { reason: "role_missing" });
  const view = viewOf(stored, input.verdict);
  const rules = rulesOf(await findSettings(tx, ctx.workspaceId));
  const gate = gateOf(input.verdict, approval.band, actor.via, view, rules);
  const attention = await attentionTo(tx, ctx, actor, input);
  const evidence = {
    partsViewed: input.evidence?.parts_viewed ?? [],
    acknowledged: input.evidence?.acknowledged ?? [],
    dwellSeconds: (attention?.seconds ?? 0) + GRACE_SECONDS,
    note: input.note,
    typedCount: input.evidence?.typed_count ?? null,
    totp: input.evidence?.totp !== undefined,
  };
  const { verdict, display_digest: displayDigest } = input;
  const shownSeconds = attention?.shownSeconds ?? null;
  const takesTwo = input.verdict === "approve" && quorumOf(approval) > 1;
  const people = takesTwo ? await findPeopleFacts(tx, ctx.workspaceId, approval.agentId) : NO_FACTS;
  const enrolled = !gate.totp || (await stepUpSince(tx, ctx.workspaceId, actor.memberId)) !== null;
  const cast = {
    approval,
    votes,
    member,
    people,
    verdict,
    displayDigest,
    gate,
    evidence,
    shownSeconds,
    enrolled,
    stopped,
    now,
  };
  const me = { memberId: member.id, answersFor: member.answersFor };
  const approved = votes.filter((one) => one.verdict === "approve");
  return { answer: answerVote(cast), gate, people: takesTwo ? attestPeople(me, approved, people) : null };
}

/** What is judged, as its reviewer is shown it. Refusing what one cannot see is allowed. */
function viewOf(stored: StoredApproval, verdict: VoteVerdict): EffectView {
  if (verdict === "approve" && digestOf(sha256Hex, stored.display) !== stored.approval.displayDigest) {
    throw new AppError("conflict", "What is stored is not what was shown. It cannot be approved.", {
      reason: "display_damaged",
    });
  }
  const display = Display.safeParse(stored.display);
  if (!display.success && verdict === "approve") {
    throw new AppError("conflict", "This version cannot show the action, so it cannot be approved here.", {
      reason: "display_unreadable",
    });
  }
  return effectView(display.success ? display.data : { args: {}, effect: null, headline: NO_HEADLINE });
}

/** How long this person has looked, by our count; the time since the last beat counts while they still look. */
async function attentionTo(tx: Tx, ctx: ServiceContext, actor: MemberActor, input: CastVoteInput) {
  if (input.verdict !== "approve" || input.display_digest === undefined) return null;
  const { approval_id: approvalId, display_digest: displayDigest } = input;
  const look = { approvalId, memberId: actor.memberId, displayDigest };
  const before = await findAttention(tx, ctx.workspaceId, look);
  // A program has no screen: what it has is the time since it read the request for the first time.
  if (actor.via === "token") return before && { ...before, seconds: before.shownSeconds };
  if (before === null || input.evidence?.looking !== true) return before;
  const seconds = await creditLook(tx, ctx.workspaceId, look, false);
  return { ...before, seconds: seconds ?? before.seconds };
}

const NO_HEADLINE = { verb: "", count: null, unit: null, resource: "", environment: "", reversibility: "" };

function refusalOf(answer: Extract<VoteAnswer, { ok: false }>): AppError {
  const { code, message: plain } = REFUSALS[answer.why];
  const message = answer.words ?? plain;
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
  if (code === "totp") return "/evidence/totp";
  return code === "count" ? "/evidence/typed_count" : "/evidence";
}
