import "server-only";

import type { VoteVerdict } from "@/lib/core/approvals/schema";
import { type CalibrationFeedback, needsSecondReviewer, resultOf } from "@/lib/core/reviewers/calibration";
import type { Approval } from "@/lib/core/approvals/schema";
import {
  closeCalibrationItem,
  findCalibrationItem,
  findCalibrationRecord,
  listRecentResults,
  raiseQuorum,
} from "@/lib/data/calibration";
import type { Tx } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { feedbackOf } from "./feedback";
import { sealOf } from "./seal";

/**
 * Ends a calibration item with a person's answer, which has passed every rule a vote passes. No vote is stored, no grant
 * is made, and the ledger gets a seal: that it was one, and that nothing about it can be changed.
 *
 * @returns what to tell the person; null for a real request, which is left as it is
 */
export async function settleCalibration(
  tx: Tx,
  ctx: ServiceContext,
  { approvalId, verdict }: { readonly approvalId: string; readonly verdict: VoteVerdict },
): Promise<CalibrationFeedback | null> {
  const { memberId } = requireMember(ctx);
  const item = await findCalibrationItem(tx, ctx.workspaceId, approvalId);
  if (item === null) return null;
  const answer = { memberId, verdict, result: resultOf(verdict) };
  await closeCalibrationItem(tx, ctx.workspaceId, approvalId, { at: ctx.now, answer });
  const seal = sealOf(item.salt, { source: item.source_id, member: memberId, verdict, result: answer.result });
  await record(tx, asJob(ctx), "calibration.settle", { approval_id: approvalId, seal });
  const state = verdict === "deny" ? "denied" : verdict === "return" ? "returned" : "withdrawn";
  await insertOutboxEvent(tx, ctx.workspaceId, {
    topic: "approval.settled",
    payload: { approval_id: approvalId, state },
  });
  const found = await findCalibrationRecord(tx, ctx.workspaceId, approvalId);
  return found && feedbackOf(approvalId, found);
}

/**
 * A High request takes a second reviewer when the person approving it has let too many items through. The request says
 * so from then on; that it was because of this person is on their scorecard and nowhere else.
 */
export async function withSecondReviewer(
  tx: Tx,
  ctx: ServiceContext,
  approval: Approval,
  verdict: VoteVerdict,
): Promise<Approval> {
  const { memberId } = requireMember(ctx);
  if (verdict !== "approve" || approval.band !== "high" || approval.quorum >= 2) return approval;
  if (!needsSecondReviewer(await listRecentResults(tx, ctx.workspaceId, memberId))) return approval;
  if (await raiseQuorum(tx, ctx.workspaceId, approval.id)) {
    await record(tx, asJob(ctx), "approval.second_reviewer", {
      approval_id: approval.id,
      decision_id: approval.decisionId,
      quorum: 2,
    });
  }
  return { ...approval, quorum: 2 };
}

const asJob = (ctx: ServiceContext): ServiceContext => ({ ...ctx, actor: { kind: "system", job: "calibration" } });
