import { wilson } from "@/lib/core/shared/statistics";

import { addSpend, NO_SPEND, type SpendSums } from "./measures";
import type { CostPerSuccess, GivenCosts, SpendFigures, SpendSeries, Unpriced, Waste } from "./spend";

/* Sums in the words of the page of spend. */

/** @param isByRun whether the sums know of runs: where they are an agent's, or all */
export function figuresOf(sums: SpendSums, isByRun: boolean): SpendFigures {
  return {
    costPicos: String(sums.cost_picos),
    events: String(sums.events),
    errors: String(sums.errors),
    modelCalls: String(sums.model_calls),
    toolCalls: String(sums.tool_calls),
    tokensInput: String(sums.tokens_input),
    tokensOutput: String(sums.tokens_output),
    tokensCacheRead: String(sums.tokens_cache_read),
    retries: String(sums.retries),
    failedValidations: String(sums.failed_validations),
    wastedPicos: String(wastedOf(sums)),
    runs: isByRun ? String(sums.runs) : null,
    succeeded: isByRun ? String(sums.succeeded) : null,
  };
}

const wastedOf = (sums: SpendSums): bigint => sums.retry_picos + sums.failed_picos + sums.error_picos;

/** Wasted cost over cost; null without cost. */
export const wasteShareOf = (sums: SpendSums): number | null =>
  sums.cost_picos === 0n ? null : Number(wastedOf(sums)) / Number(sums.cost_picos);

/** The sum of all. */
export const sumOf = (all: Iterable<SpendSums>): SpendSums => [...all].reduce(addSpend, NO_SPEND);

/** Cost over successes; null without any. */
export function costPerSuccessOf({ cost_picos: cost, runs, succeeded }: SpendSums): CostPerSuccess | null {
  if (succeeded <= 0n) return null;
  const { low, high } = wilson(Number(succeeded), Number(runs));
  const at = (share: number) => String(BigInt(Math.round(Number(cost) / (Number(runs) * share))));
  return { picos: String(cost / succeeded), lowPicos: at(high), highPicos: at(low), n: String(runs) };
}

/** What was spent for nothing, by kind. */
export function wasteOf(now: SpendSums, before: SpendSums | null): readonly Waste[] {
  const kinds = [
    { kind: "retries", picos: "retry_picos", events: "retries" },
    { kind: "failed_validations", picos: "failed_picos", events: "failed_validations" },
    { kind: "errors", picos: "error_picos", events: "errors" },
  ] as const;
  return kinds.map(({ kind, picos, events }) => ({
    kind,
    now: String(now[picos]),
    before: before && String(before[picos]),
    events: String(now[events]),
  }));
}

/** What has no price, of what. */
export const unpricedOf = (sums: SpendSums): Unpriced => ({
  events: String(sums.unpriced),
  tokens: String(sums.unpriced_tokens),
  ofEvents: String(sums.unpriced + sums.priced),
  ofTokens: String(sums.unpriced_tokens + sums.priced_tokens),
});

/** What senders say against our prices, where both say something. */
export const givenOf = (sums: SpendSums): GivenCosts => ({
  events: String(sums.both_priced),
  givenPicos: String(sums.given_picos),
  computedPicos: String(sums.computed_picos),
  differencePicos: String(sums.given_picos - sums.computed_picos),
});

/** Costs by bucket of a key, of a range and of the period it is compared with. */
export type Buckets = { readonly now: readonly bigint[]; readonly before: readonly bigint[] | null };

const sumUp = (costs: readonly bigint[]): bigint => costs.reduce((sum, cost) => sum + cost, 0n);

/** Adds or takes away bucket by bucket. */
export function joinBuckets(one: Buckets, other: Buckets, sign: 1n | -1n = 1n): Buckets {
  const join = (costs: readonly bigint[], others: readonly bigint[]) =>
    costs.map((cost, index) => cost + sign * (others[index] ?? 0n));
  return {
    now: join(one.now, other.now),
    before: one.before && other.before ? join(one.before, other.before) : one.before,
  };
}

const MOST_SERIES = 5;

/** The lines of the main chart: the keys that cost most, and the others as one. */
export function seriesOf(
  byKey: ReadonlyMap<string, Buckets>,
  empty: Buckets,
  labelOf: (key: string) => string,
): readonly SpendSeries[] {
  const ordered = [...byKey].sort(([a, one], [b, other]) => {
    const [left, right] = [sumUp(one.now), sumUp(other.now)];
    return left === right ? (a < b ? -1 : 1) : left > right ? -1 : 1;
  });
  const shown = ordered.slice(0, MOST_SERIES).map(([key, costs]) => lineOf(key, labelOf(key), costs, false));
  const rest = ordered.slice(MOST_SERIES);
  if (rest.length === 0) return shown;
  const others = rest.reduce((sum, [, costs]) => joinBuckets(sum, costs), empty);
  return [...shown, lineOf("", `${rest.length} others`, others, true)];
}

function lineOf(key: string, label: string, { now, before }: Buckets, isOthers: boolean): SpendSeries {
  return {
    key,
    label,
    isOthers,
    costs: now.map(String),
    costsBefore: before && before.map(String),
    totalPicos: String(sumUp(now)),
    totalPicosBefore: before && String(sumUp(before)),
  };
}
