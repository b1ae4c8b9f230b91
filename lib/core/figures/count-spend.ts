import type { AgentId } from "@/lib/core/shared/brand";
import { timesOf } from "@/lib/core/traces/count-events";
import type { StoredEvent } from "@/lib/core/traces/stored-event";

import { CLAIMED_DIMENSIONS, type ClaimedDimension, NO_SPEND, type SpendMeasure } from "./measures";

/*
 * What events add to the figures of spend, by the quarter of an hour they began in. The store adds it in the transaction
 * that writes the events, and adds the quarters to their hours and days. Times are microseconds since 1970.
 */

const QUARTER = 900_000_000n;
const DAY = 96n * QUARTER;
const LONGEST_VALUE = 200;
const SEPARATOR = "\0";

/** The dimension of every event, and of those whose time cannot be believed. */
export type ValueDimension = ClaimedDimension | "all" | "out_of_window";

export type CallKey = {
  readonly quarter: bigint;
  readonly agentId: AgentId;
  readonly version: string;
  readonly kind: string;
  readonly provider: string;
  readonly model: string;
  readonly tool: string;
};
export type ValueKey = {
  readonly quarter: bigint;
  readonly agentId: AgentId;
  readonly dimension: ValueDimension;
  readonly value: string;
};

export type Sums = Record<SpendMeasure, bigint>;
export type Counted<K> = Map<string, { readonly key: K; readonly sums: Sums }>;
export type SpendCounts = { readonly calls: Counted<CallKey>; readonly values: Counted<ValueKey> };

/** What stands for a value in the rows of an agent's day: itself, or `OTHER_VALUES`. */
export type NameValue = (claim: Claim) => string;

/** A value that an event claims, with the UTC day it is counted on. */
export type Claim = {
  readonly day: bigint;
  readonly agentId: AgentId;
  readonly dimension: ClaimedDimension;
  readonly value: string;
};

export const noSpendCounts = (): SpendCounts => ({ calls: new Map(), values: new Map() });

/** The quarter of an hour of a moment. */
export const quarterOf = (micros: bigint): bigint => micros - (((micros % QUARTER) + QUARTER) % QUARTER);
const dayOf = (micros: bigint): bigint => micros - (((micros % DAY) + DAY) % DAY);

/** What an event claims, each value once and cut to what an index takes. */
export function claimsOf(stored: StoredEvent): readonly Claim[] {
  if (!stored.inWindow) return [];
  const { dimensions } = stored.event;
  const claimed: Readonly<Record<ClaimedDimension, readonly (string | null)[]>> = {
    environment: [dimensions.environment],
    customer: [dimensions.customer],
    tag: dimensions.tags,
    skill: [dimensions.skill],
    subagent: [dimensions.subagent],
    mcp_server: [dimensions.mcpServer],
  };
  const day = dayOf(timesOf(stored).started);
  return CLAIMED_DIMENSIONS.flatMap((dimension) => {
    const values = claimed[dimension].flatMap((value) => (value === null || value === "" ? [] : [cut(value)]));
    return [...new Set(values)].map((value) => ({ day, agentId: stored.agentId, dimension, value }));
  });
}

/** The first characters of a value, without half of a character at the end. */
const cut = (value: string): string => value.slice(0, LONGEST_VALUE).replace(/[\uD800-\uDBFF]$/, "");

