import { divideHalfEven } from "@/lib/core/shared/decimal";
import { PICO_LIMIT, type PicoUsd } from "@/lib/core/shared/money";
import type { Tokens } from "@/lib/core/traces/event";

import type { Rates } from "./rates";
import { BUCKETS, type Bucket, type UnpricedWhy } from "./schema";
import type { PriceTable } from "./table";

/** A model call to price. */
export type PricedCall = {
  readonly provider: string | null;
  readonly model: string | null;
  readonly at: Date;
  readonly tokens: Tokens | null;
  readonly serviceTier: string | null;
  readonly batch: boolean;
  /** Web searches that the provider made within the call. */
  readonly webSearches?: number;
};

/** What a bucket of a call costs. The parts of a price add up to it exactly. */
export type PricePart = { readonly bucket: Bucket; readonly count: number; readonly picoUsd: PicoUsd };

export type Price =
  | { readonly status: "priced"; readonly picoUsd: PicoUsd; readonly ref: string; readonly parts: readonly PricePart[] }
  | { readonly status: "unpriced"; readonly why: UnpricedWhy; readonly bucket: Bucket | null }
  | { readonly status: "no_usage" };

/**
 * What a model call costs by the table, in whole 10^-12 dollars: exact up to one rounding of the sum, half to even.
 *
 * A call that cannot be priced in full is unpriced with a reason; it is never priced in part and never free.
 */
export function priceCall(table: PriceTable, call: PricedCall): Price {
  const { tokens } = call;
  if (tokens === null || Object.values(tokens).every((count) => count === null)) {
    return (call.webSearches ?? 0) > 0 ? unpriced("tokens_missing") : { status: "no_usage" };
  }
  const counts = countsOf(tokens, call.webSearches ?? 0);
  if (counts === null) return unpriced("impossible_tokens");
  // Without the whole input neither the long-context threshold nor what is uncached can be told.
  if (tokens.input === null) return unpriced("tokens_missing", "input");
  if (call.model === null) return unpriced("no_model");
  const answer = table.ratesFor({ ...call, model: call.model, inputTokens: tokens.input });
  if (!answer.ok) return unpriced(answer.why);
  // An embedding says nothing of output and has no price for it. A reply whose length is unknown has one.
  if (tokens.output === null && (answer.rates.perUnit.get("output") ?? 0n) > 0n)
    return unpriced("tokens_missing", "output");
  return billed(counts, answer.rates, answer.ref);
}

type Counts = ReadonlyMap<Bucket, number>;

/** The tokens of each bucket, each token in one; null for counts that no call can have. */
function countsOf(tokens: Tokens, webSearches: number): Counts | null {
  if (![...Object.values(tokens), webSearches].every(isCount)) return null;
  const input = tokens.input ?? 0;
  const output = tokens.output ?? 0;
  const cacheRead = tokens.cacheRead ?? 0;
  const cacheWrite1h = tokens.cacheWrite1h ?? 0;
  // `cacheWrite` includes the long-lived part. Where only that part is told, it is the whole.
  const cacheWrite = Math.max(tokens.cacheWrite ?? 0, cacheWrite1h);
  const fresh = Math.max(0, input - cacheRead - cacheWrite);
  // Cached audio is told twice, as cached and as audio, and is billed as cached.
  const audioIn = Math.min(tokens.audioIn ?? 0, fresh);
  const audioOut = Math.min(tokens.audioOut ?? 0, output);
  const reasoning = Math.min(tokens.reasoning ?? 0, output - audioOut);
  return new Map<Bucket, number>([
    ["input", fresh - audioIn],
    ["cache_read", cacheRead],
    ["cache_write", cacheWrite - cacheWrite1h],
    ["cache_write_1h", cacheWrite1h],
    ["audio_in", audioIn],
    ["output", output - reasoning - audioOut],
    ["reasoning", reasoning],
    ["audio_out", audioOut],
    ["request", 1],
    ["web_search", webSearches],
  ]);
}

/** More tokens than any model reads in a lifetime are a fault of the sender's, and the price of them would fit no column. */
const MOST = 1_000_000_000;

const isCount = (count: number | null) => count === null || (Number.isInteger(count) && count >= 0 && count <= MOST);

function billed(counts: Counts, { perUnit, partsOfPico }: Rates, ref: string): Price {
  const isPerRequest = perUnit.has("request") && !perUnit.has("input") && !perUnit.has("output");
  const parts: PricePart[] = [];
  let sum = 0n;
  let before = 0n;
  for (const bucket of BUCKETS) {
    const count = counts.get(bucket) ?? 0;
    if (count === 0) continue;
    const rate = perUnit.get(bucket);
    if (rate === undefined) {
      // A table without a price per request charges none, and one with nothing else charges no tokens.
      if (bucket === "request" || (isPerRequest && bucket !== "web_search")) continue;
      return unpriced("no_rate", bucket);
    }
    sum += BigInt(count) * rate;
    // Each part is what the rounded sum grew by, so that the parts add up to the price.
    const upTo = partsOfPico === 1n ? sum : divideHalfEven(sum, partsOfPico);
    parts.push({ bucket, count, picoUsd: upTo - before });
    before = upTo;
  }
  if (before >= PICO_LIMIT) return unpriced("impossible_tokens");
  return { status: "priced", picoUsd: before, ref, parts };
}

const unpriced = (why: UnpricedWhy, bucket: Bucket | null = null): Price => ({ status: "unpriced", why, bucket });
