import { quantileOf } from "@/lib/core/shared/log-histogram";
import { HOUR_MS } from "@/lib/core/shared/time";

import type { Shape } from "./signals";

/** What one hour counted of a signal. `part` is what it asks about, `whole` of how many; a count needs `part` alone. */
export type HourTally = {
  readonly part: number;
  readonly whole: number;
  /** By the buckets of `log-histogram.ts`, for percentiles. */
  readonly histogram?: readonly number[];
};

/** A signal of one agent, by the number of hours since 1970. An hour that is absent counted nothing. */
export type Series = ReadonlyMap<number, HourTally>;

/** A value with what it was made of. */
export type Figure = { readonly value: number; readonly part: number; readonly n: number };

/** The number of the hour that holds a moment. */
export const hourOf = (at: Date): number => Math.floor(at.getTime() / HOUR_MS);

/** The value of some hours that end with `last`; null where nothing was counted. */
export const figureOf = (series: Series, shape: Shape, last: number, hours: number): Figure | null =>
  figuresOf(series, shape, last, [hours])[0] ?? null;

/** The values of several spans that end with the same hour, in one pass back. @param spans in hours, growing */
export function figuresOf(
  series: Series,
  shape: Shape,
  last: number,
  spans: readonly number[],
): readonly (Figure | null)[] {
  const figures: (Figure | null)[] = [];
  const histogram: number[] = [];
  let [part, whole, back] = [0, 0, 0];
  for (const span of spans) {
    for (; back < span; back += 1) {
      const tally = series.get(last - back);
      if (!tally) continue;
      part += tally.part;
      whole += tally.whole;
      if (shape === "p95") addCounts(histogram, tally.histogram ?? []);
    }
    figures.push(figure(shape, { part, whole, histogram, span }));
  }
  return figures;
}

type Sums = {
  readonly part: number;
  readonly whole: number;
  readonly histogram: readonly number[];
  readonly span: number;
};

function figure(shape: Shape, { part, whole, histogram, span }: Sums): Figure | null {
  if (shape === "count") return { value: part / span, part, n: part };
  if (whole === 0) return null;
  if (shape !== "p95") return { value: part / whole, part, n: whole };
  const value = quantileOf(histogram, 0.95);
  return value === null ? null : { value, part, n: whole };
}

function addCounts(sums: number[], counts: readonly number[]): void {
  while (sums.length < counts.length) sums.push(0);
  for (let bucket = 0; bucket < counts.length; bucket += 1) sums[bucket] = (sums[bucket] ?? 0) + (counts[bucket] ?? 0);
}
