import "server-only";

import { z } from "zod";

import { Remaining } from "@/lib/core/decisions/answer";
import { type ExecutionMark, ExecutionState } from "@/lib/core/decisions/execution";
import { Reason, Risk, Verdict } from "@/lib/core/decisions/schema";
import { StoredChecks } from "@/lib/core/decisions/stored-checks";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { type Page, pageOf } from "@/lib/core/shared/page";
import { DecisionDetail, type DecisionFilter, DecisionItem } from "@/lib/core/runs/decision";

import type { Db } from "./db";
import { approvalMark, contextUses, MARK_COLUMNS, MARK_SOURCES, MarkRow, outcomeReport } from "./decision-rows";
import { Prisma } from "./generated/client";

function where(workspaceId: WorkspaceId, filter: DecisionFilter): Prisma.Sql {
  const parts = [Prisma.sql`d.workspace_id = ${workspaceId}::uuid`];
  if (filter.verdict) parts.push(Prisma.sql`d.verdict = ${filter.verdict}`);
  if (filter.agent) {
    parts.push(
      Prisma.sql`d.agent_id = (SELECT id FROM agents WHERE workspace_id = ${workspaceId}::uuid AND handle = ${filter.agent})`,
    );
  }
  if (filter.tool) parts.push(Prisma.sql`d.tool = ${filter.tool}`);
  if (filter.dependency) {
    // The rule is written out, so that every plan knows it for the condition of the index.
    parts.push(
      Prisma.sql`d.rule = 'workspace.dependency_breaker' AND d.facts -> 'run' -> 'dependency' ->> 'name' = ${filter.dependency}`,
    );
  }
  // The id is the time, and days are partitions of ids: a bound on the id reads only the days it must.
  if (filter.from) parts.push(Prisma.sql`d.id >= uuid_at(${filter.from})`);
  if (filter.to) parts.push(Prisma.sql`d.id < uuid_at(${filter.to}::timestamptz + interval '1 millisecond')`);
  if (filter.cursor) parts.push(Prisma.sql`d.id < ${filter.cursor}::uuid`);
  return Prisma.join(parts, " AND ");
}

/** Newest first. */
export async function listDecisionItems(
  on: Db,
  workspaceId: WorkspaceId,
  filter: DecisionFilter,
): Promise<Page<DecisionItem>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.id, d.created_at AS at, a.handle AS agent, a.demo, s.external_id AS session, r.external_id AS run, d.run_id,
           d.step, d.tool, d.verdict, d.rule, d.reasons -> 0 ->> 'message' AS reason, (d.risk ->> 'score')::int AS score,
           d.risk ->> 'band' AS band, d.approval_id, o.outcome
    FROM shown_decisions d
    JOIN agents a ON a.id = d.agent_id
    JOIN shown_sessions s ON s.id = d.session_id
    JOIN shown_runs r ON r.id = d.run_id
    LEFT JOIN outcomes o ON o.decision_id = d.origin_id
    WHERE ${where(workspaceId, filter)}
    ORDER BY d.id DESC LIMIT ${filter.limit + 1}`;
  return pageOf(DecisionItem.array().parse(rows), filter.limit);
}

const DetailRow = MarkRow.extend({
  id: z.uuid(),
  at: z.date(),
  agent: z.string(),
  demo: z.boolean(),
  environment: z.string(),
  level: z.int(),
  session: z.string(),
  run: z.string(),
  run_id: z.uuid(),
  step: z.int(),
  call_id: z.string(),
  tool: z.string(),
  tool_hash: z.string(),
  action_digest: z.string(),
  verdict: Verdict,
  rule: z.string().nullable(),
  reasons: z.array(Reason),
  // A check this version does not know must not hide the rest of the explanation.
  checks: StoredChecks,
  risk: Risk,
  call: z.record(z.string(), z.unknown()),
  facts: z.unknown(),
  manifest_version: z.int().nullable(),
  manifest_hash: z.string().nullable(),
  manifest_text: z.string().nullable(),
  guardrail_version: z.int().nullable(),
  guardrail_hash: z.string().nullable(),
  guardrail_text: z.string().nullable(),
  remaining: Remaining,
  entry: z.unknown(),
  execution_state: ExecutionState.nullable(),
  answer_ran: z.boolean().nullable(),
  answer_note: z.string().nullable(),
  answer_by: z.string().nullable(),
  answer_at: z.date().nullable(),
  leaf_index: z.bigint().nullable(),
  leaf_hash: z.string().nullable(),
  regret_cause: z.string().nullable(),
  regret_note: z.string().nullable(),
  regret_at: z.date().nullable(),
  asked_trace: z.string().nullable(),
  asked_span: z.string().nullable(),
  asked_arrived: z.boolean(),
  ran_trace: z.string().nullable(),
  ran_span: z.string().nullable(),
  joined_by: z.enum(["decision_id", "traceparent", "call"]).nullable(),
  other_trace: z.string().nullable(),
  other_span: z.string().nullable(),
  now: z.date(),
});

/** A decision with the texts it was made under. */
export type FoundDecision = {
  readonly detail: DecisionDetail;
  readonly manifestText: string | null;
  readonly guardrailText: string | null;
};

/**
 * While a run waits for people, where its decisions stand in the ledger and in telemetry is not shown if the workspace
 * uses calibration: an item has no place there, and would be known by it.
 */
const SEALED = Prisma.sql`(EXISTS (SELECT FROM approvals q WHERE q.run_id = d.run_id AND q.state = 'waiting' AND q.expires_at > clock_timestamp())
  AND EXISTS (SELECT FROM workspaces y WHERE y.id = d.workspace_id AND y.settings -> 'calibration' = 'true'))`;

/** A decision and the texts of the manifest and guardrail it was made under; null when unknown here. */
export async function findDecision(on: Db, workspaceId: WorkspaceId, id: string): Promise<FoundDecision | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.id, d.created_at AS at, a.handle AS agent, a.demo,
           coalesce(d.facts -> 'agent' ->> 'environment', a.environment) AS environment,
           coalesce((d.facts -> 'agent' ->> 'level')::int, a.level) AS level,
           s.external_id AS session, r.external_id AS run, d.run_id, d.step, d.call_id, d.tool, d.tool_hash, d.action_digest,
           d.verdict, d.rule, d.reasons, d.checks, d.risk, d.call, d.facts, d.manifest_version, d.manifest_hash,
           m.text AS manifest_text, gr.version AS guardrail_version, gr.hash AS guardrail_hash, gr.text AS guardrail_text, d.remaining,
           x.state AS execution_state, w.ran AS answer_ran, w.note AS answer_note, n.name AS answer_by, w.created_at AS answer_at,
           e.body::jsonb AS entry, l.leaf_index, l.leaf_hash, clock_timestamp() AS now,
           g.cause AS regret_cause, g.note AS regret_note, g.created_at AS regret_at,
           encode(td.trace_id, 'hex') AS asked_trace, encode(td.parent_span_id, 'hex') AS asked_span,
           EXISTS (SELECT FROM traces t WHERE t.workspace_id = td.workspace_id AND t.trace_id = td.trace_id) AS asked_arrived,
           encode(c.trace_id, 'hex') AS ran_trace, encode(c.event_id, 'hex') AS ran_span, c.joined_by,
           encode(o2.trace_id, 'hex') AS other_trace, encode(o2.event_id, 'hex') AS other_span, ${MARK_COLUMNS}
    FROM shown_decisions d
    JOIN agents a ON a.id = d.agent_id
    JOIN shown_sessions s ON s.id = d.session_id
    JOIN shown_runs r ON r.id = d.run_id
    LEFT JOIN manifests m ON m.agent_id = d.agent_id AND m.version = d.manifest_version
    LEFT JOIN guardrails gr ON gr.workspace_id = d.workspace_id AND gr.version = d.guardrail_version
    LEFT JOIN executions x ON x.decision_id = d.origin_id
    LEFT JOIN execution_answers w ON w.decision_id = d.id
    LEFT JOIN members n ON n.id = w.member_id
    LEFT JOIN ledger_entries e ON e.id = d.id AND NOT ${SEALED}
    LEFT JOIN ledger_leaves l ON l.entry_id = d.id
    LEFT JOIN regrets g ON g.decision_id = d.id
    LEFT JOIN decisions td ON td.id = d.id AND NOT ${SEALED}
    LEFT JOIN LATERAL (
      SELECT x.trace_id, x.event_id, x.joined_by FROM executed_calls x
      WHERE x.workspace_id = d.workspace_id AND x.decision_id = d.id LIMIT 1) c ON NOT ${SEALED}
    LEFT JOIN LATERAL (
      SELECT x.trace_id, x.event_id FROM executed_calls x
      WHERE x.workspace_id = d.workspace_id AND x.differs_from = d.id ORDER BY x.started_at LIMIT 1) o2 ON NOT ${SEALED}
    ${MARK_SOURCES}
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ${id}::uuid`;
  if (rows[0] === undefined) return null;
  const row = DetailRow.parse(rows[0]);
  return { detail: detailOf(row), manifestText: row.manifest_text, guardrailText: row.guardrail_text };
}

