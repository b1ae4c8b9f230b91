import "server-only";

import { transact } from "@/lib/data/db";
import { bumpWorkspaceEpoch, findStage, hasBeenIn, lockWorkspace, setStage } from "@/lib/data/stops";
import { findSettings } from "@/lib/data/workspaces";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/** Ends the time of reads only where the workspace has set how long it lasts. @returns whether it ended now */
export async function lapseRecovery(ctx: ServiceContext): Promise<{ readonly recovered: boolean }> {
  requireSystem(ctx);
  const { recovery_minutes: minutes } = await findSettings(ctx.db, ctx.workspaceId);
  if (minutes === null || !(await hasBeenIn(ctx.db, ctx.workspaceId, "reads_only", minutes)))
    return { recovered: false };
  return transact(ctx.db, async (tx) => {
    await lockWorkspace(tx, ctx.workspaceId);
    // Asked again under the lock: somebody may have stopped it meanwhile.
    if (!(await hasBeenIn(tx, ctx.workspaceId, "reads_only", minutes))) return { recovered: false };
    const { since } = await findStage(tx, ctx.workspaceId);
    await setStage(tx, ctx.workspaceId, "running");
    await bumpWorkspaceEpoch(tx, ctx.workspaceId);
    await record(tx, ctx, "workspace.recover", { after_minutes: minutes, reads_only_since: since.toISOString() });
    return { recovered: true };
  });
}
