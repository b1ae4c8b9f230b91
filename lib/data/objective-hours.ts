import "server-only";

import { z } from "zod";

import type { HourRange } from "@/lib/core/alerts/ranges";
import type { Tally } from "@/lib/core/objectives/stand";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { HOUR_MS } from "@/lib/core/shared/time";

import type { Db } from "./db";
import { Prisma } from "./generated/client";

/** Whether a run of telemetry is finished, and can be held against an objective `o` of runs. */
const COUNTED = Prisma.sql`
  t.ended_at IS NOT NULL AND t.first_at < clock_timestamp() + interval '1 hour' AND (o.measure <> 'cost' OR t.unpriced = 0)`;
/** Whether such a run is good by an objective `o`. */
const GOOD = Prisma.sql`
  CASE o.measure WHEN 'success' THEN coalesce(c.succeeded, false)
    WHEN 'time' THEN extract(epoch FROM t.last_at - t.first_at) * 1000 <= o.most
    ELSE t.cost_picos <= o.most END`;
const RUNS = Prisma.sql`
  traces t LEFT JOIN counted_runs c ON c.workspace_id = t.workspace_id AND c.trace_id = t.trace_id`;

/** Whether a run of decisions asked people about a call, or was halted, which people end. */
const NEEDED_PERSON = Prisma.sql`(r.asked > 0 OR r.state = 'halted')`;

/** Counts objectives again for some hours, from what happened in those hours and nothing else. */
export async function refreshObjectiveHours(
  on: Db,
  workspaceId: WorkspaceId,
  ids: readonly string[],
  range: HourRange,
): Promise<void> {
  const [from, to] = [new Date(range.from * HOUR_MS), new Date(range.to * HOUR_MS)];
  const mine = Prisma.sql`o.workspace_id = ${workspaceId}::uuid AND o.id = ANY (${[...ids]}::uuid[])`;
  await on.$executeRaw`
    WITH counted AS (
      SELECT o.id, x.hour, x.good, x.total FROM objectives o CROSS JOIN LATERAL (
        SELECT date_trunc('hour', t.first_at, 'UTC') AS hour, count(*) FILTER (WHERE ${GOOD}) AS good, count(*) AS total
        FROM ${RUNS} WHERE t.workspace_id = o.workspace_id AND t.agent_id = o.agent_id AND t.first_at >= ${from}
          AND t.first_at < ${to} AND ${COUNTED} GROUP BY 1) AS x
      WHERE ${mine} AND o.measure IN ('success', 'time', 'cost')
      UNION ALL
      SELECT o.id, x.hour, x.good, x.total FROM objectives o CROSS JOIN LATERAL (
        SELECT date_trunc('hour', r.started_at, 'UTC') AS hour, count(*) FILTER (WHERE NOT ${NEEDED_PERSON}) AS good, count(*) AS total
        FROM runs r WHERE r.workspace_id = o.workspace_id AND r.agent_id = o.agent_id AND r.state <> 'running'
          -- A run gets its id when it is written, a moment after it began.
          AND r.id >= uuid_at(${from}) AND r.id < uuid_at(${to}::timestamptz + interval '1 minute')
          AND r.started_at >= ${from} AND r.started_at < ${to} GROUP BY 1) AS x
      WHERE ${mine} AND o.measure = 'intervention'
      UNION ALL
      SELECT o.id, x.hour, x.good, x.total FROM objectives o CROSS JOIN LATERAL (
        SELECT h.hour, coalesce(sum(h.decisions) FILTER (WHERE h.verdict NOT IN ('deny', 'halt')), 0) AS good,
          sum(h.decisions) AS total
        FROM decision_hours h WHERE h.workspace_id = o.workspace_id AND h.agent_id = o.agent_id AND h.hour >= ${from}
          AND h.hour < ${to} GROUP BY 1) AS x
      WHERE ${mine} AND o.measure = 'denials'
    ), emptied AS (
      SELECT h.objective_id AS id, h.hour, 0 AS good, 0 AS total FROM objective_hours h
      WHERE h.workspace_id = ${workspaceId}::uuid AND h.objective_id = ANY (${[...ids]}::uuid[]) AND h.hour >= ${from}
        AND h.hour < ${to} AND NOT EXISTS (SELECT FROM counted c WHERE c.id = h.objective_id AND c.hour = h.hour)
    )
    INSERT INTO objective_hours AS h (workspace_id, objective_id, hour, good, total)
    SELECT ${workspaceId}::uuid, n.id, n.hour, n.good, n.total
    FROM (SELECT * FROM counted UNION ALL SELECT * FROM emptied) AS n ORDER BY n.id, n.hour
    ON CONFLICT (workspace_id, objective_id, hour) DO UPDATE SET good = excluded.good, total = excluded.total
      WHERE (h.good, h.total) IS DISTINCT FROM (excluded.good, excluded.total)`;
}

