import "server-only";

import { z } from "zod";

import type { HourRange } from "@/lib/core/alerts/ranges";
import type { DecisionHour, SignalHour } from "@/lib/core/alerts/tally";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { countValue } from "@/lib/core/shared/log-histogram";
import { HOUR_MS } from "@/lib/core/shared/time";

import type { Db } from "./db";

const instant = (hour: number): string => new Date(hour * HOUR_MS).toISOString();
const hourNumber = z.date().transform((at) => Math.floor(at.getTime() / HOUR_MS));
const Known = z.object({ agent_id: z.uuid(), hour: hourNumber });
const Counted = z.object({ agent_id: z.uuid(), hour: hourNumber, n: z.int() });
const Waited = z.object({ agent_id: z.uuid(), hour: hourNumber, seconds: z.number() });

/** The last hour that was counted; null for none. */
export async function findLastSignalHour(on: Db, workspaceId: WorkspaceId): Promise<number | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT max(hour) AS hour FROM signal_hours WHERE workspace_id = ${workspaceId}::uuid`;
  return z.object({ hour: hourNumber.nullable() }).parse(rows[0]).hour;
}

/**
 * Counts again, for some hours, what no other rollup counts: runs that began, tool calls without a decision and how long
 * people took to answer. Reads what happened in those hours and nothing else. An hour in which nothing is left becomes zero.
 */
export async function refreshSignalHours(on: Db, workspaceId: WorkspaceId, range: HourRange): Promise<void> {
  const [from, to] = [new Date(range.from * HOUR_MS), new Date(range.to * HOUR_MS)];
  const [known, runs, ungoverned, waits] = [
    await on.$queryRaw<unknown[]>`
      SELECT s.agent_id, s.hour FROM signal_hours s
      WHERE s.workspace_id = ${workspaceId}::uuid AND s.hour >= ${from} AND s.hour < ${to}`,
    await on.$queryRaw<unknown[]>`
      SELECT g.id AS agent_id, t.hour, t.n FROM agents g CROSS JOIN LATERAL (
        SELECT date_trunc('hour', t.first_at, 'UTC') AS hour, count(*)::int AS n FROM traces t
        WHERE t.workspace_id = g.workspace_id AND t.agent_id = g.id AND t.first_at >= ${from}
          AND t.first_at < ${to} AND t.first_at < clock_timestamp() + interval '1 hour' GROUP BY 1) AS t
      WHERE g.workspace_id = ${workspaceId}::uuid`,
    await on.$queryRaw<unknown[]>`
      SELECT g.id AS agent_id, c.hour, c.n FROM agents g CROSS JOIN LATERAL (
        SELECT date_trunc('hour', c.started_at, 'UTC') AS hour, count(*)::int AS n FROM executed_calls c
        WHERE c.workspace_id = g.workspace_id AND c.agent_id = g.id AND c.started_at >= ${from}
          AND c.started_at < ${to} AND c.in_window AND c.decision_id IS NULL AND c.joined_at IS NOT NULL GROUP BY 1) AS c
      WHERE g.workspace_id = ${workspaceId}::uuid`,
    await on.$queryRaw<unknown[]>`
      SELECT a.agent_id, date_trunc('hour', a.settled_at, 'UTC') AS hour,
        extract(epoch FROM a.settled_at - a.created_at)::float8 AS seconds
      FROM approvals a
      WHERE a.workspace_id = ${workspaceId}::uuid AND a.settled_at >= ${from} AND a.settled_at < ${to}
        AND a.executor = 'agent'
        AND a.state IN ('approved', 'denied', 'returned', 'expired', 'consumed')`,
  ];
  const hours = new Map<string, { agent: string; hour: number; runs: number; ungoverned: number; waits: number[] }>();
  const at = (agent: string, hour: number) => {
    const key = `${agent} ${hour}`;
    const found = hours.get(key) ?? { agent, hour, runs: 0, ungoverned: 0, waits: [] };
    hours.set(key, found);
    return found;
  };
  for (const { agent_id, hour } of Known.array().parse(known)) at(agent_id, hour);
  for (const { agent_id, hour, n } of Counted.array().parse(runs)) at(agent_id, hour).runs = n;
  for (const { agent_id, hour, n } of Counted.array().parse(ungoverned)) at(agent_id, hour).ungoverned = n;
  for (const { agent_id, hour, seconds } of Waited.array().parse(waits)) countValue(at(agent_id, hour).waits, seconds);
  const rows = [...hours.values()];
  if (rows.length === 0) return;
  const written = rows.map((row) => ({ ...row, hour: instant(row.hour), waits: `{${row.waits.join(",")}}` }));
  await on.$executeRaw`
    INSERT INTO signal_hours AS s (workspace_id, hour, agent_id, runs, ungoverned, waits)
    SELECT ${workspaceId}::uuid, i.hour, i.agent, i.runs, i.ungoverned, i.waits::bigint[]
    FROM jsonb_to_recordset(${JSON.stringify(written)}::jsonb)
      AS i (agent uuid, hour timestamptz, runs bigint, ungoverned bigint, waits text)
    ORDER BY i.hour, i.agent
    ON CONFLICT (workspace_id, hour, agent_id) DO UPDATE
      SET runs = excluded.runs, ungoverned = excluded.ungoverned, waits = excluded.waits
      WHERE (s.runs, s.ungoverned, s.waits) IS DISTINCT FROM (excluded.runs, excluded.ungoverned, excluded.waits)`;
}

const bounds = (ranges: readonly HourRange[]) => ({
  from: ranges.map(({ from }) => instant(from)),
  to: ranges.map(({ to }) => instant(to)),
});

const SignalRow = z.object({
  agent_id: z.uuid(),
  hour: hourNumber,
  runs: z.number(),
  ungoverned: z.number(),
  waits: z.array(z.number()),
});

/** What was counted for signals alone, in some ranges of hours. */
export async function listSignalHours(
  on: Db,
  workspaceId: WorkspaceId,
  ranges: readonly HourRange[],
): Promise<readonly SignalHour[]> {
  const { from, to } = bounds(ranges);
  const rows = await on.$queryRaw<unknown[]>`
    SELECT s.agent_id, s.hour, s.runs::float8, s.ungoverned::float8, s.waits::float8[]
    FROM unnest(${from}::timestamptz[], ${to}::timestamptz[]) AS r (since, until)
    JOIN signal_hours s ON s.workspace_id = ${workspaceId}::uuid AND s.hour >= r.since AND s.hour < r.until`;
  return SignalRow.array()
    .parse(rows)
    .map(({ agent_id: agentId, ...row }) => ({ agentId, ...row }));
}

/** How many runs began on each day, by the number of the day's first hour. */
export async function listRunDays(
  on: Db,
  workspaceId: WorkspaceId,
  { from, to }: HourRange,
): Promise<readonly { readonly agentId: string; readonly hour: number; readonly runs: number }[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT s.agent_id, date_trunc('day', s.hour, 'UTC') AS hour, sum(s.runs)::int AS n FROM signal_hours s
    WHERE s.workspace_id = ${workspaceId}::uuid AND s.hour >= ${instant(from)}::timestamptz AND s.hour < ${instant(to)}::timestamptz
    GROUP BY 1, 2`;
  return Counted.array()
    .parse(rows)
    .map(({ agent_id: agentId, hour, n: runs }) => ({ agentId, hour, runs }));
}

