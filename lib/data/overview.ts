import "server-only";

import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import {
  AgentDay,
  type AgentDays,
  AllAgentsDay,
  BandCount,
  HaltedRun,
  HourCount,
  PendingManifest,
  RefusingRule,
  WaitingItem,
} from "@/lib/core/workspaces/overview";

import type { Db } from "./db";
import { TARGET } from "./desk";
import { Prisma } from "./generated/client";

/** How many decisions of a day are counted at most, newest first: an overview must answer, however busy the day. */
export const MOST_COUNTED = 200_000;

/** Start of the current UTC day by the database's clock. */
const TODAY = Prisma.sql`date_trunc('day', clock_timestamp(), 'UTC')`;

// The id is the time and days are partitions of ids, so a bound on the id reads today's partition alone.
const todays = (workspaceId: WorkspaceId) => Prisma.sql`
  (SELECT id, agent_id, tool, verdict, rule, reserved_micros, created_at FROM decisions
   WHERE workspace_id = ${workspaceId}::uuid AND id >= uuid_at(${TODAY}) ORDER BY id DESC LIMIT ${MOST_COUNTED})`;

export type WorkspaceUse = {
  readonly day: Date;
  readonly agents: number;
  readonly used: boolean;
};

/** The day, and whether there is anything to look at yet. */
export async function findUse(on: Db, workspaceId: WorkspaceId): Promise<WorkspaceUse> {
  const rows = await on.$queryRaw<WorkspaceUse[]>`
    SELECT ${TODAY} AS day, (SELECT count(*)::int FROM agents WHERE workspace_id = ${workspaceId}::uuid AND status <> 'retired') AS agents,
           EXISTS (SELECT FROM decisions WHERE workspace_id = ${workspaceId}::uuid) AS used`;
  const row = rows[0];
  if (!row) throw new Error("a query without a table answered no row");
  return row;
}

/** Whether a member answers for an agent that is not retired. */
export async function ownsAgent(on: Db, workspaceId: WorkspaceId, memberId: MemberId): Promise<boolean> {
  const rows = await on.$queryRaw<{ owns: boolean }[]>`
    SELECT EXISTS (SELECT FROM agents
      WHERE workspace_id = ${workspaceId}::uuid AND dri_id = ${memberId}::uuid AND status <> 'retired') AS owns`;
  return rows[0]?.owns ?? false;
}

const OPEN = Prisma.sql`a.state = 'waiting' AND a.expires_at > clock_timestamp()`;

/** Waiting actions by band. */
export async function countWaitingByBand(on: Db, workspaceId: WorkspaceId): Promise<readonly BandCount[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.band, count(*)::int AS waiting FROM approvals a
    WHERE a.workspace_id = ${workspaceId}::uuid AND ${OPEN} GROUP BY a.band`;
  return BandCount.array().parse(rows);
}

/** The waiting actions that are due first. */
export async function listSoonest(on: Db, workspaceId: WorkspaceId, limit: number): Promise<readonly WaitingItem[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id, g.handle AS agent, a.tool, a.display -> 'headline' AS headline, ${TARGET} AS target, a.band, a.score, a.expires_at
    FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND ${OPEN} ORDER BY a.expires_at, a.id LIMIT ${limit}`;
  return WaitingItem.array().parse(rows);
}

