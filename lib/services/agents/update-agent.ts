import "server-only";

import type { UpdateAgentInput } from "@/lib/core/agents/change";
import type { AgentDetail } from "@/lib/core/agents/item";
import { changeStatus } from "@/lib/core/agents/status";
import { AppError } from "@/lib/core/shared/errors";
import { type AgentChange, changeAgent, isStopped } from "@/lib/data/agents";
import { transact } from "@/lib/data/db";

import { barrier } from "../barrier";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { agentOf, driOf } from "./find-agent";
import { showAgent } from "./show-agent";

/**
 * Changes what is said about an agent or whether it may act. Answers once no decision can be made by the old facts.
 *
 * Suspending is open to the DRI and to operators; everything else is for policy administrators. Whoever hands an agent
 * over goes on answering for it until that has cooled off: the database keeps each change of its DRI.
 *
 * @throws {AppError} `forbidden`, `not_found`, `conflict` for a status that cannot follow, `unprocessable` for an unknown DRI
 */
export async function updateAgent(ctx: ServiceContext, input: UpdateAgentInput): Promise<AgentDetail> {
  const { memberId } = requireMember(ctx);
  const dri = input.dri === undefined ? undefined : await driOf(ctx.db, ctx.workspaceId, input.dri);

  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const asking = { ...ctx, actor: await requireNow(tx, ctx) };
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    const onlySuspends =
      input.status === "suspended" && input.task === undefined && !dri && !input.owners && !input.environment;
    if (!onlySuspends) requireRole(asking, "policy_admin");
    else if (agent.driId !== memberId) requireRole(asking, "operator", "policy_admin");
    if (input.status !== undefined) {
      const change = changeStatus(agent.status, input.status, agent.manifest_version !== null);
      if (!change.ok) throw new AppError("conflict", change.why, { reason: "status_change" });
    }
    if (input.status === "active" && (await isStopped(tx, ctx.workspaceId, agent.agentId))) {
      throw new AppError("conflict", "This agent was stopped. End that stop to bring it back.", { reason: "stopped" });
    }
    const { task, owners, environment, status } = input;
    const change: AgentChange = { task, owners, environment, status, driId: dri?.id };
    await changeAgent(tx, ctx.workspaceId, agent.agentId, change);
    await record(tx, ctx, "agent.update", {
      agent: agent.id,
      before: { status: agent.status, environment: agent.environment, dri: agent.driId },
      after: {
        status: status ?? agent.status,
        environment: environment ?? agent.environment,
        dri: dri?.id ?? agent.driId,
      },
      changed: Object.entries(change).flatMap(([key, value]) => (value === undefined ? [] : [key])),
    });
  });
  return showAgent(ctx, input.agent);
}
