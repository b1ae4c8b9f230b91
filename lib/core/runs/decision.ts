import { z } from "zod";

import { Remaining } from "@/lib/core/decisions/answer";
import { Band, CheckResult, Reason, Risk, Verdict } from "@/lib/core/decisions/schema";
import { ExecutionMark } from "@/lib/core/decisions/execution";
import { FilterText, PageQuery } from "@/lib/core/shared/page";

import { ApprovalMark, ContextUse, OutcomeReport } from "./schema";

/** Which decisions to list. `from` and `to` bound the time, both inclusive. */
export const DecisionFilter = PageQuery.extend({
  verdict: Verdict.optional().catch(undefined),
  agent: FilterText,
  tool: FilterText,
  /** Only what the breaker of this dependency refused. */
  dependency: FilterText,
  from: z.coerce.date().optional().catch(undefined),
  to: z.coerce.date().optional().catch(undefined),
});
export type DecisionFilter = z.infer<typeof DecisionFilter>;

/** One decision in a list. */
export const DecisionItem = z.object({
  id: z.uuid(),
  at: z.date(),
  agent: z.string(),
  demo: z.boolean(),
  session: z.string(),
  run: z.string(),
  run_id: z.uuid(),
  step: z.int(),
  tool: z.string(),
  verdict: Verdict,
  rule: z.string().nullable(),
  reason: z.string().nullable(),
  score: z.int(),
  band: Band,
  approval_id: z.uuid().nullable(),
  outcome: z.string().nullable(),
});
export type DecisionItem = z.infer<typeof DecisionItem>;

/** Why an approved call is held to have been a mistake. */
export const Regret = z.object({
  cause: z.enum(["failed", "rolled_back", "person"]),
  note: z.string().nullable(),
  at: z.date(),
});
export type Regret = z.infer<typeof Regret>;

/** Where a decision meets the agent's telemetry: a span of a trace. */
const TracePlace = z.object({ trace_id: z.string(), span_id: z.string(), arrived: z.boolean() });

/** A decision with everything that explains it. `line` is the rule's line in the manifest's text. */
export const DecisionDetail = z.object({
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
  line: z.int().nullable(),
  reasons: z.array(Reason),
  checks: z.array(CheckResult),
  risk: Risk,
  /** What the call was about is erased: arguments, context and words are gone, not empty. */
  erased: z.boolean(),
  args: z.unknown(),
  context: z.array(ContextUse),
  effect: z.unknown(),
  rationale: z.unknown(),
  estimate: z.unknown(),
  facts: z.unknown(),
  manifest: z.object({ version: z.int(), hash: z.string() }).nullable(),
  /** The guardrail that was in force when the call was decided. */
  guardrail: z.object({ version: z.int(), hash: z.string() }).nullable(),
  /** The line of each place in manifest or guardrail that a reason points to. */
  lines: z.record(z.string(), z.int()),
  remaining: Remaining,
  approval: ApprovalMark.nullable(),
  outcome: OutcomeReport.nullable(),
  regret: Regret.nullable(),
  /** Null when nothing was allowed. */
  execution: ExecutionMark.nullable(),
  /** From where the agent asked, as the header `traceparent` said; null without one. */
  asked_from: TracePlace.nullable(),
  /** The span in which the call ran; null where no telemetry shows that. */
  ran_in: TracePlace.extend({ joined_by: z.enum(["decision_id", "traceparent", "call"]) }).nullable(),
  /** A span that ran with other arguments than this decision allowed. */
  ran_otherwise: TracePlace.nullable(),
  entry: z.object({ index: z.string().nullable(), leaf_hash: z.string().nullable(), body: z.unknown() }).nullable(),
});
export type DecisionDetail = z.infer<typeof DecisionDetail>;

const RunBefore = z.object({
  run: z.object({ steps: z.int(), elapsedSeconds: z.number(), costMicros: z.int() }),
});

/** The run as it stood before a call, as the commit saw it on the locked row; null when that was not kept. */
export function runBefore(facts: unknown): z.infer<typeof RunBefore>["run"] | null {
  const found = RunBefore.safeParse(facts);
  return found.success ? found.data.run : null;
}
