import "server-only";

import { AgentId, type MemberId, type RunId, type StopId, type WorkspaceId } from "@/lib/core/shared/brand";
import { Stop } from "@/lib/core/workspaces/stop";

import type { Db, Tx } from "./db";

/** Takes the workspace exclusively until the transaction ends: waits for decisions under way and holds back later ones. */
export async function lockWorkspace(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(workspace_lock_key(${workspaceId}::uuid))::text`;
}

/** Makes every cached policy of the workspace stale. */
export async function bumpWorkspaceEpoch(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
  await tx.workspaceControl.update({
    where: { workspaceId },
    data: { epoch: { increment: 1 } },
    select: { epoch: true },
  });
}

/** Makes every cached policy of one agent stale. */
export async function bumpAgentEpoch(tx: Tx, workspaceId: WorkspaceId, agentId: AgentId): Promise<void> {
  await tx.agent.update({
    where: { id: agentId, workspaceId },
    data: { epoch: { increment: 1 } },
    select: { epoch: true },
  });
}

export async function setStopped(tx: Tx, workspaceId: WorkspaceId, stopped: boolean): Promise<void> {
  await tx.workspaceControl.update({ where: { workspaceId }, data: { stopped }, select: { epoch: true } });
}

/** @returns the suspended agent, or null when there is no active one of that handle */
export async function suspendAgent(tx: Tx, workspaceId: WorkspaceId, handle: string): Promise<AgentId | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE agents SET status = 'suspended', epoch = epoch + 1
    WHERE workspace_id = ${workspaceId}::uuid AND handle = ${handle} AND status = 'active' RETURNING id`;
  return rows[0] ? AgentId.parse(rows[0].id) : null;
}

export async function reactivateAgent(tx: Tx, workspaceId: WorkspaceId, agentId: string): Promise<void> {
  await tx.agent.updateMany({
    where: { id: agentId, workspaceId, status: "suspended" },
    data: { status: "active", epoch: { increment: 1 } },
  });
}

/** @returns false when the run is unknown or does not run */
export async function haltRun(tx: Tx, workspaceId: WorkspaceId, runId: RunId, reason: string): Promise<boolean> {
  const { count } = await tx.run.updateMany({
    where: { id: runId, workspaceId, state: "running" },
    data: { state: "halted", haltedReason: reason },
  });
  return count === 1;
}

type NewStop = {
  readonly id: StopId;
  readonly scope: Stop["scope"];
  readonly targetId: string | null;
  readonly reason: string;
  readonly by: MemberId;
  readonly requestedAt: Date;
};

/** @returns when the database confirmed it: from then on no decision can be committed that does not see it */
export async function insertStop(tx: Tx, workspaceId: WorkspaceId, stop: NewStop): Promise<Date> {
  const rows = await tx.$queryRaw<{ confirmed_at: Date }[]>`
    INSERT INTO stops (id, workspace_id, scope, target_id, reason, requested_by, requested_at, confirmed_at)
    VALUES (${stop.id}::uuid, ${workspaceId}::uuid, ${stop.scope}, ${stop.targetId}::uuid, ${stop.reason}, ${stop.by}::uuid,
            ${stop.requestedAt}, clock_timestamp())
    RETURNING confirmed_at`;
  return rows[0]?.confirmed_at ?? stop.requestedAt;
}

/** Open stops of a workspace scope, for knowing whether another still holds. */
export async function countOpenWorkspaceStops(tx: Tx, workspaceId: WorkspaceId): Promise<number> {
  return tx.stop.count({ where: { workspaceId, scope: "workspace", resumedAt: null } });
}

export type OpenStop = {
  readonly id: string;
  readonly scope: Stop["scope"];
  readonly targetId: string | null;
  readonly requestedBy: string | null;
};

/** The open stop of this id, its row locked; null when unknown or already resumed. */
export async function claimOpenStop(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<OpenStop | null> {
  const rows = await tx.$queryRaw<
    { id: string; scope: Stop["scope"]; target_id: string | null; requested_by: string | null }[]
  >`
    SELECT id, scope, target_id, requested_by FROM stops
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND resumed_at IS NULL FOR UPDATE`;
  const row = rows[0];
  return row ? { id: row.id, scope: row.scope, targetId: row.target_id, requestedBy: row.requested_by } : null;
}

export async function closeStop(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  by: MemberId,
  note: string,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE stops SET resumed_by = ${by}::uuid, resumed_at = clock_timestamp(), resume_note = ${note}
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`;
}

/** The latest stops first, open ones before all others. */
export async function listStopRows(on: Db, workspaceId: WorkspaceId, limit: number): Promise<readonly Stop[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT s.id, s.scope, coalesce(a.handle, s.target_id::text) AS target, s.reason, m.name AS requested_by, s.requested_at,
           s.confirmed_at, r.name AS resumed_by, s.resumed_at
    FROM stops s
    LEFT JOIN members m ON m.id = s.requested_by
    LEFT JOIN members r ON r.id = s.resumed_by
    LEFT JOIN agents a ON a.id = s.target_id
    WHERE s.workspace_id = ${workspaceId}::uuid
    ORDER BY (s.resumed_at IS NULL) DESC, s.id DESC LIMIT ${limit}`;
  return rows.map((row) => Stop.parse(row));
}
