import "server-only";

import { leaseEnd, renewalFault } from "@/lib/core/approvals/batch";
import { AppError } from "@/lib/core/shared/errors";
import { findOpenBatch, listBatchRows, lockDesk, markRenewed } from "@/lib/data/batches";
import { transact } from "@/lib/data/db";
import { prolongLeases } from "@/lib/data/leases";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { openOf } from "./batch-state";

const WORDS = {
  batch_ended: "Your time with this batch is over. Take the next one.",
  already_renewed: "A batch is prolonged once. Take the next one when this one ends.",
} as const;

/**
 * Holds what is left of one's batch for another ten minutes, once, and never beyond the end of the batch.
 *
 * @throws {AppError} `conflict` (`batch_ended`, `already_renewed`)
 */
export async function renewBatch(ctx: ServiceContext): Promise<{ readonly until: string }> {
  const { memberId } = requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    const now = await lockDesk(tx, ctx.workspaceId);
    await requireNow(tx, ctx);
    const batch = await findOpenBatch(tx, ctx.workspaceId, memberId);
    const open = batch ? openOf(await listBatchRows(tx, ctx.workspaceId, { id: memberId }, batch.id), now) : [];
    const fault = batch ? renewalFault(batch, open.length, now) : "batch_ended";
    if (!batch || fault !== null) {
      const reason = fault ?? "batch_ended";
      throw new AppError("conflict", WORDS[reason], { reason });
    }
    const until = leaseEnd(now, batch.endsAt);
    await markRenewed(tx, ctx.workspaceId, batch.id, now);
    const leases = await prolongLeases(tx, ctx.workspaceId, batch.id, until);
    const details = { batch_id: batch.id, member: memberId, leases, until: until.toISOString() };
    await record(tx, { ...ctx, now }, "batch.renew", details);
    return { until: until.toISOString() };
  });
}
