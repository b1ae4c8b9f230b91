import "server-only";

import type { z } from "zod";

import type { ApprovalRef } from "@/lib/core/approvals/schema";
import { stateAt } from "@/lib/core/approvals/schema";
import { AppError } from "@/lib/core/shared/errors";
import { findApproval } from "@/lib/data/approvals";
import { deferItem, findOpenBatch, lockDesk } from "@/lib/data/batches";
import { transact } from "@/lib/data/db";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Not now: the action goes to the end of one's batch. Its deadline stays what it was, and that somebody looked and
 * went on is on record.
 *
 * @throws {AppError} `not_found`; `conflict` (`already_decided`) when it no longer waits
 */
export async function deferAction(
  ctx: ServiceContext,
  { approval_id: id }: z.infer<typeof ApprovalRef>,
): Promise<void> {
  const { memberId } = requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    const now = await lockDesk(tx, ctx.workspaceId);
    await requireNow(tx, ctx);
    const stored = await findApproval(tx, ctx.workspaceId, id);
    if (!stored) throw new AppError("not_found", "There is no such approval.");
    if (stateAt(stored.approval, now) !== "waiting") {
      throw new AppError("conflict", "This action is no longer waiting.", { reason: "already_decided" });
    }
    const batch = await findOpenBatch(tx, ctx.workspaceId, memberId);
    const inBatch = batch !== null && (await deferItem(tx, ctx.workspaceId, batch.id, id, now));
    const details = { approval_id: id, decision_id: stored.approval.decisionId, member: memberId, in_batch: inBatch };
    await record(tx, { ...ctx, now }, "approval.defer", details);
  });
}
