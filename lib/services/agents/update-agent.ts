import "server-only";

import type { UpdateAgentInput } from "@/lib/core/agents/change";
import type { AgentDetail } from "@/lib/core/agents/item";
import type { Environment } from "@/lib/core/agents/schema";
import { changeStatus } from "@/lib/core/agents/status";
import { WAITS_FOR_SECOND } from "@/lib/core/people/proposal";
import { AppError } from "@/lib/core/shared/errors";
import { type AgentChange, type AgentRecord, changeAgent, isStopped } from "@/lib/data/agents";
import { transact, type Tx } from "@/lib/data/db";
import { supersedeProposal } from "@/lib/data/proposals";

import { barrier } from "../barrier";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { takeWord, waitsForSecond } from "../people/second-word";
import { requireNow } from "../require-now";
import { agentOf, driOf } from "./find-agent";
import { showAgent } from "./show-agent";

/** The agent after the change. `needs_second_person`: its environment waits for another person's word, all else is done. */
export type UpdatedAgent = AgentDetail & { readonly needs_second_person?: true; readonly message?: string };

/**
 * Changes what is said about an agent or whether it may act. Answers once no decision can be made by the old facts.
 *
 * Suspending is open to the DRI and to operators; everything else is for policy administrators. Another environment may
 * open what the manifest allows only there, so once there is a manifest it takes two people who ask for the same.
 * Whoever hands an agent over goes on answering for it until that has cooled off: the database keeps each change of its
 * DRI.
 *
 * @throws {AppError} `forbidden`, `not_found`, `conflict` for a status that cannot follow and for one who counts as one
 *   with whoever proposed the environment (`not_independent`), `unprocessable` for an unknown DRI
 */
export async function updateAgent(ctx: ServiceContext, input: UpdateAgentInput): Promise<UpdatedAgent> {
  const { memberId } = requireMember(ctx);
  const dri = input.dri === undefined ? undefined : await driOf(ctx.db, ctx.workspaceId, input.dri);

  const waits = await transact(ctx.db, async (tx) => {
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
    const word = await wordFor(tx, asking, agent, input.environment);
    const environment = waitsForSecond(word) ? undefined : input.environment;
    const { task, owners, status } = input;
    const change: AgentChange = { task, owners, environment, status, driId: dri?.id };
    const changed = Object.entries(change).flatMap(([key, value]) => (value === undefined ? [] : [key]));
    if (word?.state === "kept") {
      const proposed = { from: agent.environment, to: input.environment ?? null };
      await record(tx, asking, "agent.propose", { agent: agent.id, environment: proposed });
    }
    if (changed.length === 0 && word !== null) return true;
    await changeAgent(tx, ctx.workspaceId, agent.agentId, change);
    await record(tx, asking, "agent.update", {
      agent: agent.id,
      before: { status: agent.status, environment: agent.environment, dri: agent.driId },
      after: {
        status: status ?? agent.status,
        environment: environment ?? agent.environment,
        dri: dri?.id ?? agent.driId,
      },
      changed,
      ...(word?.state === "second" && { proposed_by: word.proposedBy }),
    });
    return waitsForSecond(word);
  });
  const shown = await showAgent(ctx, input.agent);
  return waits ? { ...shown, needs_second_person: true, message: WAITS_FOR_SECOND } : shown;
}

/** Whose word another environment still needs; null where there is nothing that it could loosen. */
async function wordFor(tx: Tx, ctx: ServiceContext, agent: AgentRecord, environment: Environment | undefined) {
  if (environment === undefined || agent.manifest_version === null) return null;
  if (environment === agent.environment) {
    await supersedeProposal(tx, ctx.workspaceId, "agent.environment", agent.id);
    return null;
  }
  const base = { environment: agent.environment, manifest: agent.manifest_version };
  const asked = { subject: agent.id, agentId: agent.agentId, content: { environment }, base, reason: "" };
  return takeWord(tx, ctx, { kind: "agent.environment", ...asked });
}
