import "server-only";

import { z } from "zod";

import { RATE_LIMIT_TYPE, type Refusals } from "@/lib/core/advice/rate-limits";
import type { ReadCalls } from "@/lib/core/advice/repeated-reads";
import { DEPENDENCIES, type Window } from "@/lib/core/advice/schema";
import { type ModelWork, SHORT_OUTPUT } from "@/lib/core/advice/smaller-model";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import { NEWEST_COST } from "./event-rows";
import { Prisma } from "./generated/client";
import { ingestSnapshot } from "./ingest-pool";

/*
 * What events of two weeks come to for advice. These read the events themselves and are for jobs: an agent at a time, by
 * its index, or errors alone. A busy agent's take seconds, so they use the connections of those who look at telemetry.
 */

/** An agent with the handle it is shown by. */
export type AdvisedAgent = { readonly id: string; readonly handle: string };

async function read(workspaceId: WorkspaceId, { text, values }: Prisma.Sql): Promise<readonly unknown[]> {
  const { rows } = await ingestSnapshot(workspaceId, (client) => client.query<Record<string, unknown>>(text, values));
  return rows;
}

const Picos = z.string().transform(BigInt);
const CALL_COST = Prisma.raw(NEWEST_COST);

const inWindow = (workspaceId: WorkspaceId, { from, to }: Window) => Prisma.sql`e.workspace_id = ${workspaceId}::uuid
  AND e.started_at >= ${from} AND e.started_at < ${to} AND e.kept_at >= ${from}::timestamptz - interval '1 hour' AND e.in_window`;
const RUN = Prisma.sql`coalesce(e.run, encode(e.trace_id, 'hex'))`;
const TOOK_NS = Prisma.sql`greatest(0, coalesce(e.end_ns - e.start_ns, 0))`;

const ReadRow = z.object({
  tool: z.string(),
  calls: z.int(),
  repeats: z.int(),
  within_run: z.int(),
  runs: z.int(),
  priced: z.int(),
  picos: Picos,
  took_ms: z.int(),
});

/**
 * How often an agent called tools that only read with arguments it had used in the same hour of the clock, as the
 * catalogue says what only reads. A repeat follows a call that succeeded: in its run if that run called nothing else than
 * such tools in between, in another run if its own has called nothing else yet. What it cost is what its event says, else
 * what was reported of the decision that allowed it.
 */
export async function readRepeats(
  workspaceId: WorkspaceId,
  agent: AdvisedAgent,
  window: Window,
): Promise<readonly ReadCalls[]> {
  const rows = await read(
    workspaceId,
    Prisma.sql`
    WITH calls AS (
      SELECT e.trace_id, e.event_id, e.kept_at, e.start_ns, ${RUN} AS run, e.tool, e.args_digest, ${TOOK_NS} AS took,
        e.error_type IS NULL AS answered, date_trunc('hour', e.started_at, 'UTC') AS hour,
        EXISTS (SELECT FROM tools t WHERE t.workspace_id = e.workspace_id AND t.name = e.tool
          AND t.reversibility = 'read' AND t.status = 'active') AS reads
      FROM events e WHERE ${inWindow(workspaceId, window)} AND e.agent_id = ${agent.id}::uuid AND e.kind = 'tool' AND e.tool IS NOT NULL),
    ordered AS (
      SELECT c.*, count(*) FILTER (WHERE NOT c.reads) OVER (PARTITION BY c.run ORDER BY c.start_ns, c.event_id) AS changes
      FROM calls c),
    placed AS (
      SELECT o.*, bool_or(o.answered) OVER here AS in_run, bool_or(o.answered) OVER anywhere AS before
      FROM ordered o WHERE o.reads AND o.args_digest IS NOT NULL
      WINDOW here AS (PARTITION BY o.run, o.changes, o.tool, o.args_digest, o.hour ORDER BY o.start_ns, o.event_id
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        anywhere AS (PARTITION BY o.tool, o.args_digest, o.hour ORDER BY o.start_ns, o.event_id
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
    repeats AS (
      SELECT p.*, coalesce(p.in_run, false) AS is_in_run FROM placed p
      WHERE p.in_run OR (p.changes = 0 AND p.before)),
    costs AS (
      SELECT r.tool, r.run, r.took, r.is_in_run,
        coalesce(CASE WHEN c.cost_status IN ('given', 'computed') THEN c.cost_picos END, o.cost_micros * 1000000) AS picos
      FROM repeats r
      JOIN events e ON e.workspace_id = ${workspaceId}::uuid AND e.trace_id = r.trace_id AND e.event_id = r.event_id AND e.kept_at = r.kept_at
      ${CALL_COST}
      LEFT JOIN executed_calls x ON x.workspace_id = e.workspace_id AND x.trace_id = e.trace_id AND x.event_id = e.event_id
      LEFT JOIN outcomes o ON o.workspace_id = e.workspace_id AND o.decision_id = x.decision_id)
    SELECT c.tool, min(n.calls) AS calls, count(*)::int AS repeats,
      count(*) FILTER (WHERE c.is_in_run)::int AS within_run, count(DISTINCT c.run)::int AS runs, count(c.picos)::int AS priced,
      coalesce(sum(c.picos), 0)::text AS picos, (sum(c.took) / 1000000)::int AS took_ms
    FROM costs c JOIN (SELECT a.tool, count(*)::int AS calls FROM calls a GROUP BY a.tool) n ON n.tool = c.tool
    GROUP BY c.tool`,
  );
  return ReadRow.array()
    .parse(rows)
    .map(({ within_run: withinRun, took_ms: tookMs, ...row }) => ({ agent: agent.handle, withinRun, tookMs, ...row }));
}

