import "server-only";

import { z } from "zod";

import { RATE_LIMIT_TYPE } from "@/lib/core/advice/rate-limits";
import { Band, Reason, Verdict } from "@/lib/core/decisions/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { usdOf } from "@/lib/core/shared/money";
import { type Page, pageOf } from "@/lib/core/shared/page";
import { DAY_MS } from "@/lib/core/shared/time";
import { eventFilters } from "@/lib/core/runs/filter";
import { type EventFilter, type RunFilter, RunItem, RunStep, UndecidedTrace } from "@/lib/core/runs/schema";

import type { Db, Tx } from "./db";
import { approvalMark, contextUses, MARK_COLUMNS, MARK_SOURCES, MarkRow, outcomeReport } from "./decision-rows";
import { Prisma } from "./generated/client";

const RUN_COLUMNS = Prisma.sql`
  r.id, r.external_id AS run, s.external_id AS session, r.session_id, a.handle AS agent, a.demo, r.state, r.halted_reason,
  r.steps, r.allowed, r.asked, r.refused, r.cost_micros, r.started_at, r.last_at, r.ended_at, r.ended_reason`;

const RunRow = RunItem.omit({ cost_usd: true }).extend({ cost_micros: z.coerce.number() });

const runOf = ({ cost_micros, ...row }: z.infer<typeof RunRow>): RunItem => ({ ...row, cost_usd: usdOf(cost_micros) });

/** A list's filter with its range as moments. */
export type RunsQuery = RunFilter & { readonly range: { readonly from: Date; readonly to: Date } | null };