/** Adds events to counts. @param sign -1 takes away what they were counted as */
export function countSpend(
  counts: SpendCounts,
  events: readonly StoredEvent[],
  nameValue: NameValue,
  sign: 1n | -1n = 1n,
): void {
  for (const stored of events) {
    const { event, agentId } = stored;
    const quarter = quarterOf(timesOf(stored).started);
    const amounts = amountsOf(stored);
    const addTo = (sums: Sums) => {
      for (const [measure, amount] of amounts) sums[measure] += amount * sign;
    };
    addTo(valueSums(counts, { quarter, agentId, dimension: stored.inWindow ? "all" : "out_of_window", value: "" }));
    if (!stored.inWindow) continue;
    const key = {
      quarter,
      agentId,
      version: event.agentVersion ?? "",
      kind: event.kind,
      provider: event.provider ?? "",
      model: event.model ?? event.modelRequested ?? "",
      tool: event.tool?.name ?? "",
    };
    addTo(sumsOf(counts.calls, key, [quarter, agentId, key.version, key.kind, key.provider, key.model, key.tool]));
    const named = claimsOf(stored).map((claim) => ({ dimension: claim.dimension, value: nameValue(claim) }));
    for (const { dimension, value } of distinct(named)) {
      addTo(valueSums(counts, { quarter, agentId, dimension, value }));
    }
  }
}

/** Several tags can be among the others, and the event is one of them once. */
function distinct<T extends { readonly dimension: string; readonly value: string }>(named: readonly T[]): Iterable<T> {
  return new Map(named.map((one) => [`${one.dimension}${SEPARATOR}${one.value}`, one])).values();
}

/** The sums of a value, made where there are none yet. */
export function valueSums(counts: SpendCounts, key: ValueKey): Sums {
  return sumsOf(counts.values, key, [key.dimension, key.quarter, key.agentId, key.value]);
}

function sumsOf<K>(counted: Counted<K>, key: K, parts: readonly (string | bigint)[]): Sums {
  const name = parts.join(SEPARATOR);
  let found = counted.get(name);
  if (!found) counted.set(name, (found = { key, sums: { ...NO_SPEND } }));
  return found.sums;
}

type Amount = readonly [SpendMeasure, bigint];
const ONE = 1n;

function amountsOf(stored: StoredEvent): readonly Amount[] {
  const { event } = stored;
  const amounts: Amount[] = [["events", ONE]];
  if (event.error !== null) amounts.push(["errors", ONE]);
  if (event.outcome === "retry") amounts.push(["retries", ONE]);
  if (event.outcome === "failed_validation") amounts.push(["failed_validations", ONE]);
  if (event.outcome === "human_review_required") amounts.push(["human_reviews", ONE]);
  if (event.kind === "tool") amounts.push(["tool_calls", ONE]);
  if (event.usageRole === "leaf") amounts.push(...usageOf(stored));
  return amounts;
}

function usageOf({ event, cost }: StoredEvent): readonly Amount[] {
  const { tokens } = event;
  const input = BigInt(tokens?.input ?? 0);
  const output = BigInt(tokens?.output ?? 0);
  const amounts: Amount[] = [
    ["tokens_input", input],
    ["tokens_output", output],
    ["tokens_cache_read", BigInt(tokens?.cacheRead ?? 0)],
    ["tokens_cache_write", BigInt(tokens?.cacheWrite ?? 0)],
    ["tokens_reasoning", BigInt(tokens?.reasoning ?? 0)],
  ];
  if (event.kind === "llm") amounts.push(["model_calls", ONE]);
  if (cost.status === "unpriced") return [...amounts, ["unpriced", ONE], ["unpriced_tokens", input + output]];
  if (cost.picos === null) return amounts;
  const picos = BigInt(cost.picos);
  amounts.push(["cost_picos", picos], ["priced", ONE], ["priced_tokens", input + output]);
  if (cost.status === "given" && cost.computedPicos !== null) {
    amounts.push(["both_priced", ONE], ["given_picos", picos], ["computed_picos", BigInt(cost.computedPicos)]);
  }
  const wasted = wastedAs(event);
  return wasted === null ? amounts : [...amounts, [wasted, picos]];
}

function wastedAs({ outcome, error }: StoredEvent["event"]): SpendMeasure | null {
  if (outcome === "retry") return "retry_picos";
  if (outcome === "failed_validation") return "failed_picos";
  return error === null ? null : "error_picos";
}
