import "server-only";

import type { ObjectiveRef } from "@/lib/core/objectives/schema";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { endObjective } from "@/lib/data/objectives";

import { agentOf } from "../agents/find-agent";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes an agent's objective of a measure out of force. Its open alerts end at the next evaluation.
 *
 * @throws {AppError} `forbidden` unless its DRI, an operator or a policy administrator asks; `not_found`
 */
export async function removeObjective(ctx: ServiceContext, { agent: handle, measure }: ObjectiveRef): Promise<void> {
  requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    const actor = await requireNow(tx, ctx);
    const agent = await agentOf(tx, ctx.workspaceId, handle);
    if (agent.driId !== actor.memberId) requireRole({ ...ctx, actor }, "operator", "policy_admin");
    const by = { by: actor.memberId, at: ctx.now };
    const id = await endObjective(tx, ctx.workspaceId, { agentId: agent.agentId, measure }, by);
    if (id === null) throw new AppError("not_found", "This agent has no objective of this measure.");
    await record(tx, ctx, "objective.remove", { objective: id, agent: agent.id, measure });
  });
}