/** Newest first. */
export async function listRunItems(on: Db, workspaceId: WorkspaceId, filter: RunsQuery): Promise<Page<RunItem>> {
  const parts = [Prisma.sql`r.workspace_id = ${workspaceId}::uuid`, ...runParts(filter)];
  if (filter.agent) parts.push(Prisma.sql`a.handle = ${filter.agent}`);
  if (filter.session) parts.push(Prisma.sql`s.external_id = ${filter.session}`);
  if (filter.state) parts.push(Prisma.sql`r.state = ${filter.state}`);
  if (filter.cursor) parts.push(Prisma.sql`r.id < ${filter.cursor}::uuid`);
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${RUN_COLUMNS} FROM shown_runs r JOIN shown_sessions s ON s.id = r.session_id JOIN agents a ON a.id = r.agent_id
    WHERE ${Prisma.join(parts, " AND ")} ORDER BY r.id DESC LIMIT ${filter.limit + 1}`;
  return pageOf(RunRow.array().parse(rows).map(runOf), filter.limit);
}

const LONGEST_RUN_MS = 30 * DAY_MS;

/** What a run must be and have for its range and its telemetry to match. */
function runParts(filter: RunsQuery): readonly Prisma.Sql[] {
  const { range, tool } = filter;
  const events = eventParts(filter);
  const ofRun = Prisma.sql`t.run = r.external_id AND t.agent_id = r.agent_id
    AND coalesce(t.session, s.external_id) = s.external_id`;
  const parts: Prisma.Sql[] = [];
  if (range) {
    // An id says when a run began, so that only those near the range are read: a run is listed up to 30 days after it began.
    const earliest = new Date(range.from.getTime() - LONGEST_RUN_MS);
    parts.push(Prisma.sql`r.id < uuid_at(${range.to}) AND r.id >= uuid_at(${earliest}) AND (r.last_at >= ${range.from} OR EXISTS (
      SELECT FROM traces t WHERE t.workspace_id = r.workspace_id AND ${ofRun} AND t.last_at >= ${range.from}))`);
  }
  if (events.length > 0) {
    const told = Prisma.sql`EXISTS (SELECT FROM traces t JOIN events e ON ${EVENT_OF_TRACE}
      WHERE t.workspace_id = r.workspace_id AND ${ofRun} AND ${Prisma.join([...events, ...startedIn(range)], " AND ")})`;
    const isOnlyTool = events.length === 1 && tool !== undefined;
    parts.push(isOnlyTool ? Prisma.sql`(${told} OR ${decidedOf(tool, range)})` : told);
  }
  return parts;
}

const EVENT_OF_TRACE = Prisma.sql`e.workspace_id = t.workspace_id AND e.trace_id = t.trace_id
  AND e.kept_at BETWEEN t.kept_from AND t.kept_to`;

function startedIn(range: RunsQuery["range"]): readonly Prisma.Sql[] {
  return range ? [Prisma.sql`e.started_at >= ${range.from} AND e.started_at < ${range.to}`] : [];
}

function decidedOf(tool: string, range: RunsQuery["range"]): Prisma.Sql {
  const within = range ? Prisma.sql`AND d.created_at >= ${range.from} AND d.created_at < ${range.to}` : Prisma.empty;
  return Prisma.sql`EXISTS (SELECT FROM shown_decisions d
    WHERE d.workspace_id = r.workspace_id AND d.run_id = r.id AND d.tool = ${tool} ${within})`;
}

const DIMENSIONS = Prisma.sql`e.detail -> 'dimensions'`;

/** What one event of a run must have. */
const EVENT_PARTS: Readonly<Record<EventFilter, (value: string) => Prisma.Sql>> = {
  model: (value) => Prisma.sql`coalesce(e.model, e.detail ->> 'modelRequested') = ${value}`,
  provider: (value) => Prisma.sql`e.provider = ${value}`,
  tool: (value) => Prisma.sql`e.tool = ${value}`,
  kind: (value) => Prisma.sql`e.kind = ${value}`,
  version: (value) => Prisma.sql`e.agent_version = ${value}`,
  customer: (value) => Prisma.sql`e.customer = ${value}`,
  environment: (value) => Prisma.sql`${DIMENSIONS} ->> 'environment' = ${value}`,
  skill: (value) => Prisma.sql`${DIMENSIONS} ->> 'skill' = ${value}`,
  subagent: (value) => Prisma.sql`${DIMENSIONS} ->> 'subagent' = ${value}`,
  mcp_server: (value) => Prisma.sql`${DIMENSIONS} ->> 'mcpServer' = ${value}`,
  outcome: outcomePart,
  tag: (value) => Prisma.sql`jsonb_exists(${DIMENSIONS} -> 'tags', ${value})`,
};

function outcomePart(value: string): Prisma.Sql {
  if (value === "error") return Prisma.sql`e.error_type IS NOT NULL`;
  return value === "rate_limited" ? Prisma.sql`e.error_type ~* ${RATE_LIMIT_TYPE}` : Prisma.sql`e.outcome = ${value}`;
}

const eventParts = (filter: RunFilter): readonly Prisma.Sql[] =>
  eventFilters(filter).map(([name, value]) => EVENT_PARTS[name](value));

/** How many of the latest traces are looked through for those without a run. */
const LOOKED_THROUGH = 1_000;

/** Traces in whose run no call was decided, the latest first. They have no page among the runs. */
export async function listUndecidedTraces(
  on: Db,
  workspaceId: WorkspaceId,
  filter: RunsQuery,
): Promise<readonly UndecidedTrace[]> {
  const { range, agent, session } = filter;
  const events = eventParts(filter);
  const parts = [Prisma.sql`t.workspace_id = ${workspaceId}::uuid`];
  if (agent) parts.push(Prisma.sql`a.handle = ${agent}`);
  if (session) parts.push(Prisma.sql`t.session = ${session}`);
  if (range) parts.push(Prisma.sql`t.first_at < ${range.to} AND t.last_at >= ${range.from}`);
  if (events.length > 0) {
    parts.push(Prisma.sql`EXISTS (SELECT FROM events e
      WHERE ${EVENT_OF_TRACE} AND ${Prisma.join([...events, ...startedIn(range)], " AND ")})`);
  }
  // Looking for its run costs most of a row, so that it is done for the latest alone.
  const rows = await on.$queryRaw<unknown[]>`
    SELECT encode(t.trace_id, 'hex') AS trace_id, t.agent, t.run, t.first_at, t.last_at, t.events, t.errors,
      t.cost_picos::text AS cost_picos
    FROM (
      SELECT t.*, a.handle AS agent FROM traces t JOIN agents a ON a.workspace_id = t.workspace_id AND a.id = t.agent_id
      WHERE ${Prisma.join(parts, " AND ")} ORDER BY t.first_at DESC, t.trace_id LIMIT ${LOOKED_THROUGH}) AS t
    WHERE run_of_trace(t.workspace_id, t.agent_id, t.session, t.run) IS NULL
    ORDER BY t.first_at DESC, t.trace_id LIMIT ${filter.limit}`;
  return UndecidedTrace.array().parse(rows);
}

const RunDetailRow = RunRow.extend({ task: z.string(), level: z.int(), environment: z.string() });

/** One run with what its agent is; null when unknown here. */
export async function findRun(on: Db, workspaceId: WorkspaceId, id: string) {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${RUN_COLUMNS}, a.task, a.level, a.environment
    FROM shown_runs r JOIN shown_sessions s ON s.id = r.session_id JOIN agents a ON a.id = r.agent_id
    WHERE r.workspace_id = ${workspaceId}::uuid AND r.id = ${id}::uuid`;
  if (rows[0] === undefined) return null;
  const { task, level, environment, ...row } = RunDetailRow.parse(rows[0]);
  return { ...runOf(row), task, level, environment };
}

const StepRow = MarkRow.extend({
  decision_id: z.uuid(),
  step: z.int(),
  call_id: z.string(),
  at: z.date(),
  tool: z.string(),
  args: z.unknown(),
  context: z.unknown(),
  verdict: Verdict,
  rule: z.string().nullable(),
  reasons: z.array(Reason),
  score: z.int(),
  band: Band,
  now: z.date(),
});

