import "server-only";

import { brokenCriteria, evidenceEntry } from "@/lib/core/agents/evidence";
import { Level } from "@/lib/core/agents/schema";
import { changeAgent } from "@/lib/data/agents";
import { transact } from "@/lib/data/db";
import { findEvidence, listDemotable } from "@/lib/data/evidence";

import { barrier } from "../barrier";
import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { publishedManifest } from "../manifests/published-manifest";
import { agentOf } from "./find-agent";

/**
 * Lowers by one level every agent that no longer meets what its manifest asks of it, with the evidence.
 *
 * The evidence is of the time since the last change of level, so running twice lowers once.
 */
export async function demoteAgents(ctx: ServiceContext, signal?: AbortSignal): Promise<{ readonly demoted: number }> {
  requireSystem(ctx);
  let demoted = 0;
  for (const { agentId, handle } of await listDemotable(ctx.db, ctx.workspaceId)) {
    if (signal?.aborted) break;
    const isDemoted = await transact(ctx.db, async (tx) => {
      const known = await agentOf(tx, ctx.workspaceId, handle);
      const criteria = (await publishedManifest(tx, ctx, known))?.autonomy?.demote?.criteria;
      const evidence = await findEvidence(tx, ctx.workspaceId, agentId);
      if (criteria === undefined || evidence === null) return false;
      const broken = brokenCriteria(criteria, evidence);
      if (broken.length === 0) return false;
      await barrier(tx, ctx);
      // Somebody may have changed it while the figures were added up.
      const agent = await agentOf(tx, ctx.workspaceId, handle);
      if (agent.level !== known.level || agent.level === 1 || agent.manifest_version !== known.manifest_version)
        return false;
      const level = Level.parse(agent.level - 1);
      await changeAgent(tx, ctx.workspaceId, agentId, { level });
      const entry = evidenceEntry(evidence, broken);
      await record(tx, ctx, "agent.level", { agent: handle, from: agent.level, to: level, reason: "demote", ...entry });
      return true;
    });
    if (isDemoted) demoted += 1;
  }
  return { demoted };
}
