import "server-only";

import { escalateDueApprovals } from "@/lib/data/approval-undo";
import { transact } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

const BATCH = 100;

/** Marks requests that have waited half their time, once each, and says so to whoever carries messages. */
export async function escalateApprovals(
  ctx: ServiceContext,
  signal?: AbortSignal,
): Promise<{ readonly escalated: number }> {
  requireSystem(ctx);
  let escalated = 0;
  for (;;) {
    const count = await transact(ctx.db, async (tx) => {
      const rows = await escalateDueApprovals(tx, ctx.workspaceId, BATCH);
      for (const { decision_id, expires_at, ...row } of rows) {
        const expires = expires_at.toISOString();
        await record(tx, ctx, "approval.escalate", { approval_id: row.approval_id, decision_id, expires_at: expires });
        const payload = { ...row, expires_at: expires };
        await insertOutboxEvent(tx, ctx.workspaceId, { topic: "approval.escalated", payload });
      }
      return rows.length;
    });
    escalated += count;
    if (count < BATCH || signal?.aborted) return { escalated };
  }
}
