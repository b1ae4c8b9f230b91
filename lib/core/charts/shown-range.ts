import type { Period, Range } from "@/lib/core/figures/range";

import type { ChartBucket } from "./chart";
import { axisWords, bucketWords, localDate, momentWords, rangeWords } from "./time-words";

/** A range as the controls of a page need it: what it says in the address, and in words. */
export type ShownRange = {
  readonly text: Range["text"];
  /** ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly words: string;
  /** The period compared with; null where nothing is compared. */
  readonly comparedWords: string | null;
  /** The local dates of its first and last moment, `2026-11-27`. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly notice: string | null;
};

/** What the controls and the files of a page say about its range. */
export function shownRange(range: Range, now: Date): ShownRange {
  const { text, from, to, zone, compared, notice } = range;
  const words = rangeWords({ from, to }, zone, now);
  const earlier = compared && rangeWords(compared, zone, now);
  return {
    text,
    from: from.toISOString(),
    to: to.toISOString(),
    words,
    comparedWords: earlier === null ? null : `${earlier}${text.cmp === "weekdays" ? ", same weekdays" : ""}`,
    firstDay: localDate(from, zone),
    lastDay: localDate(new Date(to.getTime() - 1), zone),
    notice,
  };
}

const NAMES: Readonly<Record<Range["bucket"], string>> = {
  quarter: "Quarter of an hour",
  hour: "Hour",
  day: "Day",
  week: "Week",
};

/** What one point of a chart of this range is, `Day`, `Hour`; with the zone where its clock matters. */
export const bucketName = ({ bucket, zone }: Range): string => `${NAMES[bucket]} (${zone})`;

/** The same in a sentence: `by day`, `by hour`. */
export const byBucket = ({ bucket }: Range): string => `by ${NAMES[bucket].toLowerCase()}`;

/** The points of a chart of a period. */
export function chartBuckets(period: Period, { bucket, zone }: Pick<Range, "bucket" | "zone">): readonly ChartBucket[] {
  const withinDay = localDate(period.from, zone) === localDate(new Date(period.to.getTime() - 1), zone);
  return period.buckets.map((at) => ({
    at: at.toISOString(),
    words: bucketWords(at, bucket, zone),
    short: axisWords(at, bucket, { zone, withinDay }),
  }));
}

/** The first lines of a file of these figures: range, comparison, zone and what they are narrowed to. */
export function fileHead(
  range: Range,
  now: Date,
  filters: readonly (readonly [name: string, value: string])[],
): readonly (readonly [name: string, value: string])[] {
  const shown = shownRange(range, now);
  return [
    ["range", `${shown.words} (${shown.from} up to ${shown.to})`],
    ["compared with", shown.comparedWords ?? "nothing"],
    ["zone", range.zone],
    ["made", `${momentWords(now, range.zone)} (${now.toISOString()})`],
    ...filters,
  ];
}
