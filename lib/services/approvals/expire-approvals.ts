import "server-only";

import { expireDueApprovals } from "@/lib/data/approvals";
import { transact } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

const BATCH = 100;

/**
 * Marks a workspace's requests whose time is up, one ledger entry each, until none is left.
 *
 * Nothing waits for this: reading, voting and using a request all look at the database's clock themselves.
 */
export async function expireApprovals(
  ctx: ServiceContext,
  signal?: AbortSignal,
): Promise<{ readonly expired: number }> {
  requireSystem(ctx);
  let expired = 0;
  for (;;) {
    const count = await transact(ctx.db, async (tx) => {
      const rows = await expireDueApprovals(tx, ctx.workspaceId, BATCH);
      for (const row of rows) {
        const details = {
          approval_id: row.id,
          decision_id: row.decision_id,
          expired_at: row.expires_at.toISOString(),
          was: row.was,
        };
        // The ledger knows of no request behind a calibration item; its own job ends it there.
        if (row.executor === "agent") await record(tx, ctx, "approval.expire", details);
        const settled = { approval_id: row.id, state: "expired" };
        await insertOutboxEvent(tx, ctx.workspaceId, { topic: "approval.settled", payload: settled });
      }
      return rows.length;
    });
    expired += count;
    if (count < BATCH || signal?.aborted) return { expired };
  }
}
