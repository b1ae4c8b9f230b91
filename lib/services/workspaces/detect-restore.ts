import "server-only";

import { v7 as uuidv7 } from "uuid";

import { type Anchor, isRestored } from "@/lib/core/ledger/anchor";
import { StopId } from "@/lib/core/shared/brand";
import { expireOpenApprovals } from "@/lib/data/approvals";
import { transact } from "@/lib/data/db";
import { holdOutbox } from "@/lib/data/delivery-queue";
import { insertOutboxEvent } from "@/lib/data/ledger";
import { findLeafAt } from "@/lib/data/ledger-leaves";
import { hasSystemStop, insertStop, setStage } from "@/lib/data/stops";

import { barrier } from "../barrier";
import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/**
 * Stops a workspace whose database is a restored copy: its ledger lacks what was seen of it before. What was decided
 * since the copy was made is not known here, so open requests expire and two people have to look before anything runs.
 * Messages are held back: what the copy says is to be sent may have been sent long ago.
 *
 * For the start, before anything is served.
 */
export async function detectRestore(ctx: ServiceContext, anchor: Anchor): Promise<{ readonly restored: boolean }> {
  requireSystem(ctx);
  const leaf = await findLeafAt(ctx.db, ctx.workspaceId, anchor.size - 1);
  if (!isRestored(anchor, leaf)) return { restored: false };
  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    await setStage(tx, ctx.workspaceId, "stopped");
    const stop = { id: StopId.parse(uuidv7()), scope: "workspace", targetId: null, by: null } as const;
    const reason = `The database is a restored copy: its ledger is not the one that had ${anchor.size} entries here.`;
    // A start that was interrupted finds the stop of its predecessor.
    if (!(await hasSystemStop(tx, ctx.workspaceId)))
      await insertStop(tx, ctx.workspaceId, { ...stop, reason, requestedAt: ctx.now });
    await holdOutbox(tx, ctx.workspaceId);
    const expired = await expireOpenApprovals(tx, ctx.workspaceId);
    for (const { id, decision_id, was } of expired) {
      const details = { approval_id: id, decision_id, expired_at: ctx.now.toISOString(), was };
      await record(tx, ctx, "approval.expire", details);
      const settled = { approval_id: id, state: "expired" };
      await insertOutboxEvent(tx, ctx.workspaceId, { topic: "approval.settled", payload: settled });
    }
    const details = { seen_size: anchor.size, seen_leaf: anchor.leaf, approvals_expired: expired.length };
    await record(tx, ctx, "workspace.restored", details);
  });
  return { restored: true };
}
