import { z } from "zod";

import { OutcomeEffect } from "@/lib/core/approvals/effect-differs";
import { Band, Reason, Verdict } from "@/lib/core/decisions/schema";
import { FilterText, PageQuery } from "@/lib/core/shared/page";

export const RunState = z.enum(["running", "halted", "ended"]);
export type RunState = z.infer<typeof RunState>;

export const OUTCOMES = ["success", "retry", "failed_validation", "human_review_required", "error", "unknown"] as const;
export const OutcomeName = z.enum(OUTCOMES);
export type OutcomeName = z.infer<typeof OutcomeName>;

/** What a run's telemetry must have to be listed: one event with all of these. `tool` also matches a call that was decided. */
export const EVENT_FILTERS = [
  "model",
  "provider",
  "tool",
  "kind",
  "version",
  "environment",
  "customer",
  "tag",
  "skill",
  "subagent",
  "mcp_server",
  /** How it ended: an outcome, `error`, or `rate_limited` for the errors that ask callers to slow down. */
  "outcome",
] as const;
export type EventFilter = (typeof EVENT_FILTERS)[number];

const EventFilters = z.object(
  Object.fromEntries(EVENT_FILTERS.map((name) => [name, FilterText])) as Record<EventFilter, typeof FilterText>,
);

/**
 * Which runs to list. `session` is the agent's own name of the session; a run is in a range when it began before its end
 * and was last heard of after its beginning.
 */
export const RunFilter = PageQuery.extend({
  agent: FilterText,
  session: FilterText,
  state: RunState.optional().catch(undefined),
  from: FilterText,
  to: FilterText,
  tz: FilterText,
  ...EventFilters.shape,
});
export type RunFilter = z.infer<typeof RunFilter>;

/** A trace in whose run no call was decided. */
export const UndecidedTrace = z.object({
  trace_id: z.string(),
  agent: z.string(),
  run: z.string().nullable(),
  first_at: z.date(),
  last_at: z.date(),
  events: z.coerce.number(),
  errors: z.coerce.number(),
  cost_picos: z.string(),
});
export type UndecidedTrace = z.infer<typeof UndecidedTrace>;

/** Where a page of a run's timeline begins, and what it is narrowed to. */
export const RunQuery = z.object({
  from: z.coerce.number().int().min(0).catch(0),
  find: z.string().max(200).catch(""),
  only: z.literal("faults").nullable().catch(null),
});
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
  ended_at: z.date().nullable(),
  /** `idle`: nothing new came for as long as the workspace sets. `closed`: the agent's telemetry said that it is over. */
  ended_reason: z.enum(["idle", "closed"]).nullable(),
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
  /** What was reported to have been done, held against what was allowed; null where nothing was said of it. */
  effect: OutcomeEffect.nullable(),
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