/** Manifest versions that wait for a second person, oldest first. */
export async function listPendingManifests(
  on: Db,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly PendingManifest[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT g.handle AS agent, v.version, m.name AS author, v.created_at
    FROM manifests v JOIN agents g ON g.id = v.agent_id LEFT JOIN members m ON m.id = v.created_by
    WHERE v.workspace_id = ${workspaceId}::uuid AND v.state = 'pending' ORDER BY v.id LIMIT ${limit}`;
  return PendingManifest.array().parse(rows);
}

/** Today's decisions by hour and verdict. */
export async function countByHour(on: Db, workspaceId: WorkspaceId): Promise<readonly HourCount[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT extract(hour FROM d.created_at AT TIME ZONE 'UTC')::int AS hour, d.verdict, count(*)::int AS count
    FROM ${todays(workspaceId)} d GROUP BY 1, 2 ORDER BY 1, 2`;
  return HourCount.array().parse(rows);
}

/** The rules that refused most today. */
export async function listRefusingRules(
  on: Db,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly RefusingRule[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT g.handle AS agent, d.tool, d.verdict, d.rule, count(*)::int AS count
    FROM ${todays(workspaceId)} d JOIN agents g ON g.id = d.agent_id
    WHERE d.verdict IN ('deny', 'halt') GROUP BY 1, 2, 3, 4 ORDER BY count DESC, agent, d.tool, d.rule LIMIT ${limit}`;
  return RefusingRule.array().parse(rows);
}

/** The runs that ended halted today, latest first. */
export async function listHaltedRuns(on: Db, workspaceId: WorkspaceId, limit: number): Promise<readonly HaltedRun[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT r.id, g.handle AS agent, r.external_id AS run, r.halted_reason AS reason, r.last_at
    FROM runs r JOIN agents g ON g.id = r.agent_id
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.state = 'halted' AND r.last_at >= ${TODAY}
    ORDER BY r.last_at DESC, r.id LIMIT ${limit}`;
  return HaltedRun.array().parse(rows);
}

/**
 * Each agent's day, the most refused first, at most so many; and the sums of all agents, shown or not.
 *
 * @param owner counts the agents that this member answers for alone
 */
export async function listAgentDays(
  on: Db,
  workspaceId: WorkspaceId,
  { limit, owner }: { readonly limit: number; readonly owner: MemberId | null },
): Promise<AgentDays> {
  const rows = await on.$queryRaw<Record<string, unknown>[]>`
    WITH every AS (
      SELECT d.agent_id, count(*)::int AS decisions, count(*) FILTER (WHERE d.verdict = 'allow')::int AS allowed,
             count(*) FILTER (WHERE d.verdict = 'deny')::int AS denied, count(*) FILTER (WHERE d.verdict = 'halt')::int AS halted,
             coalesce(sum(e.settled_micros), 0)::float8 AS settled_micros,
             coalesce(sum(e.reserved_micros) FILTER (WHERE e.settled_micros IS NULL), 0)::float8 AS reserved_micros,
             count(e.named_micros)::int AS priced
      FROM ${todays(workspaceId)} d LEFT JOIN executions e ON e.decision_id = d.id
      WHERE ${owner}::uuid IS NULL OR d.agent_id IN (
        SELECT o.id FROM agents o WHERE o.workspace_id = ${workspaceId}::uuid AND o.dri_id = ${owner}::uuid)
      GROUP BY d.agent_id),
    day AS (SELECT * FROM every ORDER BY denied + halted DESC, decisions DESC, agent_id LIMIT ${limit})
    SELECT NULL AS agent, false AS demo, count(*)::int AS agents, coalesce(sum(decisions), 0)::int AS decisions,
           coalesce(sum(allowed), 0)::int AS allowed, coalesce(sum(denied), 0)::int AS denied, coalesce(sum(halted), 0)::int AS halted,
           coalesce(sum(settled_micros), 0)::float8 AS settled_micros, coalesce(sum(reserved_micros), 0)::float8 AS reserved_micros,
           coalesce(sum(priced), 0)::int AS priced, 0::float8 AS dearest_run_micros, NULL::float8 AS run_bound_usd
    FROM every
    UNION ALL
    SELECT g.handle AS agent, g.demo, 1, day.decisions, day.allowed, day.denied, day.halted, day.settled_micros, day.reserved_micros,
           day.priced,
           coalesce((SELECT max(r.cost_micros) FROM runs r WHERE r.agent_id = g.id AND r.last_at >= ${TODAY}), 0)::float8,
           (m.content -> 'execution' ->> 'max_cost_usd')::float8
    FROM day JOIN agents g ON g.id = day.agent_id
    LEFT JOIN manifests m ON m.agent_id = g.id AND m.version = g.manifest_version
    WHERE g.workspace_id = ${workspaceId}::uuid`;
  const [all] = rows.filter(({ agent }) => agent === null);
  const days = AgentDay.array().parse(rows.filter(({ agent }) => agent !== null));
  return { all: AllAgentsDay.parse(all), days: days.toSorted(byRefusals) };
}

const byRefusals = (a: AgentDay, b: AgentDay) =>
  b.denied + b.halted - (a.denied + a.halted) || b.decisions - a.decisions || a.agent.localeCompare(b.agent);
