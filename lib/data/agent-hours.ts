import "server-only";

import type pg from "pg";

import type { WorkspaceId } from "@/lib/core/shared/brand";

import { type AggregateQuery, type AggregateRow, type Dimension, type Histogram, MEASURES } from "./trace-store";

/** What stands for a dimension in SQL. The list is closed: no text from outside becomes SQL. */
const EXPRESSIONS: Readonly<Record<Dimension, string>> = {
  hour: "iso_utc(h.hour)",
  day: "iso_utc(date_trunc('day', h.hour, 'UTC'))",
  agent: "h.agent_id::text",
  agent_version: "h.agent_version",
  kind: "h.kind",
  provider: "h.provider",
  model: "h.model",
  tool: "h.tool",
};

type Ask = <T extends pg.QueryResultRow>(text: string, values: readonly unknown[]) => Promise<pg.QueryResult<T>>;

/** Figures of whole hours, split as asked, in the order of their groups. */
export async function aggregateHours(
  ask: Ask,
  workspaceId: WorkspaceId,
  query: AggregateQuery,
): Promise<readonly AggregateRow[]> {
  const { group, where, values } = partsOf(workspaceId, query);
  const sums = MEASURES.map((measure) => `sum(h.${measure})::text AS ${measure}`);
  const { rows } = await ask<{ group: string[] } & Record<string, string>>(
    `SELECT ${group} AS "group", ${sums.join(", ")} FROM agent_hours h WHERE ${where} GROUP BY 1 ORDER BY 1`,
    values,
  );
  const histograms = new Map<Histogram, ReadonlyMap<string, readonly number[]>>();
  for (const histogram of query.histograms ?? [])
    histograms.set(histogram, await readHistogram(ask, histogram, { group, where, values }));
  return rows
    .filter(({ events }) => events !== null)
    .map((row) => ({
      group: row.group,
      measures: Object.fromEntries(
        MEASURES.map((measure) => [measure, row[measure] ?? "0"]),
      ) as AggregateRow["measures"],
      histograms: Object.fromEntries(
        [...histograms].map(([name, counts]) => [name, counts.get(JSON.stringify(row.group)) ?? []]),
      ),
    }));
}

type Parts = { readonly group: string; readonly where: string; readonly values: readonly unknown[] };

function partsOf(workspaceId: WorkspaceId, query: AggregateQuery): Parts {
  const values: unknown[] = [workspaceId, query.from, query.to];
  const conditions = ["h.workspace_id = $1", "h.hour >= $2", "h.hour < $3"];
  if (query.agentId !== undefined) conditions.push(`h.agent_id = $${values.push(query.agentId)}`);
  if (query.kind !== undefined) conditions.push(`h.kind = $${values.push(query.kind)}`);
  if (query.inWindowOnly) conditions.push("h.in_window");
  const group = `ARRAY[${query.by.map((dimension) => EXPRESSIONS[dimension]).join(", ")}]::text[]`;
  return { group, where: conditions.join(" AND "), values };
}

async function readHistogram(
  ask: Ask,
  histogram: Histogram,
  { group, where, values }: Parts,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rows } = await ask<{ group: string[]; bucket: number; events: number }>(
    `SELECT ${group} AS "group", (u.place - 1)::integer AS bucket, sum(u.n)::float8 AS events
     FROM agent_hours h CROSS JOIN LATERAL unnest(h.${histogram}) WITH ORDINALITY AS u (n, place)
     WHERE ${where} GROUP BY 1, 2 ORDER BY 1, 2`,
    values,
  );
  const found = new Map<string, number[]>();
  for (const { group: key, bucket, events } of rows) {
    const name = JSON.stringify(key);
    const counts = found.get(name) ?? [];
    found.set(name, counts);
    counts[bucket] = events;
  }
  return found;
}
