import "server-only";

import { findOpenBatch, listBatchRows, lockDesk, markEnded } from "@/lib/data/batches";
import { transact } from "@/lib/data/db";
import { deleteLeases } from "@/lib/data/leases";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { openOf } from "./batch-state";

/** Puts one's batch down: what is not decided goes back to the pool. Without one there is nothing to do. */
export async function endBatch(ctx: ServiceContext): Promise<{ readonly released: number }> {
  const { memberId } = requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    const now = await lockDesk(tx, ctx.workspaceId);
    await requireNow(tx, ctx);
    const batch = await findOpenBatch(tx, ctx.workspaceId, memberId);
    if (!batch) return { released: 0 };
    const released = openOf(await listBatchRows(tx, ctx.workspaceId, { id: memberId }, batch.id), now).length;
    await markEnded(tx, ctx.workspaceId, batch.id, now);
    await deleteLeases(tx, ctx.workspaceId, { batchId: batch.id });
    await record(tx, { ...ctx, now }, "batch.end", { batch_id: batch.id, member: memberId, released });
    return { released };
  });
}
