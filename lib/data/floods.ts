import "server-only";

import { z } from "zod";

import { AskedLately, type AskingDetail, Flood, Successor } from "@/lib/core/approvals/flood";
import { ApprovalId, type WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

/** Agents that are paused for flooding now, the longest first. */
export async function listFloodRows(on: Db, workspaceId: WorkspaceId): Promise<readonly Flood[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT g.handle AS agent, g.dri_id AS "driId", f.refused, f.since, f.paused_until AS "pausedUntil", clock_timestamp() AS now,
           (SELECT count(*)::int FROM approvals a WHERE a.agent_id = f.agent_id AND a.state = 'waiting' AND a.expires_at > clock_timestamp()) AS waiting
    FROM floods f JOIN agents g ON g.id = f.agent_id
    WHERE f.workspace_id = ${workspaceId}::uuid AND f.paused_until > clock_timestamp() ORDER BY f.since, g.handle LIMIT 50`;
  return Flood.array().parse(rows);
}

/**
 * Forgets an agent's flood, under the lock by which its calls are committed.
 *
 * @returns how often it was refused; null when it is not paused
 */
export async function endFlood(tx: Tx, workspaceId: WorkspaceId, agentId: string): Promise<number | null> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(agent_lock_key(${agentId}::uuid))::text`;
  const rows = await tx.$queryRaw<{ refused: number }[]>`
    DELETE FROM floods WHERE workspace_id = ${workspaceId}::uuid AND agent_id = ${agentId}::uuid AND paused_until > clock_timestamp()
    RETURNING refused`;
  return rows[0]?.refused ?? null;
}

const IdRow = z.object({ id: ApprovalId });

/** What one agent has waiting, oldest first. */
export async function listWaitingIds(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: string,
  limit: number,
): Promise<readonly ApprovalId[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id FROM approvals WHERE workspace_id = ${workspaceId}::uuid AND agent_id = ${agentId}::uuid
      AND state = 'waiting' AND expires_at > clock_timestamp() ORDER BY id LIMIT ${limit}`;
  return IdRow.array()
    .parse(rows)
    .map(({ id }) => id);
}

/** How often the agent of a request asked for the same tool with the same arguments, up to and with it, within an hour: once at least. */
export async function findAskedLately(on: Db, workspaceId: WorkspaceId, approvalId: string): Promise<AskedLately> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT greatest(1, count(*)::int) AS asked, count(*) FILTER (WHERE o.state IN ('denied', 'returned'))::int AS denied
    FROM approvals a JOIN approvals o ON o.agent_id = a.agent_id AND o.shape_digest = a.shape_digest
      AND o.created_at BETWEEN a.created_at - interval '1 hour' AND a.created_at AND o.state <> 'superseded'
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${approvalId}::uuid`;
  return AskedLately.parse(rows[0]);
}

/** What the agent of a request did besides asking it. */
export async function findAskingDetail(
  on: Db,
  workspaceId: WorkspaceId,
  approval: { readonly id: string; readonly supersededBy: string | null },
): Promise<AskingDetail> {
  const lately = await findAskedLately(on, workspaceId, approval.id);
  if (approval.supersededBy === null) return { lately, successor: null };
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, display -> 'headline' AS headline FROM approvals
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${approval.supersededBy}::uuid`;
  return { lately, successor: Successor.safeParse(rows[0]).data ?? null };
}
