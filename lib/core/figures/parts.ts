import { DAY_MS, MINUTE_MS } from "@/lib/core/shared/time";

import type { Period } from "./range";

/*
 * Which stored spans add up to a period. A span is a week, day or hour of UTC, or a quarter of an hour. A bucket is the
 * weeks nearest to it, more or less the days between its ends and theirs, and so on down to quarters, so that a local
 * day costs its zone's distance from UTC and not 24 hours, and a year its weeks.
 */

const LENGTHS = [10_080, 1_440, 60, 15] as const;

/** Spans of one length, whole within the two moments, that are added to or taken from a bucket. */
export type SpendPart = {
  /** The place of the bucket in its period. */
  readonly bucket: number;
  readonly minutes: (typeof LENGTHS)[number];
  readonly from: number;
  readonly to: number;
  readonly sign: 1 | -1;
};

/** The parts of each bucket of a period. */
export function partsOfBuckets({ buckets, to }: Period): readonly SpendPart[] {
  return buckets.flatMap((start, bucket) =>
    partsBetween({ from: start.getTime(), to: (buckets[bucket + 1] ?? to).getTime(), bucket, sign: 1 }),
  );
}

/** The parts of a whole period, as its bucket 0. */
export const partsOfPeriod = ({ from, to }: Pick<Period, "from" | "to">): readonly SpendPart[] =>
  partsBetween({ from: from.getTime(), to: to.getTime(), bucket: 0, sign: 1 });

/** Spans begin at midnight of a Monday and every length after; the first of January 1970 was a Thursday. */
const ORIGIN = 4 * DAY_MS;

function partsBetween(span: Omit<SpendPart, "minutes">, level = 0): readonly SpendPart[] {
  const { from, to, sign } = span;
  const minutes = LENGTHS[level];
  if (minutes === undefined || from >= to) return [];
  const length = minutes * MINUTE_MS;
  const nearest = (at: number) => Math.round((at - ORIGIN) / length) * length + ORIGIN;
  const [first, last] = [nearest(from), nearest(to)];
  if (first >= last) return partsBetween(span, level + 1);
  /** What lies between an end and the span nearest to it: added where the spans do not reach it, taken away where they go beyond. */
  const edge = (less: number, more: number, direction: 1 | -1) =>
    partsBetween({ ...span, from: less, to: more, sign: direction === 1 ? sign : opposite(sign) }, level + 1);
  return [
    { ...span, minutes, from: first, to: last },
    ...(from < first ? edge(from, first, 1) : edge(first, from, -1)),
    ...(to > last ? edge(last, to, 1) : edge(to, last, -1)),
  ];
}

const opposite = (sign: 1 | -1) => (sign === 1 ? -1 : 1);
