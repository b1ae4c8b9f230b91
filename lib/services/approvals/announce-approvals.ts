import "server-only";

import { takeUsableGrants } from "@/lib/data/approval-undo";
import { transact } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

const BATCH = 100;

/**
 * Tells of approvals that could be taken back and now stand. Nothing waits for this: whoever asks or uses one looks at
 * the database's clock.
 */
export async function announceApprovals(ctx: ServiceContext, signal?: AbortSignal): Promise<{ readonly told: number }> {
  requireSystem(ctx);
  let told = 0;
  for (;;) {
    const count = await transact(ctx.db, async (tx) => {
      const grants = await takeUsableGrants(tx, ctx.workspaceId, BATCH);
      for (const grant of grants) {
        await record(tx, ctx, "approval.stand", grant);
        const payload = { approval_id: grant.approval_id, state: "approved" };
        await insertOutboxEvent(tx, ctx.workspaceId, { topic: "approval.settled", payload });
      }
      return grants.length;
    });
    told += count;
    if (count < BATCH || signal?.aborted) return { told };
  }
}