/** The steps of a run in order, those after step `after`. */
export async function listRunSteps(
  on: Db,
  workspaceId: WorkspaceId,
  runId: string,
  page: { readonly after: number; readonly limit: number },
): Promise<{ readonly steps: RunStep[]; readonly next: number | null }> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.id AS decision_id, d.step, d.call_id, d.created_at AS at, d.tool, d.call -> 'args' AS args,
           d.call -> 'context' AS context, d.verdict, d.rule, d.reasons, (d.risk ->> 'score')::int AS score,
           d.risk ->> 'band' AS band, clock_timestamp() AS now, ${MARK_COLUMNS}
    FROM shown_decisions d ${MARK_SOURCES}
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.run_id = ${runId}::uuid AND d.step > ${page.after}
    ORDER BY d.step, d.id LIMIT ${page.limit + 1}`;
  const steps = StepRow.array().parse(rows).map(stepOf);
  const shown = steps.slice(0, page.limit);
  return { steps: shown, next: steps.length > page.limit ? (shown.at(-1)?.step ?? null) : null };
}

function stepOf(row: z.infer<typeof StepRow>): RunStep {
  return RunStep.parse({
    ...row,
    args: row.args ?? {},
    context: contextUses(row.context, row.at),
    approval: approvalMark(row, row.now),
    outcome: outcomeReport(row),
  });
}

/** Whether somebody may still answer a request of a run, or the agent may still use the answer. */
const WAITS = Prisma.sql`EXISTS (
  SELECT FROM approvals a WHERE a.run_id = r.id AND a.executor = 'agent' AND a.expires_at > clock_timestamp()
    AND a.state IN ('waiting', 'approved'))`;

/**
 * Ends running runs in which nothing was new for so many minutes and that wait for nobody; at most `limit`, oldest first.
 * A run that a batch holds is left for the next time.
 */
export async function endIdleRuns(
  tx: Tx,
  workspaceId: WorkspaceId,
  { idleMinutes, limit }: { readonly idleMinutes: number; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH idle AS (
      SELECT r.id FROM runs r
      WHERE r.workspace_id = ${workspaceId}::uuid AND r.state = 'running'
        AND r.id < uuid_at(clock_timestamp() - make_interval(mins => ${idleMinutes}::int))
        AND r.last_at < clock_timestamp() - make_interval(mins => ${idleMinutes}::int)
        AND NOT ${WAITS}
      ORDER BY r.id LIMIT ${limit} FOR UPDATE OF r SKIP LOCKED)
    UPDATE runs r SET state = 'ended', ended_at = clock_timestamp(), ended_reason = 'idle'
    FROM idle WHERE r.id = idle.id RETURNING r.id`;
  return rows.map(({ id }) => id);
}

/**
 * Ends running runs that wait for nobody and whose root span has ended; at most `limit`, oldest first. It is a root span
 * of the agent's own, of a trace that names the run or from which its last decision was asked for, and it must span that
 * decision: one that ended before, or began after, says nothing about what came meanwhile.
 *
 * @param heardMinutes how long ago a run was heard of at most; later it is idle
 */
export async function endClosedRuns(
  tx: Tx,
  workspaceId: WorkspaceId,
  { heardMinutes, limit }: { readonly heardMinutes: number; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH closed AS (
      SELECT r.id, least(c.ended_at, clock_timestamp()) AS ended_at
      FROM runs r JOIN sessions s ON s.id = r.session_id
      CROSS JOIN LATERAL (
        SELECT max(t.ended_at) AS ended_at FROM (
          SELECT t.trace_id FROM traces t
          WHERE t.workspace_id = r.workspace_id AND t.run = r.external_id AND coalesce(t.session, s.external_id) = s.external_id
          UNION
          (SELECT d.trace_id FROM decisions d WHERE d.run_id = r.id ORDER BY d.id DESC LIMIT 1)) AS x
        JOIN traces t ON t.workspace_id = r.workspace_id AND t.trace_id = x.trace_id
        WHERE t.agent_id = r.agent_id AND t.ended_reason = 'root_ended' AND t.first_at <= r.last_at
          AND t.ended_at >= r.last_at) AS c
      WHERE r.workspace_id = ${workspaceId}::uuid AND r.state = 'running' AND c.ended_at IS NOT NULL
        AND r.last_at > clock_timestamp() - make_interval(mins => ${heardMinutes}::int)
        AND NOT ${WAITS}
      ORDER BY r.id LIMIT ${limit} FOR UPDATE OF r SKIP LOCKED)
    UPDATE runs r SET state = 'ended', ended_at = closed.ended_at, ended_reason = 'closed'
    FROM closed WHERE r.id = closed.id RETURNING r.id`;
  return rows.map(({ id }) => id);
}