/** Notes until when objectives are counted. */
export async function markObjectives(
  on: Db,
  workspaceId: WorkspaceId,
  ids: readonly string[],
  at: Date,
): Promise<void> {
  await on.$executeRaw`
    INSERT INTO objective_marks AS k (objective_id, workspace_id, counted_at)
    SELECT u.id, ${workspaceId}::uuid, ${at} FROM unnest(${[...ids]}::uuid[]) AS u (id) ORDER BY u.id
    ON CONFLICT (objective_id) DO UPDATE SET counted_at = greatest(k.counted_at, excluded.counted_at)`;
}

const Counted = z.object({ id: z.uuid(), hour: z.date(), good: z.number(), total: z.number() });

/** What was counted of every objective in force since a moment, by objective and by the number of the hour or day's first hour. */
export async function listObjectiveHours(
  on: Db,
  workspaceId: WorkspaceId,
  { from, to, by }: { readonly from: Date; readonly to: Date; readonly by: "hour" | "day" },
): Promise<ReadonlyMap<string, ReadonlyMap<number, Tally>>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT h.objective_id AS id, date_trunc(${by}, h.hour, 'UTC') AS hour, sum(h.good)::float8 AS good, sum(h.total)::float8 AS total
    FROM objectives o JOIN objective_hours h ON h.workspace_id = o.workspace_id AND h.objective_id = o.id
    WHERE o.workspace_id = ${workspaceId}::uuid AND o.removed_at IS NULL AND h.hour >= ${from} AND h.hour < ${to}
    GROUP BY 1, 2`;
  const found = new Map<string, Map<number, Tally>>();
  for (const { id, hour, good, total } of Counted.array().parse(rows)) {
    const own = found.get(id) ?? new Map<number, Tally>();
    found.set(id, own.set(hour.getTime() / HOUR_MS, { good, total }));
  }
  return found;
}

const Missed = z.object({
  run_id: z.uuid().nullable(),
  trace_id: z.string().nullable(),
  at: z.date(),
  seconds: z.number(),
  cost_picos: z.string().nullable(),
});
/** A run that spent some of an error budget: one of decisions, of telemetry, or of both. */
export type MissedRun = z.infer<typeof Missed>;

type Missing = { readonly from: Date; readonly to: Date; readonly limit: number };

/** The hours in which an objective was missed, the latest first, until so many misses are among them. */
const missedHours = (workspaceId: WorkspaceId, objectiveId: string, { from, to, limit }: Missing) => Prisma.sql`
    SELECT s.hour FROM (
      SELECT h.hour, h.total - h.good AS bad, sum(h.total - h.good) OVER (ORDER BY h.hour DESC) AS reached
      FROM objective_hours h WHERE h.workspace_id = ${workspaceId}::uuid AND h.objective_id = ${objectiveId}::uuid
        AND h.hour >= ${from} AND h.hour < ${to} AND h.total > h.good) AS s
    WHERE s.reached - s.bad < ${limit}`;

/** The latest runs that spent an error budget: of those hours alone that are known to hold some. */
export async function listMissedRuns(
  on: Db,
  workspaceId: WorkspaceId,
  objectiveId: string,
  missing: Missing,
): Promise<readonly MissedRun[]> {
  const rows = await on.$queryRaw<unknown[]>`
    WITH hours AS MATERIALIZED (${missedHours(workspaceId, objectiveId, missing)})
    SELECT * FROM (
      SELECT run_of_trace(t.workspace_id, t.agent_id, t.session, t.run) AS run_id, encode(t.trace_id, 'hex') AS trace_id,
        t.first_at AS at,
        extract(epoch FROM t.last_at - t.first_at)::float8 AS seconds, t.cost_picos::text AS cost_picos
      FROM objectives o CROSS JOIN hours h JOIN ${RUNS} ON t.workspace_id = o.workspace_id AND t.agent_id = o.agent_id
        AND t.first_at >= h.hour AND t.first_at < h.hour + interval '1 hour'
      WHERE o.workspace_id = ${workspaceId}::uuid AND o.id = ${objectiveId}::uuid
        AND o.measure IN ('success', 'time', 'cost') AND ${COUNTED} AND NOT ${GOOD}
      UNION ALL
      SELECT r.id, NULL, r.started_at, extract(epoch FROM r.last_at - r.started_at)::float8, NULL
      FROM objectives o CROSS JOIN hours h JOIN runs r ON r.workspace_id = o.workspace_id AND r.agent_id = o.agent_id
        AND r.id >= uuid_at(h.hour) AND r.id < uuid_at(h.hour + interval '61 minutes')
        AND r.started_at >= h.hour AND r.started_at < h.hour + interval '1 hour'
      WHERE o.workspace_id = ${workspaceId}::uuid AND o.id = ${objectiveId}::uuid AND o.measure = 'intervention'
        AND r.state <> 'running' AND ${NEEDED_PERSON}
    ) AS missed ORDER BY at DESC, trace_id, run_id LIMIT ${missing.limit}`;
  return Missed.array().parse(rows);
}
