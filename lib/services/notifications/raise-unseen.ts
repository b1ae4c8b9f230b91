import "server-only";

import { transact } from "@/lib/data/db";
import { markUnseen } from "@/lib/data/notification-routes";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/**
 * Raises an alert for each request that nobody who could answer has looked at: at half of its time when no message about
 * it arrived either, and when it has expired so.
 */
export async function raiseUnseen(ctx: ServiceContext): Promise<{ readonly raised: number }> {
  requireSystem(ctx);
  return transact(ctx.db, async (tx) => {
    const unseen = await markUnseen(tx, ctx.workspaceId, ctx.now);
    for (const { id, decision_id, expired } of unseen) {
      const details = { approval_id: id, decision_id, when: expired ? "expired" : "half" };
      await record(tx, ctx, "approval.unseen", details);
    }
    return { raised: unseen.length };
  });
}
