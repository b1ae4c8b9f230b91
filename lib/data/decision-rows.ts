import "server-only";

import { z } from "zod";

import { OutcomeEffect } from "@/lib/core/approvals/effect-differs";
import { usdOf } from "@/lib/core/shared/money";
import { ApprovalMark, type ContextUse, OutcomeReport } from "@/lib/core/runs/schema";

import { Prisma } from "./generated/client";

/** What the call declared as context, read leniently: what was stored is shown, even if the language has moved on. */
const StoredContext = z
  .array(
    z.object({
      source: z.string(),
      as_of: z.string(),
      scope: z.record(z.string(), z.unknown()).catch({}),
      doc_ids: z.array(z.string()).catch([]),
      values: z.record(z.string(), z.unknown()).catch({}),
    }),
  )
  .catch([]);

/** The context of a call with its age at the time it was decided. */
export function contextUses(stored: unknown, decidedAt: Date): ContextUse[] {
  return StoredContext.parse(stored).map((use) => {
    const age = (decidedAt.getTime() - Date.parse(use.as_of)) / 1_000;
    return { ...use, age_seconds: Number.isFinite(age) ? Math.round(age) : null };
  });
}

/** Columns of a decision's approval and outcome, for `FROM shown_decisions d` with `MARK_SOURCES`. */
export const MARK_COLUMNS = Prisma.sql`
  p.id AS approval_id, p.state AS approval_state, p.expires_at AS approval_expires_at, p.settled_at AS approval_settled_at,
  o.outcome, o.claimed, o.faults, o.cost_micros AS outcome_micros, o.tokens, o.latency_ms, o.effect AS outcome_effect, o.created_at + d.shift AS outcome_at`;

export const MARK_SOURCES = Prisma.sql`
  LEFT JOIN approvals p ON p.id = d.approval_id
  LEFT JOIN outcomes o ON o.decision_id = d.origin_id`;

/** The columns above as they arrive. */
export const MarkRow = z.object({
  approval_id: z.uuid().nullable(),
  approval_state: z.string().nullable(),
  approval_expires_at: z.date().nullable(),
  approval_settled_at: z.date().nullable(),
  outcome: z.string().nullable(),
  claimed: z.string().nullable(),
  faults: z.unknown(),
  outcome_micros: z.coerce.number().nullable(),
  tokens: z.coerce.number().nullable(),
  latency_ms: z.int().nullable(),
  outcome_effect: OutcomeEffect.nullable().catch(null),
  outcome_at: z.date().nullable(),
});
export type MarkRow = z.infer<typeof MarkRow>;

/** Waiting rows whose time is up are shown as what they are; the job that settles them may be a moment behind. */
export function approvalMark(row: MarkRow, now: Date): ApprovalMark | null {
  if (row.approval_id === null || row.approval_expires_at === null) return null;
  const over =
    row.approval_expires_at <= now && (row.approval_state === "waiting" || row.approval_state === "approved");
  return ApprovalMark.parse({
    id: row.approval_id,
    state: over ? "expired" : row.approval_state,
    expires_at: row.approval_expires_at,
    settled_at: row.approval_settled_at,
  });
}

const StoredFaults = z.array(z.object({ path: z.string(), message: z.string() })).catch([]);

export function outcomeReport(row: MarkRow): OutcomeReport | null {
  if (row.outcome === null || row.outcome_at === null) return null;
  return OutcomeReport.parse({
    outcome: row.outcome,
    claimed: row.claimed,
    faults: StoredFaults.parse(row.faults),
    cost_usd: row.outcome_micros === null ? null : usdOf(row.outcome_micros),
    tokens: row.tokens,
    latency_ms: row.latency_ms,
    effect: row.outcome_effect,
    at: row.outcome_at,
  });
}
