import "server-only";

import type { CallKey, Counted, Sums, ValueKey } from "@/lib/core/figures/count-spend";

import { functionCall } from "./wire";

/* The statements that add to the figures of spend. A test holds each against the database. */

const SUMS = {
  p_events: "int8[]",
  p_errors: "int8[]",
  p_retries: "int8[]",
  p_failed_validations: "int8[]",
  p_human_reviews: "int8[]",
  p_model_calls: "int8[]",
  p_tool_calls: "int8[]",
  p_tokens_input: "text[]",
  p_tokens_output: "text[]",
  p_tokens_cache_read: "text[]",
  p_tokens_cache_write: "text[]",
  p_tokens_reasoning: "text[]",
  p_cost_picos: "text[]",
  p_priced: "int8[]",
  p_unpriced: "int8[]",
  p_priced_tokens: "text[]",
  p_unpriced_tokens: "text[]",
  p_both_priced: "int8[]",
  p_given_picos: "text[]",
  p_computed_picos: "text[]",
  p_retry_picos: "text[]",
  p_failed_picos: "text[]",
  p_error_picos: "text[]",
} as const;

/** `spend_count_calls`: by what calls were. */
export const COUNT_CALLS = functionCall("spend_count_calls", {
  p_workspace: "uuid",
  p_starts: "int8[]",
  p_agent_id: "uuid[]",
  p_agent_version: "text[]",
  p_kind: "text[]",
  p_provider: "text[]",
  p_model: "text[]",
  p_tool: "text[]",
  ...SUMS,
});

/** `spend_count_values`: by what events claim, and all of them. */
export const COUNT_VALUES = functionCall("spend_count_values", {
  p_workspace: "uuid",
  p_dimension: "text[]",
  p_starts: "int8[]",
  p_agent_id: "uuid[]",
  p_value: "text[]",
  ...SUMS,
  p_runs: "int8[]",
  p_succeeded: "int8[]",
});

/** `spend_keep_runs`: how traces are counted as runs from now on. */
export const KEEP_RUNS = functionCall("spend_keep_runs", {
  p_workspace: "uuid",
  p_trace: "bytea[]",
  p_agent: "uuid[]",
  p_first: "int8[]",
  p_root_ns: "int8[]",
  p_root_event: "bytea[]",
  p_succeeded: "bool[]",
  p_kept: "int8[]",
});

// One order of keys in every process, so that two that add to the same rows never wait for each other in a circle.
function inOrder<K>(counted: Counted<K>): { readonly keys: readonly K[]; readonly sums: readonly Sums[] } {
  const rows = [...counted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return { keys: rows.map(({ key }) => key), sums: rows.map((row) => row.sums) };
}

/** What is added to calls as parallel lists. */
export function callColumns(counted: Counted<CallKey>) {
  const { keys, sums } = inOrder(counted);
  return {
    p_starts: keys.map(({ quarter }) => quarter),
    p_agent_id: keys.map(({ agentId }) => agentId),
    p_agent_version: keys.map(({ version }) => version),
    p_kind: keys.map(({ kind }) => kind),
    p_provider: keys.map(({ provider }) => provider),
    p_model: keys.map(({ model }) => model),
    p_tool: keys.map(({ tool }) => tool),
    ...sumColumns(sums),
  };
}

/** What is added to values as parallel lists. */
export function valueColumns(counted: Counted<ValueKey>) {
  const { keys, sums } = inOrder(counted);
  return {
    p_dimension: keys.map(({ dimension }) => dimension),
    p_starts: keys.map(({ quarter }) => quarter),
    p_agent_id: keys.map(({ agentId }) => agentId),
    p_value: keys.map(({ value }) => value),
    ...sumColumns(sums),
    p_runs: sums.map(({ runs }) => runs),
    p_succeeded: sums.map(({ succeeded }) => succeeded),
  };
}

function sumColumns(sums: readonly Sums[]) {
  return {
    p_events: sums.map((one) => one.events),
    p_errors: sums.map((one) => one.errors),
    p_retries: sums.map((one) => one.retries),
    p_failed_validations: sums.map((one) => one.failed_validations),
    p_human_reviews: sums.map((one) => one.human_reviews),
    p_model_calls: sums.map((one) => one.model_calls),
    p_tool_calls: sums.map((one) => one.tool_calls),
    p_tokens_input: sums.map((one) => String(one.tokens_input)),
    p_tokens_output: sums.map((one) => String(one.tokens_output)),
    p_tokens_cache_read: sums.map((one) => String(one.tokens_cache_read)),
    p_tokens_cache_write: sums.map((one) => String(one.tokens_cache_write)),
    p_tokens_reasoning: sums.map((one) => String(one.tokens_reasoning)),
    p_cost_picos: sums.map((one) => String(one.cost_picos)),
    p_priced: sums.map((one) => one.priced),
    p_unpriced: sums.map((one) => one.unpriced),
    p_priced_tokens: sums.map((one) => String(one.priced_tokens)),
    p_unpriced_tokens: sums.map((one) => String(one.unpriced_tokens)),
    p_both_priced: sums.map((one) => one.both_priced),
    p_given_picos: sums.map((one) => String(one.given_picos)),
    p_computed_picos: sums.map((one) => String(one.computed_picos)),
    p_retry_picos: sums.map((one) => String(one.retry_picos)),
    p_failed_picos: sums.map((one) => String(one.failed_picos)),
    p_error_picos: sums.map((one) => String(one.error_picos)),
  };
}
