import { decimalOf, exactAt } from "@/lib/core/shared/decimal";

import { BUCKETS, type Bucket, type UnitPrices } from "./schema";

/**
 * A price is kept as a whole number of 10^-24 dollars per unit and, times a multiplier in millionths, a rate as one of 10^-30.
 * The shortest text of a double has at most 17 digits, so a price per million tokens fits and nothing is rounded before
 * the sum.
 */
const UNIT_DECIMALS = 24;
const MULTIPLIER_DECIMALS = 6;
const FINE_OF_PICO = 10n ** BigInt(UNIT_DECIMALS + MULTIPLIER_DECIMALS - 12);
const ONE = 10n ** BigInt(MULTIPLIER_DECIMALS);

/** Price of one unit of each bucket that the table has a price for. */
export type Units = ReadonlyMap<Bucket, bigint>;

/** What one unit of each bucket costs in a call, fallbacks and multipliers included, in parts of 10^-12 dollars. */
export type Rates = {
  readonly perUnit: ReadonlyMap<Bucket, bigint>;
  /** How many of these parts make 10^-12 dollars: 1 for the usual prices, which makes summing cheap. */
  readonly partsOfPico: bigint;
};

/** The prices of calls whose whole input has more than `above` tokens; the steepest first, the last is above nothing. */
export type Sheet = { readonly above: number; readonly units: Units };

/** What is charged for a bucket that has no price of its own. */
const FALLS_BACK: Readonly<Partial<Record<Bucket, Bucket>>> = {
  cache_read: "input",
  cache_write: "input",
  cache_write_1h: "cache_write",
  audio_in: "input",
  reasoning: "output",
  audio_out: "output",
};

function unitOf(units: Units, bucket: Bucket): bigint | undefined {
  const own = units.get(bucket);
  if (own !== undefined) return own;
  const other = FALLS_BACK[bucket];
  return other === undefined ? undefined : unitOf(units, other);
}

/**
 * The sheet for a call: long-context prices are a cliff, so past a threshold every token of the call costs the higher rate.
 *
 * @param input tokens of the whole input, what came from a cache included
 */
export function sheetFor(sheets: readonly Sheet[], input: number): Sheet | undefined {
  return sheets.find(({ above }) => input > above) ?? sheets.at(-1);
}

/** The price of one unit from the decimal text of the price of `10^power`; null for what is no price. */
export function unitFrom(text: string, power: number): bigint | null {
  const price = decimalOf(text);
  if (price === null || price.digits < 0n) return null;
  return exactAt({ digits: price.digits, exponent: price.exponent - power }, UNIT_DECIMALS);
}

/** A multiplier such as `"1.75"` in millionths. Throws for a row of our own that is written wrongly. */
export function multiplierOf(text: string): bigint {
  const written = decimalOf(text);
  const millionths = written === null ? null : exactAt(written, MULTIPLIER_DECIMALS);
  if (millionths === null || millionths < 0n) throw new RangeError(`"${text}" is no multiplier.`);
  return millionths;
}

const MTOK = 6;

const FIELDS: readonly (readonly [Bucket, keyof UnitPrices, number])[] = [
  ["input", "input_usd_per_mtok", MTOK],
  ["cache_read", "cache_read_usd_per_mtok", MTOK],
  ["cache_write", "cache_write_usd_per_mtok", MTOK],
  ["cache_write_1h", "cache_write_1h_usd_per_mtok", MTOK],
  ["audio_in", "audio_in_usd_per_mtok", MTOK],
  ["output", "output_usd_per_mtok", MTOK],
  ["reasoning", "reasoning_usd_per_mtok", MTOK],
  ["audio_out", "audio_out_usd_per_mtok", MTOK],
  ["request", "request_usd", 0],
  ["web_search", "web_search_usd", 0],
];

/** The unit prices that an override states. */
export function unitsOf(prices: UnitPrices): Units {
  const units = new Map<Bucket, bigint>();
  for (const [bucket, field, power] of FIELDS) {
    const text = prices[field];
    const unit = text === undefined ? null : unitFrom(text, power);
    if (unit !== null) units.set(bucket, unit);
  }
  return units;
}

/** What a call pays: each price, or the one it falls back to, times the bucket's multiplier. */
export function ratesOf(units: Units, multipliers: ReadonlyMap<Bucket, bigint>): Rates {
  const fine = new Map<Bucket, bigint>();
  for (const bucket of BUCKETS) {
    const unit = unitOf(units, bucket);
    if (unit !== undefined) fine.set(bucket, unit * (multipliers.get(bucket) ?? ONE));
  }
  const isWhole = [...fine.values()].every((rate) => rate % FINE_OF_PICO === 0n);
  if (!isWhole) return { perUnit: fine, partsOfPico: FINE_OF_PICO };
  return { perUnit: new Map([...fine].map(([bucket, rate]) => [bucket, rate / FINE_OF_PICO])), partsOfPico: 1n };
}
