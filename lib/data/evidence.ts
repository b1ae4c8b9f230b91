import "server-only";

import { z } from "zod";

import type { Evidence } from "@/lib/core/agents/evidence";
import { AgentId, type WorkspaceId } from "@/lib/core/shared/brand";

import type { Db } from "./db";

const Row = z.object({
  since: z.date(),
  decisions: z.int(),
  days: z.int(),
  refused: z.int(),
  approved: z.int(),
  answered: z.int(),
  succeeded: z.int(),
  reported: z.int(),
  incidents: z.int(),
});

/** What an agent has shown since its manifest was published or its level changed; null for an agent without manifest. */
export async function findEvidence(on: Db, workspaceId: WorkspaceId, agentId: AgentId): Promise<Evidence | null> {
  const rows = await on.$queryRaw<unknown[]>`
    WITH since AS (
      SELECT greatest(m.published_at, a.level_changed_at) AS at FROM agents a
      JOIN manifests m ON m.agent_id = a.id AND m.version = a.manifest_version
      WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${agentId}::uuid AND m.published_at IS NOT NULL
    ), made AS (
      SELECT d.verdict, (d.created_at AT TIME ZONE 'UTC')::date AS day, o.outcome FROM decisions d
      LEFT JOIN outcomes o ON o.decision_id = d.id
      WHERE d.workspace_id = ${workspaceId}::uuid AND d.agent_id = ${agentId}::uuid
        AND d.id >= uuid_at((SELECT at FROM since)) AND d.created_at >= (SELECT at FROM since)
    ), asked AS (
      SELECT p.state FROM approvals p
      WHERE p.workspace_id = ${workspaceId}::uuid AND p.agent_id = ${agentId}::uuid AND p.executor = 'agent' AND p.settled_at >= (SELECT at FROM since)
    )
    SELECT since.at AS since,
           (SELECT count(*)::int FROM made) AS decisions,
           (SELECT count(DISTINCT day)::int FROM made) AS days,
           (SELECT count(*)::int FROM made WHERE verdict IN ('deny', 'halt')) AS refused,
           (SELECT count(*)::int FROM asked WHERE state IN ('approved', 'consumed')) AS approved,
           (SELECT count(*)::int FROM asked WHERE state IN ('approved', 'consumed', 'denied', 'returned')) AS answered,
           (SELECT count(*)::int FROM made WHERE outcome = 'success') AS succeeded,
           (SELECT count(*)::int FROM made WHERE outcome IS NOT NULL) AS reported,
           (SELECT count(*)::int FROM incidents i WHERE i.workspace_id = ${workspaceId}::uuid
              AND i.agent_id = ${agentId}::uuid AND i.opened_at >= since.at) AS incidents
    FROM since`;
  if (rows[0] === undefined) return null;
  const row = Row.parse(rows[0]);
  return {
    since: row.since,
    decisions: row.decisions,
    days: row.days,
    agreement: shareOf(row.approved, row.answered),
    success: shareOf(row.succeeded, row.reported),
    incidents: row.incidents,
    refusalsShare: shareOf(row.refused, row.decisions),
  };
}

const shareOf = (part: number, whole: number) => (whole === 0 ? null : part / whole);

/** Active agents above the lowest level whose manifest says when they lose one. */
export async function listDemotable(
  on: Db,
  workspaceId: WorkspaceId,
): Promise<readonly { readonly agentId: AgentId; readonly handle: string }[]> {
  const rows = await on.$queryRaw<{ id: string; handle: string }[]>`
    SELECT a.id, a.handle FROM agents a JOIN manifests m ON m.agent_id = a.id AND m.version = a.manifest_version
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.status = 'active' AND a.level > 1
      AND m.content #> '{autonomy,demote}' IS NOT NULL
    ORDER BY a.id LIMIT 10000`;
  return rows.map(({ id, handle }) => ({ agentId: AgentId.parse(id), handle }));
}
