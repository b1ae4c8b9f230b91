import { DAY_MS, HOUR_MS } from "@/lib/core/shared/time";

import type { Period } from "./range";

/*
 * Which stored spans add up to a period. A span is a day or hour of UTC, or a quarter of an hour. A bucket is the days
 * nearest to it, and more or less the hours and quarters between its ends and theirs, so that a local day costs its
 * zone's distance from UTC and not 24 hours.
 */

/** Spans of one length, whole within the two moments, that are added to or taken from a bucket. */
export type SpendPart = {
  /** The place of the bucket in its period. */
  readonly bucket: number;
  readonly minutes: 15 | 60 | 1440;
  readonly from: number;
  readonly to: number;
  readonly sign: 1 | -1;
};

/** The parts of each bucket of a period. */
export function partsOfBuckets({ buckets, to }: Period): readonly SpendPart[] {
  return buckets.flatMap((start, bucket) =>
    partsBetween(start.getTime(), (buckets[bucket + 1] ?? to).getTime(), bucket),
  );
}

/** The parts of a whole period, as its bucket 0. */
export const partsOfPeriod = ({ from, to }: Pick<Period, "from" | "to">): readonly SpendPart[] =>
  partsBetween(from.getTime(), to.getTime(), 0);

function partsBetween(from: number, to: number, bucket: number): readonly SpendPart[] {
  const first = Math.round(from / DAY_MS) * DAY_MS;
  const last = Math.round(to / DAY_MS) * DAY_MS;
  if (first >= last) return edge(from, to, bucket, 1);
  return [
    { bucket, minutes: 1440, from: first, to: last, sign: 1 },
    ...(from < first ? edge(from, first, bucket, 1) : edge(first, from, bucket, -1)),
    ...(to > last ? edge(last, to, bucket, 1) : edge(to, last, bucket, -1)),
  ];
}

/** Whole hours, and the quarters before and after them. */
function edge(from: number, to: number, bucket: number, sign: 1 | -1): readonly SpendPart[] {
  if (from >= to) return [];
  const first = Math.ceil(from / HOUR_MS) * HOUR_MS;
  const last = Math.floor(to / HOUR_MS) * HOUR_MS;
  if (first >= last) return [{ bucket, minutes: 15, from, to, sign }];
  const parts: SpendPart[] = [{ bucket, minutes: 60, from: first, to: last, sign }];
  if (from < first) parts.push({ bucket, minutes: 15, from, to: first, sign });
  if (last < to) parts.push({ bucket, minutes: 15, from: last, to, sign });
  return parts;
}
