import "server-only";

import type { SetLevelInput } from "@/lib/core/agents/change";
import { type CriterionResult, type Evidence, evidenceEntry, promotionTo } from "@/lib/core/agents/evidence";
import type { Level } from "@/lib/core/agents/schema";
import { WAITS_FOR_SECOND } from "@/lib/core/people/proposal";
import { AppError } from "@/lib/core/shared/errors";
import { type AgentRecord, changeAgent } from "@/lib/data/agents";
import { transact, type Tx } from "@/lib/data/db";
import { findEvidence } from "@/lib/data/evidence";
import { supersedeProposal } from "@/lib/data/proposals";

import { barrier } from "../barrier";
import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { publishedManifest } from "../manifests/published-manifest";
import { takeWord, waitsForSecond } from "../people/second-word";
import { requireNow } from "../require-now";
import { agentOf } from "./find-agent";

/** The level that holds now. `needs_second_person`: the level asked for is higher, and waits for another person's word. */
export type LevelSet = {
  readonly status: "in_force" | "needs_second_person";
  readonly agent_id: string;
  readonly level: Level;
  readonly previous: Level;
  /** The level that waits; null when none does. */
  readonly proposed: Level | null;
  readonly message: string | null;
};

/**
 * Moves an agent between levels. Down is one click for the DRI, operators and policy administrators. Up loosens: it takes
 * two independent policy administrators who ask for the same level, the screen asks for a reason, and where the manifest
 * fixed criteria the agent must meet them both times.
 *
 * @throws {AppError} `forbidden`, `not_found`; `conflict` for a retired agent, for one that changed meanwhile, for one who
 *   counts as one with the person who proposed it (`not_independent`), and (`criteria_unmet`, `above_promotion`) for a
 *   level it has not earned, each criterion with its figure
 */
export async function setLevel(ctx: ServiceContext, input: SetLevelInput): Promise<LevelSet> {
  requireMember(ctx);
  const known = await agentOf(ctx.db, ctx.workspaceId, input.agent);
  // Before the barrier: adding up the evidence may take a while, and nobody should wait for it.
  const earned = input.level > known.level ? await earnedLevel(ctx, known, input.level) : null;
  return transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const asking = { ...ctx, actor: await requireNow(tx, ctx) };
    const agent = await agentOf(tx, ctx.workspaceId, input.agent);
    const raises = input.level > agent.level;
    if (raises) requireRole(asking, "policy_admin");
    else if (agent.driId !== asking.actor.memberId) requireRole(asking, "operator", "policy_admin");
    if (agent.status === "retired")
      throw new AppError("conflict", "A retired agent has no level to change.", { reason: "retired" });
    if (raises && (agent.level !== known.level || agent.manifest_version !== known.manifest_version)) {
      const message = "The agent's level or manifest has changed meanwhile. Look at it again.";
      throw new AppError("conflict", message, { reason: "changed_meanwhile" });
    }
    const answer = { agent_id: agent.id, previous: agent.level };
    const word = raises ? await wordFor(tx, asking, agent, input) : null;
    const evidence = earned && evidenceEntry(earned.evidence, earned.results);
    const entry = { agent: agent.id, from: agent.level, to: input.level, reason: input.reason, ...evidence };
    if (waitsForSecond(word)) {
      if (word.state === "kept") await record(tx, asking, "agent.propose", entry);
      const waits = { proposed: input.level, message: WAITS_FOR_SECOND };
      return { ...answer, status: "needs_second_person", level: agent.level, ...waits };
    }
    if (!raises) await supersedeProposal(tx, ctx.workspaceId, "agent.level", agent.id);
    if (input.level !== agent.level) {
      await changeAgent(tx, ctx.workspaceId, agent.agentId, { level: input.level });
      await record(tx, asking, "agent.level", { ...entry, ...(word && { proposed_by: word.proposedBy }) });
    }
    return { ...answer, status: "in_force", level: input.level, proposed: null, message: null };
  });
}

function wordFor(tx: Tx, ctx: ServiceContext, agent: AgentRecord, { level, reason }: SetLevelInput) {
  const base = { level: agent.level, manifest: agent.manifest_version };
  const { agentId } = agent;
  return takeWord(tx, ctx, { kind: "agent.level", subject: agent.id, agentId, content: { level }, base, reason });
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
