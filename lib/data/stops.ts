import "server-only";

import { AgentId, type MemberId, type RunId, type StopId, type WorkspaceId } from "@/lib/core/shared/brand";
import type { RunAllowance } from "@/lib/core/workspaces/consent";
import { type Stage, Stop, WorkspaceStage } from "@/lib/core/workspaces/stop";

import { type Db, HELD_SILENTLY_MS, type Tx } from "./db";
import { CONSENTS } from "./stop-consents";

/** Takes the workspace exclusively until the transaction ends: waits for decisions under way and holds back later ones. */
export async function lockWorkspace(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
  await tx.$queryRaw`
    SELECT pg_advisory_xact_lock(workspace_lock_key(${workspaceId}::uuid))::text,
      set_config('idle_in_transaction_session_timeout', ${HELD_SILENTLY_MS}, true)`;
}

/** Makes every cached policy of the workspace stale. */
export async function bumpWorkspaceEpoch(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
  await tx.workspaceControl.update({
    where: { workspaceId },
    data: { epoch: { increment: 1 } },
    select: { epoch: true },
  });
}

/** Moves the workspace to another stage; what the engine obeys moves with it. */
export async function setStage(tx: Tx, workspaceId: WorkspaceId, stage: Stage): Promise<void> {
  await tx.$executeRaw`
    UPDATE workspace_controls SET stage = ${stage}, stopped = ${stage === "stopped"}, stage_since = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid`;
}

/** How far the workspace is, and since when. A workspace without a control row is stopped. */
export async function findStage(on: Db, workspaceId: WorkspaceId): Promise<WorkspaceStage> {
  const row = await on.workspaceControl.findFirst({
    where: { workspaceId },
    select: { stage: true, stageSince: true },
  });
  return WorkspaceStage.parse({ stage: row?.stage ?? "stopped", since: row?.stageSince ?? new Date(0) });
}

/** Whether the workspace has been in a stage for this long, by the database's clock. */
export async function hasBeenIn(on: Db, workspaceId: WorkspaceId, stage: Stage, minutes: number): Promise<boolean> {
  const rows = await on.$queryRaw<{ epoch: bigint }[]>`
    SELECT epoch FROM workspace_controls WHERE workspace_id = ${workspaceId}::uuid AND stage = ${stage}
      AND stage_since <= clock_timestamp() - make_interval(mins => ${minutes}::int)`;
  return rows.length > 0;
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
    where: { id: runId, workspaceId, state: { in: ["running", "ended"] } }, // a later call would open an ended one again
    data: { state: "halted", haltedReason: reason, endedAt: null, endedReason: null },
  });
  return count === 1;
}

/**
 * Lets a halted run go on, with what it may use beyond its bounds.
 *
 * Like the time, the attempts that this stop only answered with a halt use up nothing: an agent that asked on would
 * otherwise have spent the allowance before it was given.
 *
 * @returns false when the run is not halted
 */
export async function resumeRun(
  tx: Tx,
  workspaceId: WorkspaceId,
  { runId, stopId, allowance }: { readonly runId: string; readonly stopId: string; readonly allowance: RunAllowance },
): Promise<boolean> {
  const { steps, seconds, costMicros } = allowance;
  const count = await tx.$executeRaw`
    UPDATE runs r SET state = 'running', halted_reason = NULL, extra_seconds = r.extra_seconds + ${seconds}::int,
      extra_cost_micros = r.extra_cost_micros + ${costMicros}::bigint,
      extra_steps = r.extra_steps + ${steps}::int + (
        SELECT count(*)::int FROM decisions d JOIN stops s ON s.id = ${stopId}::uuid
        WHERE d.run_id = r.id AND d.verdict = 'halt' AND d.created_at >= s.confirmed_at)
    WHERE r.id = ${runId}::uuid AND r.workspace_id = ${workspaceId}::uuid AND r.state = 'halted'`;
  return count === 1;
}

type NewStop = {
  readonly id: StopId;
  readonly scope: Stop["scope"];
  readonly targetId: string | null;
  readonly reason: string;
  /** Null when a bound stopped it. */
  readonly by: MemberId | null;
  readonly requestedAt: Date;
  /** The decision that met the bound. */
  readonly decisionId?: string;
};

/** @returns when the database confirmed it: from then on no decision can be committed that does not see it */
export async function insertStop(tx: Tx, workspaceId: WorkspaceId, stop: NewStop): Promise<Date> {
  const rows = await tx.$queryRaw<{ confirmed_at: Date }[]>`
    INSERT INTO stops (id, workspace_id, scope, target_id, reason, requested_by, requested_at, confirmed_at, decision_id)
    VALUES (${stop.id}::uuid, ${workspaceId}::uuid, ${stop.scope}, ${stop.targetId}::uuid, ${stop.reason}, ${stop.by}::uuid,
            ${stop.requestedAt}, clock_timestamp(), ${stop.decisionId ?? null}::uuid)
    RETURNING confirmed_at`;
  return rows[0]?.confirmed_at ?? stop.requestedAt;
}

/** Open stops of a workspace scope, for knowing whether another still holds. */
export async function countOpenWorkspaceStops(tx: Tx, workspaceId: WorkspaceId): Promise<number> {
  return tx.stop.count({ where: { workspaceId, scope: "workspace", resumedAt: null } });
}

/** Whether the workspace is under a stop that no person asked for. */
export async function hasSystemStop(tx: Tx, workspaceId: WorkspaceId): Promise<boolean> {
  const where = { workspaceId, scope: "workspace", requestedBy: null, resumedAt: null };
  return (await tx.stop.findFirst({ where, select: { id: true } })) !== null;
}

export type OpenStop = {
  readonly id: string;
  readonly scope: Stop["scope"];
  readonly targetId: string | null;
  /** The stopped agent, or the agent of the stopped run. */
  readonly agentId: string | null;
  /** Who answers for that agent, or did so lately. */
  readonly dris: readonly string[];
};

/** The open stop of this id, its row locked; null when unknown or already resumed. */
export async function claimOpenStop(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<OpenStop | null> {
  const rows = await tx.$queryRaw<OpenStop[]>`
    SELECT s.id, s.scope, s.target_id AS "targetId", g.id AS "agentId",
      CASE WHEN g.id IS NULL THEN '{}' ELSE g.dri_id || dris_lately(g.id, clock_timestamp()) END AS dris
    FROM stops s
    LEFT JOIN runs r ON s.scope = 'run' AND r.id = s.target_id
    LEFT JOIN agents g ON g.id = CASE s.scope WHEN 'agent' THEN s.target_id ELSE r.agent_id END
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.id = ${id}::uuid AND s.resumed_at IS NULL FOR UPDATE OF s`;
  return rows[0] ?? null;
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
    SELECT s.id, s.scope, a.id AS agent_id, coalesce(a.handle, s.target_id::text) AS target, s.reason, m.name AS requested_by, s.requested_at,
           s.confirmed_at, ${CONSENTS} AS consents, r.name AS resumed_by, s.resumed_at
    FROM stops s
    LEFT JOIN members m ON m.id = s.requested_by
    LEFT JOIN members r ON r.id = s.resumed_by
    LEFT JOIN agents a ON a.id = s.target_id
    WHERE s.workspace_id = ${workspaceId}::uuid
    ORDER BY (s.resumed_at IS NULL) DESC, s.id DESC LIMIT ${limit}`;
  return rows.map((row) => Stop.parse(row));
}
