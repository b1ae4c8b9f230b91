import { z } from "zod";

import { Band, Reason, Verdict } from "@/lib/core/decisions/schema";
import { FilterText, PageQuery } from "@/lib/core/shared/page";

export const RunState = z.enum(["running", "halted", "ended"]);
export type RunState = z.infer<typeof RunState>;

export const OUTCOMES = ["success", "retry", "failed_validation", "human_review_required", "error", "unknown"] as const;
export const OutcomeName = z.enum(OUTCOMES);
export type OutcomeName = z.infer<typeof OutcomeName>;

/** Which runs to list. `session` is the agent's own name of the session. */
export const RunFilter = PageQuery.extend({
  agent: FilterText,
  session: FilterText,
  state: RunState.optional().catch(undefined),
});
export type RunFilter = z.infer<typeof RunFilter>;

/** Where in a long run a page begins: after this step. */
export const RunQuery = z.object({ after: z.coerce.number().int().min(0).catch(0) });
export type RunQuery = z.infer<typeof RunQuery>;

/** One execution inside a session, with what was decided in it. */
export const RunItem = z.object({
  id: z.uuid(),
  run: z.string(),
  session: z.string(),
  session_id: z.uuid(),
  agent: z.string(),
  demo: z.boolean(),
  state: RunState,
  halted_reason: z.string().nullable(),
  steps: z.int(),
  allowed: z.int(),
  asked: z.int(),
  refused: z.int(),
  cost_usd: z.string(),
  started_at: z.date(),
  last_at: z.date(),
});
export type RunItem = z.infer<typeof RunItem>;

/** What was reported about an allowed call. */
export const OutcomeReport = z.object({
  outcome: OutcomeName,
  claimed: z.string(),
  faults: z.array(z.object({ path: z.string(), message: z.string() })),
  cost_usd: z.string().nullable(),
  tokens: z.int().nullable(),
  latency_ms: z.int().nullable(),
  at: z.date(),
});
export type OutcomeReport = z.infer<typeof OutcomeReport>;

/** The request for people a decision opened or used. */
export const ApprovalMark = z.object({
  id: z.uuid(),
  state: z.string(),
  expires_at: z.date(),
  settled_at: z.date().nullable(),
});
export type ApprovalMark = z.infer<typeof ApprovalMark>;

/** Context as the agent declared it, with its age when the call was decided. */
export const ContextUse = z.object({
  source: z.string(),
  as_of: z.string(),
  age_seconds: z.number().nullable(),
  scope: z.record(z.string(), z.unknown()),
  doc_ids: z.array(z.string()),
  values: z.record(z.string(), z.unknown()),
});
export type ContextUse = z.infer<typeof ContextUse>;

/** One step of a run: a call and what became of it. */
export const RunStep = z.object({
  decision_id: z.uuid(),
  step: z.int(),
  call_id: z.string(),
  at: z.date(),
  tool: z.string(),
  args: z.unknown(),
  context: z.array(ContextUse),
  verdict: Verdict,
  rule: z.string().nullable(),
  reasons: z.array(Reason),
  score: z.int(),
  band: Band,
  approval: ApprovalMark.nullable(),
  outcome: OutcomeReport.nullable(),
});
export type RunStep = z.infer<typeof RunStep>;

/** A run with its steps in order; `next` is the step to go on after when there are more than were asked for. */
export const RunDetail = RunItem.extend({
  task: z.string(),
  level: z.int(),
  environment: z.string(),
  decisions: z.array(RunStep),
  next: z.int().nullable(),
});
export type RunDetail = z.infer<typeof RunDetail>;
