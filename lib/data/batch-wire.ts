import "server-only";

import { columnsOf, functionCall } from "./wire";

/*
 * The two statements of a batch, by the names and types of their parameters. A test holds both against the database.
 */

/** `batch_open`: takes the locks and returns what stands. */
export const BATCH_OPEN = functionCall("batch_open", {
  p_workspace: "uuid",
  p_epoch: "int8",
  p_caller_agent: "uuid[]",
  p_caller_epoch: "int8[]",
  p_caller_credential: "uuid[]",
  p_locked_agent: "uuid[]",
  p_key_caller: "int4[]",
  p_key_agent: "uuid[]",
  p_key_session: "text[]",
  p_key_name: "text[]",
  p_key_fingerprint: "text[]",
  p_key_decision: "uuid[]",
  p_run_agent: "uuid[]",
  p_run_session: "text[]",
  p_run_name: "text[]",
  p_run_seconds: "int4[]",
  p_call_run: "int4[]",
  p_call_action: "text[]",
  p_call_tool: "text[]",
  p_tally_run: "int4[]",
  p_tally_scope: "text[]",
  p_tally_key: "text[]",
  p_tally_span: "int4[]",
  p_day_agent: "uuid[]",
  p_day_cost: "int8[]",
  p_day_tokens: "int8[]",
  p_named: "uuid[]",
  p_dependency: "text[]",
  p_ask_agent: "uuid[]",
  p_ask_action: "text[]",
  p_ask_args: "text[]",
});

/** `tool_history`: what agents did with tools in the last 30 days. */
export const TOOL_HISTORY = functionCall("tool_history", {
  p_workspace: "uuid",
  p_agent: "uuid[]",
  p_tool: "text[]",
  p_target: "text[]",
});

const DECISIONS = {
  id: "uuid",
  agent: "uuid",
  credential: "uuid",
  session: "uuid",
  run: "uuid",
  call_id: "text",
  step: "int4",
  tool: "text",
  tool_hash: "text",
  action: "text",
  call: "jsonb",
  salt: "bytea",
  verdict: "text",
  rule: "text",
  reasons: "jsonb",
  checks: "jsonb",
  risk: "jsonb",
  facts: "jsonb",
  manifest_version: "int4",
  manifest_hash: "text",
  guardrail_version: "int4",
  guardrail_hash: "text",
  approval: "uuid",
  reserved: "int8",
  remaining: "jsonb",
  receipt: "text",
  trace: "bytea",
  parent_span: "bytea",
} as const;
const ENTRIES = { entry_id: "uuid", entry_kind: "text", entry_body: "text" } as const;
const EVENTS = { event_id: "uuid", event_topic: "text", event_payload: "jsonb" } as const;
const ALLOWED = {
  allowed_id: "uuid",
  allowed_approval: "uuid",
  allowed_action: "text",
  allowed_micros: "int8",
  allowed_tokens: "int8",
  allowed_micros_assumed: "int8",
  allowed_tokens_assumed: "int8",
  allowed_dependency: "text",
} as const;
const RUNS = {
  run_id: "uuid",
  run_state: "text",
  run_halted: "text",
  run_steps: "int4",
  run_allowed: "int4",
  run_asked: "int4",
  run_refused: "int4",
  run_cost: "int8",
  run_action: "text",
  run_same: "int4",
  run_reach: "jsonb",
} as const;
const BUDGETS = { budget_run: "uuid", budget_limit: "int8", budget_used: "int8", budget_held: "int8" } as const;
const DAYS = { day_agent: "uuid", day_metric: "text", day_limit: "int8", day_held: "int8" } as const;
const TALLIES = { tally_scope: "uuid", tally_key: "text", tally_span: "int4", tally_n: "int8" } as const;

/** The rows a batch writes, column by column. */
export const batchColumns = () => ({
  decisions: columnsOf(DECISIONS),
  entries: columnsOf(ENTRIES),
  events: columnsOf(EVENTS),
  allowed: columnsOf(ALLOWED),
  runs: columnsOf(RUNS),
  budgets: columnsOf(BUDGETS),
  days: columnsOf(DAYS),
  tallies: columnsOf(TALLIES),
});
export type BatchColumns = ReturnType<typeof batchColumns>;

/** `batch_write`: writes what was judged. */
export const BATCH_WRITE = functionCall("batch_write", {
  p_workspace: "uuid",
  p_moment: "timestamptz",
  p_today: "text",
  ...listsOf(DECISIONS),
  ...listsOf(ENTRIES),
  ...listsOf(EVENTS),
  ...listsOf(ALLOWED),
  ...listsOf(RUNS),
  ...listsOf(BUDGETS),
  ...listsOf(DAYS),
  ...listsOf(TALLIES),
  p_rare: "jsonb",
});

/** `outcome_open`: locks and returns what stands of one call. */
export const OUTCOME_OPEN = functionCall("outcome_open", { p_workspace: "uuid", p_agent: "uuid", p_decision: "uuid" });

/** `outcome_write`: writes what settling a call comes to. */
export const OUTCOME_WRITE = functionCall("outcome_write", {
  p_workspace: "uuid",
  p_moment: "timestamptz",
  p_agent: "uuid",
  p_run: "uuid",
  p_decision: "uuid",
  p_tool: "text",
  p_action: "text",
  p_day: "text",
  p_report: "jsonb",
  p_late: "jsonb",
  p_change: "jsonb",
  ...listsOf(ENTRIES),
  ...listsOf(EVENTS),
  p_rare: "jsonb",
});

type Lists<S> = { readonly [K in keyof S as `p_${K & string}`]: `${S[K] & string}[]` };

function listsOf<const S extends Readonly<Record<string, string>>>(types: S): Lists<S> {
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [`p_${name}`, `${type}[]`])) as Lists<S>; // fromEntries forgets its keys
}
