/** What spend can be split by. `owner` is the agent's owner now; the last six are what events claim of themselves. */
export const SPEND_DIMENSIONS = [
  "agent",
  "owner",
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
] as const;
export type SpendDimension = (typeof SPEND_DIMENSIONS)[number];

/** Dimensions with a rollup of their own, because their values are claimed freely. */
export const CLAIMED_DIMENSIONS = ["environment", "customer", "tag", "skill", "subagent", "mcp_server"] as const;
export type ClaimedDimension = (typeof CLAIMED_DIMENSIONS)[number];

/** Dimensions that can be combined as filters and splits, because one rollup has all of them. */
export const CALL_DIMENSIONS = ["agent", "version", "kind", "provider", "model", "tool"] as const;
export type CallDimension = (typeof CALL_DIMENSIONS)[number];

/** What stands for the values of an hour beyond the most that are kept apart. */
export const OTHER_VALUES = "(others)";

/**
 * What is added up, each a whole number. Usage and money are those of calls that carry their own: an event that repeats
 * what is below it adds to `events` alone.
 */
export const SPEND_MEASURES = [
  "events",
  "errors",
  "retries",
  "failed_validations",
  "human_reviews",
  /** Model calls with usage of their own. */
  "model_calls",
  "tool_calls",
  "tokens_input",
  "tokens_output",
  "tokens_cache_read",
  "tokens_cache_write",
  "tokens_reasoning",
  "cost_picos",
  "priced",
  "unpriced",
  "priced_tokens",
  "unpriced_tokens",
  /** Events of which both the sender and our prices say a cost, and what either says of exactly those. */
  "both_priced",
  "given_picos",
  "computed_picos",
  /** Cost of what was tried again, of output that failed its validation, and of other errors; an event is one of them. */
  "retry_picos",
  "failed_picos",
  "error_picos",
  /** Runs that began, and those of them that succeeded: known by agent and owner, 0 in every other split. */
  "runs",
  "succeeded",
] as const;
export type SpendMeasure = (typeof SPEND_MEASURES)[number];

/** One number per measure. */
export type SpendSums = Readonly<Record<SpendMeasure, bigint>>;

/** No spend. */
export const NO_SPEND: SpendSums = Object.freeze(
  Object.fromEntries(SPEND_MEASURES.map((measure) => [measure, 0n])) as Record<SpendMeasure, bigint>,
);

/** The sum of two, measure by measure. */
export function addSpend(one: SpendSums, other: SpendSums): SpendSums {
  return mapSpend((measure) => one[measure] + other[measure]);
}

/** What is left of the first without the second. */
export function subtractSpend(one: SpendSums, other: SpendSums): SpendSums {
  return mapSpend((measure) => one[measure] - other[measure]);
}

/** Spend with this number for each measure. */
export function mapSpend(numberOf: (measure: SpendMeasure) => bigint): SpendSums {
  return Object.fromEntries(SPEND_MEASURES.map((measure) => [measure, numberOf(measure)])) as Record<
    SpendMeasure,
    bigint
  >;
}
