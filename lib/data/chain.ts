import "server-only";

import { z } from "zod";

import type { ChainCall } from "@/lib/core/approvals/chain";
import { ApprovalState } from "@/lib/core/approvals/schema";
import { Verdict } from "@/lib/core/decisions/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import type { Db } from "./db";

/** Steps read from a long run: its first, its latest, and as many refused ones in between. */
const FIRST_STEPS = 5;
const LATEST_STEPS = 2_000;
const REFUSED_STEPS = 500;
/** Calls are read from the latest back until this much is read: two thousand large ones would be gigabytes. */
const MOST_CALL_BYTES = 16 * 1_048_576;

const Plain = z.custom<JsonObject>((value) => isJsonObject(value as Json)).catch({}); // a guard takes anything
const Reason = z.object({ code: z.string(), message: z.string() }).nullable().catch(null);
const ChainRow = z.object({
  id: z.uuid(),
  step: z.int(),
  tool: z.string(),
  verdict: Verdict,
  rule: z.string().nullable(),
  reason: Reason,
  answered: ApprovalState.nullable(),
  at: z.date(),
  args: Plain.nullable(),
  rows: z.int().nullable(),
  context: z.array(z.object({ source: z.string(), as_of: z.string(), scope: Plain })).catch([]),
  outcome: z.string().nullable(),
});

/** The steps of a run up to one of its decisions, in order; of a very long run its ends and what was refused. */
export async function listChainCalls(
  on: Db,
  workspaceId: WorkspaceId,
  runId: string,
  decisionId: string,
): Promise<readonly ChainCall[]> {
  const rows = await on.$queryRaw<unknown[]>`
    WITH run AS (SELECT id, verdict FROM shown_decisions
        WHERE workspace_id = ${workspaceId}::uuid AND run_id = ${runId}::uuid AND id <= ${decisionId}::uuid),
      chosen AS ((SELECT id FROM run ORDER BY id LIMIT ${FIRST_STEPS}) UNION (SELECT id FROM run ORDER BY id DESC LIMIT ${LATEST_STEPS})
        UNION (SELECT id FROM run WHERE verdict IN ('deny', 'halt') ORDER BY id DESC LIMIT ${REFUSED_STEPS})),
      sized AS (SELECT d.*, sum(pg_column_size(d.call)) OVER (ORDER BY d.id DESC) <= ${MOST_CALL_BYTES} AS within
        FROM chosen JOIN shown_decisions d ON d.id = chosen.id)
    SELECT d.id, d.step, d.tool, d.verdict, d.rule, CASE WHEN d.verdict <> 'allow' THEN d.reasons -> 0 END AS reason, a.state AS answered,
           d.created_at AS at, o.outcome, CASE WHEN d.within THEN coalesce(d.call -> 'args', '{}') END AS args,
           CASE WHEN d.within THEN d.call -> 'context' END AS context,
           CASE WHEN d.within AND d.call -> 'effect' ->> 'kind' = 'rows' THEN greatest(coalesce((d.call -> 'effect' ->> 'total')::int, 0),
             jsonb_array_length(d.call -> 'effect' -> 'before'), jsonb_array_length(d.call -> 'effect' -> 'after')) END AS rows
    FROM sized d
      LEFT JOIN outcomes o ON o.decision_id = d.origin_id
      LEFT JOIN approvals a ON a.run_id = d.run_id AND a.decision_id = d.id
    ORDER BY d.id`;
  return ChainRow.array()
    .parse(rows)
    .map(({ context, ...row }) => ({
      ...row,
      context: context.map(({ source, as_of, scope }) => ({ source, asOf: as_of, scope })),
    }));
}

const RequestRow = z.object({ id: z.uuid(), at: z.date(), goal: z.string().nullable() });

/** When a run began, and what its agent said then that it was for; null when it said nothing. */
export async function findRunRequest(
  on: Db,
  workspaceId: WorkspaceId,
  runId: string,
): Promise<z.infer<typeof RequestRow> | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.id, d.created_at AS at, left(d.call -> 'rationale' ->> 'goal', 1000) AS goal
    FROM shown_decisions d WHERE d.workspace_id = ${workspaceId}::uuid AND d.run_id = ${runId}::uuid ORDER BY d.id LIMIT 1`;
  return rows[0] === undefined ? null : RequestRow.parse(rows[0]);
}
