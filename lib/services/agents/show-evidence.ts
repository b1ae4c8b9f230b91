import "server-only";

import { type CriterionResult, evaluateCriteria, type Evidence } from "@/lib/core/agents/evidence";
import type { Level } from "@/lib/core/agents/schema";
import { findEvidence } from "@/lib/data/evidence";

import { requireMember, type ServiceContext } from "../context";
import { publishedManifest } from "../manifests/published-manifest";
import { agentOf } from "./find-agent";

/** What an agent's manifest fixed about its level, and how the evidence stands. */
export type AgentEvidence = {
  readonly evidence: Evidence | null;
  readonly promote: { readonly to: Level; readonly criteria: readonly CriterionResult[] } | null;
  readonly demote: { readonly criteria: readonly CriterionResult[] } | null;
};

/** @throws {AppError} `not_found` when the agent is */
export async function showEvidence(ctx: ServiceContext, handle: string): Promise<AgentEvidence> {
  requireMember(ctx);
  const agent = await agentOf(ctx.db, ctx.workspaceId, handle);
  const manifest = await publishedManifest(ctx.db, ctx, agent);
  const { promote, demote } = manifest?.autonomy ?? {};
  if (promote === undefined && demote === undefined) return { evidence: null, promote: null, demote: null };
  const evidence = await findEvidence(ctx.db, ctx.workspaceId, agent.agentId);
  if (evidence === null) return { evidence, promote: null, demote: null };
  return {
    evidence,
    promote: promote ? { to: promote.to, criteria: evaluateCriteria(promote.criteria, evidence) } : null,
    demote: demote ? { criteria: evaluateCriteria(demote.criteria, evidence) } : null,
  };
}
