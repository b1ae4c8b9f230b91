import "server-only";

import type { AgentDetail } from "@/lib/core/agents/item";
import { countVerdicts, listPendingOf, noVerdicts } from "@/lib/data/agents";
import { listCredentials } from "@/lib/data/credentials";
import { listDecisionItems } from "@/lib/data/decisions";
import { findVersion, findVersionNumbers } from "@/lib/data/manifests";

import { requireMember, type ServiceContext } from "../context";
import { waitingProposal } from "../people/second-word";
import { agentOf } from "./find-agent";

const RECENT = 20;

/**
 * One agent by its handle, with its keys, published manifest, latest decisions and what waits for people.
 *
 * @throws {AppError} `not_found`
 */
export async function showAgent(ctx: ServiceContext, handle: string): Promise<AgentDetail> {
  requireMember(ctx);
  const { db, workspaceId } = ctx;
  const { agentId, driId: _driId, ...agent } = await agentOf(db, workspaceId, handle);
  const [counts, credentials, version, numbers, decisions, approvals, level, environment] = await Promise.all([
    countVerdicts(db, workspaceId),
    listCredentials(db, workspaceId, agentId),
    agent.manifest_version === null ? null : findVersion(db, workspaceId, agentId, agent.manifest_version),
    findVersionNumbers(db, workspaceId, agentId),
    listDecisionItems(db, workspaceId, { agent: handle, limit: RECENT }),
    listPendingOf(db, workspaceId, agentId),
    waitingProposal(ctx, "agent.level", handle, agentId),
    waitingProposal(ctx, "agent.environment", handle, agentId),
  ]);
  return {
    ...agent,
    counts_24h: counts.get(agentId) ?? noVerdicts(),
    credentials,
    manifest: version && {
      version: version.version,
      hash: version.hash,
      text: version.text,
      published_at: version.published_at,
    },
    pending_version: numbers.pending,
    proposed_level: level,
    proposed_environment: environment,
    decisions: [...decisions.items],
    approvals,
  };
}