const DecisionRow = z.object({ agent_id: z.uuid(), hour: hourNumber, decisions: z.number(), refused: z.number() });

/** Decisions by hour and agent, in some ranges of hours. */
export async function listDecisionHours(
  on: Db,
  workspaceId: WorkspaceId,
  ranges: readonly HourRange[],
): Promise<readonly DecisionHour[]> {
  const { from, to } = bounds(ranges);
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.agent_id, d.hour, sum(d.decisions)::float8 AS decisions,
      coalesce(sum(d.decisions) FILTER (WHERE d.verdict IN ('deny', 'halt')), 0)::float8 AS refused
    FROM unnest(${from}::timestamptz[], ${to}::timestamptz[]) AS r (since, until)
    JOIN decision_hours d ON d.workspace_id = ${workspaceId}::uuid AND d.hour >= r.since AND d.hour < r.until
    GROUP BY 1, 2`;
  return DecisionRow.array()
    .parse(rows)
    .map(({ agent_id: agentId, ...row }) => ({ agentId, ...row }));
}

/** The tool most of an agent's refused decisions were about, and its share of them; null without any. */
export async function findRefusedTool(
  on: Db,
  workspaceId: WorkspaceId,
  { agentId, from, to }: { readonly agentId: string } & HourRange,
): Promise<{ readonly tool: string; readonly share: number } | null> {
  const rows = await on.$queryRaw<{ tool: string; share: number }[]>`
    SELECT d.tool, (sum(d.decisions) / sum(sum(d.decisions)) OVER ())::float8 AS share FROM decision_hours d
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.agent_id = ${agentId}::uuid AND d.verdict IN ('deny', 'halt')
      AND d.hour >= ${instant(from)}::timestamptz AND d.hour < ${instant(to)}::timestamptz
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1`;
  return rows[0] ?? null;
}

const Watched = z.object({
  id: z.uuid(),
  handle: z.string(),
  demo: z.boolean(),
  telemetry_since: hourNumber.nullable(),
  decisions_since: hourNumber.nullable(),
  last_event_at: z.date().nullable(),
});

/** An agent whose signals are watched, and since when there is anything to compare with. */
export type WatchedAgent = {
  readonly id: string;
  readonly handle: string;
  readonly demo: boolean;
  readonly telemetrySince: number | null;
  readonly decisionsSince: number | null;
  readonly lastEventAt: Date | null;
};

/** Every active agent. One that is stopped, retired or not begun has no usual to keep to. */
export async function listWatchedAgents(on: Db, workspaceId: WorkspaceId): Promise<readonly WatchedAgent[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT g.id, g.handle, g.demo,
      (SELECT min(h.hour) FROM agent_hours h WHERE h.workspace_id = g.workspace_id AND h.agent_id = g.id) AS telemetry_since,
      (SELECT min(h.hour) FROM decision_hours h WHERE h.workspace_id = g.workspace_id AND h.agent_id = g.id) AS decisions_since,
      (SELECT max(f.last_event_at) FROM feeds f WHERE f.workspace_id = g.workspace_id AND f.agent_id = g.id) AS last_event_at
    FROM agents g WHERE g.workspace_id = ${workspaceId}::uuid AND g.status = 'active' ORDER BY g.handle LIMIT 2000`;
  return Watched.array()
    .parse(rows)
    .map(({ telemetry_since, decisions_since, last_event_at, ...agent }) => ({
      ...agent,
      telemetrySince: telemetry_since,
      decisionsSince: decisions_since,
      lastEventAt: last_event_at,
    }));
}
