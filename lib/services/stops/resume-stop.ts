import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { ResumeStopInput } from "@/lib/core/workspaces/stop";
import { transact } from "@/lib/data/db";
import {
  bumpWorkspaceEpoch,
  claimOpenStop,
  closeStop,
  countOpenWorkspaceStops,
  lockWorkspace,
  reactivateAgent,
  setStopped,
} from "@/lib/data/stops";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/**
 * Ends one stop. A workspace stopped twice goes on only when both stops are ended.
 *
 * @throws {AppError} `forbidden` below operator; `not_found` when the stop is unknown or already ended; `conflict` for a run
 */
export async function resumeStop(ctx: ServiceContext, input: ResumeStopInput): Promise<void> {
  const { memberId } = requireRole(ctx, "operator");

  await transact(ctx.db, async (tx) => {
    await lockWorkspace(tx, ctx.workspaceId);
    const stop = await claimOpenStop(tx, ctx.workspaceId, input.stop_id);
    if (!stop) throw new AppError("not_found", "There is no open stop of that id.");
    if (stop.scope === "run")
      throw new AppError("conflict", "A halted run stays halted. Start a new run.", { reason: "run_halted" });
    await closeStop(tx, ctx.workspaceId, stop.id, memberId, input.note);

    if (stop.scope === "workspace" && (await countOpenWorkspaceStops(tx, ctx.workspaceId)) === 0) {
      await setStopped(tx, ctx.workspaceId, false);
      await bumpWorkspaceEpoch(tx, ctx.workspaceId);
    }
    if (stop.scope === "agent" && stop.targetId) await reactivateAgent(tx, ctx.workspaceId, stop.targetId);
    await record(tx, ctx, "stop.resume", { stop: stop.id, scope: stop.scope, target: stop.targetId, note: input.note });
  });
}