const RefusalRow = z.object({
  of: z.enum(DEPENDENCIES),
  name: z.string(),
  refused: z.int(),
  runs: z.int(),
  agents: z.int(),
  error_types: z.array(z.string()),
  priced: z.int(),
  picos: Picos,
  took_ms: z.int(),
});

/** What providers, MCP servers and tools refused with a rate limit, the most first. */
export async function readRefusals(workspaceId: WorkspaceId, window: Window): Promise<readonly Refusals[]> {
  const rows = await read(
    workspaceId,
    Prisma.sql`
    SELECT d.of, d.name, count(*)::int AS refused, count(DISTINCT ${RUN})::int AS runs,
      count(DISTINCT e.agent_id)::int AS agents, array_agg(DISTINCT e.error_type) AS error_types,
      count(p.picos)::int AS priced, coalesce(sum(p.picos), 0)::text AS picos, (sum(${TOOK_NS}) / 1000000)::int AS took_ms
    FROM events e
    ${CALL_COST}
    CROSS JOIN LATERAL (SELECT CASE WHEN c.cost_status IN ('given', 'computed') THEN c.cost_picos END AS picos) AS p
    CROSS JOIN LATERAL (SELECT CASE WHEN e.kind = 'tool' THEN e.detail -> 'dimensions' ->> 'mcpServer' END AS server) AS s
    CROSS JOIN LATERAL (
      SELECT CASE WHEN e.kind <> 'tool' THEN 'provider' WHEN s.server IS NULL THEN 'tool' ELSE 'mcp_server' END AS of,
        CASE WHEN e.kind <> 'tool' THEN e.provider ELSE coalesce(s.server, e.tool) END AS name) AS d
    WHERE ${inWindow(workspaceId, window)} AND e.error_type ~* ${RATE_LIMIT_TYPE} AND e.kind IN ('llm', 'embedding', 'tool')
      AND d.name <> ''
    GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 100`,
  );
  return RefusalRow.array()
    .parse(rows)
    .map(({ error_types: errorTypes, took_ms: tookMs, ...row }) => ({ errorTypes, tookMs, ...row }));
}

const WorkRow = z.object({
  skill: z.string(),
  provider: z.string(),
  model: z.string(),
  calls: z.int(),
  short: z.int(),
  input: Picos,
  cached: Picos,
  written: Picos,
  output: Picos,
  picos: Picos,
  runs: z.int(),
  succeeded: z.int(),
});

/**
 * What an agent asked of its models, by skill.
 *
 * @param bySkill whether any event of the workspace names a skill; looking costs the whole of each event
 */
export async function readModelWork(
  workspaceId: WorkspaceId,
  agent: AdvisedAgent,
  { window, bySkill }: { readonly window: Window; readonly bySkill: boolean },
): Promise<readonly ModelWork[]> {
  const skill = bySkill ? Prisma.sql`coalesce(e.detail -> 'dimensions' ->> 'skill', '')` : Prisma.sql`''`;
  const rows = await read(
    workspaceId,
    Prisma.sql`
    WITH calls AS (
      SELECT e.trace_id, ${skill} AS skill, coalesce(e.provider, '') AS provider,
        coalesce(e.model, e.detail ->> 'modelRequested', '') AS model, e.tokens_input, e.tokens_cache_read,
        e.tokens_cache_write, e.tokens_output, c.cost_picos,
        e.error_type IS NULL AND e.tokens_input IS NOT NULL AND e.tokens_output <= ${SHORT_OUTPUT}
          AND c.cost_status IN ('given', 'computed') AND c.cost_picos IS NOT NULL AS is_short
      FROM events e ${CALL_COST}
      WHERE ${inWindow(workspaceId, window)} AND e.agent_id = ${agent.id}::uuid AND e.kind = 'llm' AND e.usage_role = 'leaf'),
    used AS (
      SELECT k.trace_id, k.skill, min(k.provider) AS provider, min(k.model) AS model FROM calls k
      GROUP BY 1, 2 HAVING count(DISTINCT (k.provider, k.model)) = 1),
    ended AS (
      SELECT u.skill, u.provider, u.model, count(*)::int AS runs, count(*) FILTER (WHERE r.succeeded)::int AS succeeded
      FROM used u
      JOIN counted_runs r ON r.workspace_id = ${workspaceId}::uuid AND r.trace_id = u.trace_id
      JOIN traces t ON t.workspace_id = r.workspace_id AND t.trace_id = r.trace_id
      JOIN events e ON e.workspace_id = r.workspace_id AND e.trace_id = r.trace_id AND e.event_id = r.root_event
        AND e.kept_at BETWEEN t.kept_from AND t.kept_to
      WHERE e.outcome IS NOT NULL OR e.error_type IS NOT NULL
      GROUP BY 1, 2, 3)
    SELECT k.skill, k.provider, k.model, count(*)::int AS calls, count(*) FILTER (WHERE k.is_short)::int AS short,
      coalesce(sum(k.tokens_input) FILTER (WHERE k.is_short), 0)::text AS input,
      coalesce(sum(k.tokens_cache_read) FILTER (WHERE k.is_short), 0)::text AS cached,
      coalesce(sum(k.tokens_cache_write) FILTER (WHERE k.is_short), 0)::text AS written,
      coalesce(sum(k.tokens_output) FILTER (WHERE k.is_short), 0)::text AS output,
      coalesce(sum(k.cost_picos) FILTER (WHERE k.is_short), 0)::text AS picos,
      coalesce(min(n.runs), 0)::int AS runs, coalesce(min(n.succeeded), 0)::int AS succeeded
    FROM calls k LEFT JOIN ended n USING (skill, provider, model)
    WHERE k.model <> '' GROUP BY 1, 2, 3`,
  );
  return WorkRow.array()
    .parse(rows)
    .map((row) => ({ agent: agent.handle, ...row }));
}
