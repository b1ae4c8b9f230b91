import "server-only";

import { z } from "zod";

import { Band, Reason, Verdict } from "@/lib/core/decisions/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { usdOf } from "@/lib/core/shared/money";
import { type Page, pageOf } from "@/lib/core/shared/page";
import { type RunFilter, RunItem, RunStep } from "@/lib/core/traces/schema";

import type { Db } from "./db";
import { approvalMark, contextUses, MARK_COLUMNS, MARK_SOURCES, MarkRow, outcomeReport } from "./decision-rows";
import { Prisma } from "./generated/client";

const RUN_COLUMNS = Prisma.sql`
  r.id, r.external_id AS run, s.external_id AS session, r.session_id, a.handle AS agent, a.demo, r.state, r.halted_reason,
  r.steps, r.allowed, r.asked, r.refused, r.cost_micros, r.started_at, r.last_at`;

const RunRow = RunItem.omit({ cost_usd: true }).extend({ cost_micros: z.coerce.number() });

const runOf = ({ cost_micros, ...row }: z.infer<typeof RunRow>): RunItem => ({ ...row, cost_usd: usdOf(cost_micros) });

/** Newest first. */
export async function listRunItems(on: Db, workspaceId: WorkspaceId, filter: RunFilter): Promise<Page<RunItem>> {
  const parts = [Prisma.sql`r.workspace_id = ${workspaceId}::uuid`];
  if (filter.agent) parts.push(Prisma.sql`a.handle = ${filter.agent}`);
  if (filter.session) parts.push(Prisma.sql`s.external_id = ${filter.session}`);
  if (filter.state) parts.push(Prisma.sql`r.state = ${filter.state}`);
  if (filter.cursor) parts.push(Prisma.sql`r.id < ${filter.cursor}::uuid`);
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${RUN_COLUMNS} FROM shown_runs r JOIN shown_sessions s ON s.id = r.session_id JOIN agents a ON a.id = r.agent_id
    WHERE ${Prisma.join(parts, " AND ")} ORDER BY r.id DESC LIMIT ${filter.limit + 1}`;
  return pageOf(RunRow.array().parse(rows).map(runOf), filter.limit);
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