function executionMark(row: z.infer<typeof DetailRow>): ExecutionMark | null {
  if (row.execution_state === null) return null;
  const { answer_ran: ran, answer_note: note, answer_by: by, answer_at: at } = row;
  const answer = ran === null || note === null || by === null || at === null ? null : { ran, note, by, at };
  return { state: row.execution_state, answer };
}

const placeOf = (traceId: string | null, spanId: string | null, arrived: boolean) =>
  traceId === null || spanId === null ? null : { trace_id: traceId, span_id: spanId, arrived };

function ranIn({ ran_trace: traceId, ran_span: spanId, joined_by: joinedBy }: z.infer<typeof DetailRow>) {
  const place = placeOf(traceId, spanId, true);
  return place === null || joinedBy === null ? null : { ...place, joined_by: joinedBy };
}

function detailOf(row: z.infer<typeof DetailRow>): DecisionDetail {
  const { call, manifest_version: version, manifest_hash: hash } = row;
  const { guardrail_version: guardrailVersion, guardrail_hash: guardrailHash } = row;
  return DecisionDetail.parse({
    ...row,
    line: null,
    lines: {},
    erased: call["erased"] === true,
    args: call["args"] ?? {},
    context: contextUses(call["context"], row.at),
    effect: call["effect"] ?? null,
    rationale: call["rationale"] ?? null,
    estimate: call["estimate"] ?? null,
    manifest: version === null || hash === null ? null : { version, hash },
    guardrail:
      guardrailVersion === null || guardrailHash === null ? null : { version: guardrailVersion, hash: guardrailHash },
    approval: approvalMark(row, row.now),
    outcome: outcomeReport(row),
    regret: row.regret_cause === null ? null : { cause: row.regret_cause, note: row.regret_note, at: row.regret_at },
    execution: executionMark(row),
    asked_from: placeOf(row.asked_trace, row.asked_span, row.asked_arrived),
    ran_in: ranIn(row),
    ran_otherwise: placeOf(row.other_trace, row.other_span, true),
    entry: row.entry
      ? { index: row.leaf_index === null ? null : String(row.leaf_index), leaf_hash: row.leaf_hash, body: row.entry }
      : null,
  });
}
