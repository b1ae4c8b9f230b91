import "server-only";

import type { SetLevelInput } from "@/lib/core/agents/change";
import type { Level } from "@/lib/core/agents/schema";
import { AppError } from "@/lib/core/shared/errors";
import { changeAgent } from "@/lib/data/agents";
import { transact } from "@/lib/data/db";

import { barrier } from "../barrier";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { agentOf } from "./find-agent";

/**
 * Moves an agent between levels. Down is one click for the DRI, operators and policy administrators; up needs a policy
 * administrator, and the screen asks for a reason.
 *
 * @throws {AppError} `forbidden`, `not_found`, `conflict` for a retired agent
 */
export async function setLevel(
  ctx: ServiceContext,
  input: SetLevelInput,
): Promise<{ agent_id: string; level: Level; previous: Level }> {
  const { memberId } = requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    const raises = input.level > agent.level;
    if (raises) requireRole(ctx, "policy_admin");
    else if (agent.driId !== memberId) requireRole(ctx, "operator", "policy_admin");
    if (agent.status === "retired")
      throw new AppError("conflict", "A retired agent has no level to change.", { reason: "retired" });
    if (input.level !== agent.level) {
      await changeAgent(tx, ctx.workspaceId, agent.agentId, { level: input.level });
      await record(tx, ctx, "agent.level", {
        agent: agent.id,
        from: agent.level,
        to: input.level,
        reason: input.reason,
      });
    }
    return { agent_id: agent.id, level: input.level, previous: agent.level };
  });
}
