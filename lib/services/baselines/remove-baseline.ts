import "server-only";

import type { BaselineRef } from "@/lib/core/baselines/schema";
import { AppError } from "@/lib/core/shared/errors";
import { endBaseline } from "@/lib/data/baselines";
import { transact } from "@/lib/data/db";

import { agentOf } from "../agents/find-agent";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes an agent's baseline away.
 *
 * @throws {AppError} `forbidden` unless its DRI, an operator or a policy administrator asks; `not_found`
 */
export async function removeBaseline(ctx: ServiceContext, { agent: handle }: BaselineRef): Promise<void> {
  requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    const actor = await requireNow(tx, ctx);
    const agent = await agentOf(tx, ctx.workspaceId, handle);
    if (agent.driId !== actor.memberId) requireRole({ ...ctx, actor }, "operator", "policy_admin");
    const by = { by: actor.memberId, at: ctx.now };
    const id = await endBaseline(tx, ctx.workspaceId, agent.agentId, by);
    if (id === null) throw new AppError("not_found", "This agent has no baseline.");
    await record(tx, ctx, "baseline.remove", { agent: agent.id, baseline: id });
  });
}
