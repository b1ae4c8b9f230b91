import "server-only";

import type pg from "pg";

import { claimsOf, type Claim, countSpend, type NameValue, noSpendCounts } from "@/lib/core/figures/count-spend";
import { type CountedRun, countRuns } from "@/lib/core/figures/count-runs";
import { distinctClaims, distinctGroups, limitValues, MOST_VALUES } from "@/lib/core/figures/limit-values";
import { AgentId, type WorkspaceId } from "@/lib/core/shared/brand";
import type { KeptEvent } from "@/lib/core/traces/event-counts";
import type { StoredEvent } from "@/lib/core/traces/stored-event";

import { callColumns, COUNT_CALLS, COUNT_VALUES, KEEP_RUNS, valueColumns } from "./spend-wire";
import { arrayOf } from "./wire";

/** Adds newly written events to the figures of spend, under the lock that they were written under. */
export async function writeSpend(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  kept: readonly KeptEvent[],
): Promise<void> {
  const stored = kept.map((one) => one.stored);
  const counts = noSpendCounts();
  countSpend(counts, stored, await nameValues(client, workspaceId, stored, "let_in"));
  const runs = countRuns(counts, kept, await standingRuns(client, workspaceId, stored));
  const about = { p_workspace: workspaceId };
  await client.query(COUNT_CALLS.query({ ...about, ...callColumns(counts.calls) }));
  await client.query(COUNT_VALUES.query({ ...about, ...valueColumns(counts.values) }));
  await client.query(KEEP_RUNS.query({ ...about, ...runColumns(runs) }));
}

/** Moves the figures of spend from what events cost until now to what they cost from now on, under the same lock. */
export async function moveSpend(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  { before, after }: { readonly before: readonly StoredEvent[]; readonly after: readonly StoredEvent[] },
): Promise<void> {
  const counts = noSpendCounts();
  const nameValue = await nameValues(client, workspaceId, before, "as_they_are");
  countSpend(counts, before, nameValue, -1n);
  countSpend(counts, after, nameValue);
  const about = { p_workspace: workspaceId };
  await client.query(COUNT_CALLS.query({ ...about, ...callColumns(counts.calls) }));
  await client.query(COUNT_VALUES.query({ ...about, ...valueColumns(counts.values) }));
}

const RunRow = `encode(r.trace_id, 'hex') AS trace, r.agent_id::text AS agent,
  micros_since_1970(r.first_at)::text AS first, r.root_ns::text AS root_ns, encode(r.root_event, 'hex') AS root_event,
  r.succeeded, micros_since_1970(r.kept_at)::text AS kept`;

type RunRow = {
  readonly trace: string;
  readonly agent: string;
  readonly first: string;
  readonly root_ns: string | null;
  readonly root_event: string | null;
  readonly succeeded: boolean;
  readonly kept: string;
};

async function standingRuns(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  events: readonly StoredEvent[],
): Promise<ReadonlyMap<string, CountedRun>> {
  const traces = [...new Set(events.map(({ event }) => event.traceId))];
  const { rows } = await client.query<RunRow>(
    `SELECT ${RunRow} FROM unnest($2::bytea[]) AS u (trace)
     CROSS JOIN LATERAL (SELECT * FROM counted_runs c WHERE c.workspace_id = $1 AND c.trace_id = u.trace OFFSET 0) AS r`,
    [
      workspaceId,
      arrayOf(
        "bytea",
        traces.map((id) => Buffer.from(id, "hex")),
      ),
    ],
  );
  return new Map(rows.map((row) => [row.trace, runOf(row)]));
}

function runOf(row: RunRow): CountedRun {
  const root =
    row.root_ns === null || row.root_event === null ? null : { ns: BigInt(row.root_ns), eventId: row.root_event };
  return {
    traceId: row.trace,
    agentId: AgentId.parse(row.agent),
    firstAt: BigInt(row.first),
    root,
    succeeded: row.succeeded,
    keptAt: BigInt(row.kept),
  };
}

function runColumns(runs: readonly CountedRun[]) {
  const sorted = [...runs].sort((a, b) => (a.traceId < b.traceId ? -1 : 1));
  return {
    p_trace: sorted.map(({ traceId }) => Buffer.from(traceId, "hex")),
    p_agent: sorted.map(({ agentId }) => agentId),
    p_first: sorted.map(({ firstAt }) => firstAt),
    p_root_ns: sorted.map(({ root }) => root?.ns ?? null),
    p_root_event: sorted.map(({ root }) => (root === null ? null : Buffer.from(root.eventId, "hex"))),
    p_succeeded: sorted.map(({ succeeded }) => succeeded),
    p_kept: sorted.map(({ keptAt }) => keptAt),
  };
}

/** @param how whether values without rows get some, or were counted among the others when they were written */
async function nameValues(
  client: pg.ClientBase,
  workspaceId: WorkspaceId,
  events: readonly StoredEvent[],
  how: "let_in" | "as_they_are",
): Promise<NameValue> {
  const claims = distinctClaims(events.flatMap(claimsOf));
  if (claims.length === 0) return ({ value }) => value;
  const known = await client.query<{ place: number }>(
    `SELECT u.place::integer FROM unnest($2::int8[], $3::uuid[], $4::text[], $5::text[])
       WITH ORDINALITY AS u (day, agent, dimension, value, place)
     CROSS JOIN LATERAL (
       SELECT FROM spend_values v WHERE v.workspace_id = $1 AND v.minutes = 1440 AND v.dimension = u.dimension
         AND v.starts = moment_of(u.day) AND v.agent_id = u.agent AND v.value = u.value OFFSET 0) AS v`,
    [
      workspaceId,
      ...groupLists(claims),
      arrayOf(
        "text",
        claims.map(({ value }) => value),
      ),
    ],
  );
  const places = new Set(known.rows.map(({ place }) => place));
  const fresh = claims.filter((_, index) => !places.has(index + 1));
  const groups = distinctGroups(fresh);
  if (how === "as_they_are")
    return limitValues(
      fresh,
      groups.map((claim) => ({ claim, values: MOST_VALUES })),
    );
  if (groups.length === 0) return ({ value }) => value;
  const counted = await client.query<{ values: number }>(
    `SELECT v.values FROM unnest($2::int8[], $3::uuid[], $4::text[])
       WITH ORDINALITY AS u (day, agent, dimension, place)
     CROSS JOIN LATERAL (
       SELECT count(*)::integer AS values FROM spend_values v
       WHERE v.workspace_id = $1 AND v.minutes = 1440 AND v.dimension = u.dimension
         AND v.starts = moment_of(u.day) AND v.agent_id = u.agent) AS v
     ORDER BY u.place`,
    [workspaceId, ...groupLists(groups)],
  );
  return limitValues(
    fresh,
    groups.map((claim, index) => ({ claim, values: counted.rows[index]?.values ?? 0 })),
  );
}

const groupLists = (claims: readonly Claim[]): readonly Buffer[] => [
  arrayOf(
    "int8",
    claims.map(({ day }) => day),
  ),
  arrayOf(
    "uuid",
    claims.map(({ agentId }) => agentId),
  ),
  arrayOf(
    "text",
    claims.map(({ dimension }) => dimension),
  ),
];
