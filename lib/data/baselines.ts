import "server-only";

import { z } from "zod";

import type { Outcomes } from "@/lib/core/baselines/compare";
import { Baseline, type StoredBaseline } from "@/lib/core/baselines/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

const Stored = z.object({
  id: z.uuid(),
  baseline: Baseline.nullable().catch(null),
  created_by: z.string(),
  created_at: z.date(),
});

/** The baseline of an agent; null where none is recorded, or one with figures that are refused by now. */
export async function findBaseline(on: Db, workspaceId: WorkspaceId, agentId: string): Promise<StoredBaseline | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT b.id, b.content AS baseline, m.name AS created_by, b.created_at FROM baselines b JOIN members m ON m.id = b.created_by
    WHERE b.workspace_id = ${workspaceId}::uuid AND b.agent_id = ${agentId}::uuid AND b.removed_at IS NULL`;
  if (rows[0] === undefined) return null;
  const { baseline, ...stored } = Stored.parse(rows[0]);
  return baseline && { ...stored, baseline };
}

type By = { readonly by: MemberId; readonly at: Date };

/** Stores a baseline. */
export async function insertBaseline(
  tx: Tx,
  workspaceId: WorkspaceId,
  { id, agentId, baseline }: { readonly id: string; readonly agentId: string; readonly baseline: Baseline },
  { by, at }: By,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO baselines (id, workspace_id, agent_id, content, created_by, created_at)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${agentId}::uuid, ${JSON.stringify(baseline)}::jsonb, ${by}::uuid, ${at})`;
}

/** Takes an agent's baseline away. @returns its id; null when there is none */
export async function endBaseline(
  tx: Tx,
  workspaceId: WorkspaceId,
  agentId: string,
  { by, at }: By,
): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE baselines SET removed_at = ${at}, removed_by = ${by}::uuid
    WHERE workspace_id = ${workspaceId}::uuid AND agent_id = ${agentId}::uuid AND removed_at IS NULL RETURNING id::text AS id`;
  return rows[0]?.id ?? null;
}

const Figures = z.object({
  first_at: z.date().nullable(),
  runs: z.int(),
  succeeded: z.int(),
  minutes: z.number().nullable(),
  minutes_sd: z.number().nullable(),
  minutes_median: z.number().nullable(),
  priced: z.int(),
  cost: z.number().nullable(),
  cost_sd: z.number().nullable(),
  incidents: z.int(),
  decided: z.int(),
  needed: z.int(),
});

/** What an agent's runs that began in a span and are finished came to. A span is some weeks, so it reads no rollup. */
export async function readOutcomes(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: string,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<Outcomes> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT t.*, d.*, (SELECT count(*)::int FROM incidents i WHERE i.agent_id = ${agentId}::uuid
        AND i.workspace_id = ${workspaceId}::uuid AND i.id >= uuid_at(${from}) AND i.id < uuid_at(${to})) AS incidents
    FROM (
      SELECT min(t.first_at) AS first_at, count(*)::int AS runs, count(*) FILTER (WHERE c.succeeded)::int AS succeeded,
        avg(m.minutes)::float8 AS minutes, stddev_samp(m.minutes)::float8 AS minutes_sd,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY m.minutes)::float8 AS minutes_median,
        count(*) FILTER (WHERE t.unpriced = 0)::int AS priced,
        (avg(t.cost_picos) FILTER (WHERE t.unpriced = 0) / 1e12)::float8 AS cost,
        (stddev_samp(t.cost_picos) FILTER (WHERE t.unpriced = 0) / 1e12)::float8 AS cost_sd
      FROM traces t LEFT JOIN counted_runs c ON c.workspace_id = t.workspace_id AND c.trace_id = t.trace_id
      CROSS JOIN LATERAL (SELECT extract(epoch FROM t.last_at - t.first_at)::float8 / 60 AS minutes) AS m
      WHERE t.workspace_id = ${workspaceId}::uuid AND t.agent_id = ${agentId}::uuid AND t.ended_at IS NOT NULL
        AND t.first_at >= ${from} AND t.first_at < ${to} AND t.first_at < clock_timestamp() + interval '1 hour') AS t
    CROSS JOIN (
      SELECT count(*)::int AS decided, count(*) FILTER (WHERE r.asked > 0 OR r.state = 'halted')::int AS needed FROM runs r
      WHERE r.workspace_id = ${workspaceId}::uuid AND r.agent_id = ${agentId}::uuid AND r.state <> 'running'
        AND r.id >= uuid_at(${from}) AND r.id < uuid_at(${to})) AS d`;
  const found = Figures.parse(rows[0]);
  return {
    since: found.first_at,
    runs: found.runs,
    succeeded: found.succeeded,
    minutes: { n: found.runs, mean: found.minutes ?? 0, sd: found.minutes_sd },
    medianMinutes: found.minutes_median,
    cost: { n: found.priced, mean: found.cost ?? 0, sd: found.cost_sd },
    incidents: found.incidents,
    decided: found.decided,
    neededPerson: found.needed,
  };
}
