import "server-only";

import type { SetLevelInput } from "@/lib/core/agents/change";
import { type CriterionResult, type Evidence, evidenceEntry, promotionTo } from "@/lib/core/agents/evidence";
import type { Level } from "@/lib/core/agents/schema";
import { AppError } from "@/lib/core/shared/errors";
import { type AgentRecord, changeAgent } from "@/lib/data/agents";
import { transact } from "@/lib/data/db";
import { findEvidence } from "@/lib/data/evidence";

import { barrier } from "../barrier";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { publishedManifest } from "../manifests/published-manifest";
import { agentOf } from "./find-agent";

/**
 * Moves an agent between levels. Down is one click for the DRI, operators and policy administrators; up needs a policy
 * administrator, the screen asks for a reason, and where the manifest fixed criteria the agent must meet them.
 *
 * @throws {AppError} `forbidden`, `not_found`; `conflict` for a retired agent, for one that changed meanwhile, and
 *   (`criteria_unmet`, `above_promotion`) for a level it has not earned, each criterion with its figure
 */
export async function setLevel(
  ctx: ServiceContext,
  input: SetLevelInput,
): Promise<{ agent_id: string; level: Level; previous: Level }> {
  const { memberId } = requireMember(ctx);
  const known = await agentOf(ctx.db, ctx.workspaceId, input.agent);
  // Before the barrier: adding up the evidence may take a while, and nobody should wait for it.
  const earned = input.level > known.level ? await earnedLevel(ctx, known, input.level) : null;
  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    const raises = input.level > agent.level;
    if (!raises && agent.driId !== memberId) requireRole(ctx, "operator", "policy_admin");
    if (agent.status === "retired")
      throw new AppError("conflict", "A retired agent has no level to change.", { reason: "retired" });
    if (raises && (agent.level !== known.level || agent.manifest_version !== known.manifest_version)) {
      const message = "The agent's level or manifest has changed meanwhile. Look at it again.";
      throw new AppError("conflict", message, { reason: "changed_meanwhile" });
    }
    if (input.level !== agent.level) {
      await changeAgent(tx, ctx.workspaceId, agent.agentId, { level: input.level });
      await record(tx, ctx, "agent.level", {
        agent: agent.id,
        from: agent.level,
        to: input.level,
        reason: input.reason,
        ...(earned && evidenceEntry(earned.evidence, earned.results)),
      });
    }
    return { agent_id: agent.id, level: input.level, previous: agent.level };
  });
}

type Earned = { readonly evidence: Evidence; readonly results: readonly CriterionResult[] };

/** The evidence a level is given by; null where the manifest fixed nothing and a person decides alone. */
async function earnedLevel(ctx: ServiceContext, agent: AgentRecord, level: Level): Promise<Earned | null> {
  requireRole(ctx, "policy_admin");
  const promote = (await publishedManifest(ctx.db, ctx, agent))?.autonomy?.promote;
  if (promote === undefined) return null;
  const evidence = await findEvidence(ctx.db, ctx.workspaceId, agent.agentId);
  if (evidence === null) throw new AppError("conflict", "There is no evidence yet.", { reason: "criteria_unmet" });
  const promotion = promotionTo(level, promote, evidence);
  if (promotion.ok) return { evidence, results: promotion.results };
  if (promotion.why === "above_promotion") {
    const message = `The manifest lets this agent rise to level ${promote.to} at most; publish another one first.`;
    throw new AppError("conflict", message, { reason: promotion.why });
  }
  const unmet = promotion.unmet.map(({ sentence }) => sentence);
  throw new AppError("conflict", `The agent has not earned level ${level} yet: ${unmet.join("; ")}.`, {
    reason: promotion.why,
    faults: promotion.unmet.map(({ name, sentence }) => ({
      code: "criterion_unmet",
      path: `/autonomy/promote/criteria/${name}`,
      message: sentence,
    })),
  });
}
