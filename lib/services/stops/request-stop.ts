import "server-only";

import { v7 as uuidv7 } from "uuid";

import { RunId, StopId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { RequestStopInput } from "@/lib/core/workspaces/stop";
import { transact, type Tx } from "@/lib/data/db";
import { bumpWorkspaceEpoch, haltRun, insertStop, lockWorkspace, setStage, suspendAgent } from "@/lib/data/stops";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Stops a workspace, an agent or a run. A barrier, not a message: decisions under way finish first, and once this
 * answers none can be committed that does not see it.
 *
 * @throws {AppError} `forbidden` for viewers, `not_found` when there is nothing of that id to stop
 */
export async function requestStop(
  ctx: ServiceContext,
  input: RequestStopInput,
): Promise<{ stop_id: string; confirmed_at: string }> {
  const { memberId } = requireRole(ctx, "operator", "reviewer", "policy_admin");
  const id = StopId.parse(uuidv7());

  const confirmedAt = await transact(ctx.db, async (tx) => {
    await lockWorkspace(tx, ctx.workspaceId);
    await requireNow(tx, ctx, "operator", "reviewer", "policy_admin");
    const targetId = await apply(tx, ctx, input);
    const at = await insertStop(tx, ctx.workspaceId, {
      id,
      scope: input.scope,
      targetId,
      reason: input.reason,
      by: memberId,
      requestedAt: ctx.now,
    });
    await record(tx, ctx, "stop.request", { stop: id, scope: input.scope, target: targetId, reason: input.reason });
    return at;
  });
  return { stop_id: id, confirmed_at: confirmedAt.toISOString() };
}

async function apply(tx: Tx, ctx: ServiceContext, input: RequestStopInput): Promise<string | null> {
  if (input.scope === "workspace") {
    await setStage(tx, ctx.workspaceId, "stopped");
    await bumpWorkspaceEpoch(tx, ctx.workspaceId);
    return null;
  }
  if (input.scope === "agent") {
    const agentId = await suspendAgent(tx, ctx.workspaceId, input.id);
    if (!agentId) throw new AppError("not_found", "There is no active agent of that id.");
    return agentId;
  }
  const halted = await haltRun(tx, ctx.workspaceId, RunId.parse(input.id), "stopped by a person");
  if (!halted) throw new AppError("not_found", "There is no running run of that id.");
  return input.id;
}
