import { z } from "zod";

import { canonicalZone, isZone } from "@/lib/core/shared/zone";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";

import { addLocalDays, localDaysBetween, startOfLocalDay, startOfLocalWeek, zoneOffset } from "./calendar";

/** The finest step of a range. Every zone's clock differs from UTC by a multiple of it. */
export const QUARTER_MS = 15 * MINUTE_MS;
/** The longest range, in local days. */
export const LONGEST_RANGE_DAYS = 400;
export const DEFAULT_FROM = "now-7d";
const EARLIEST = new Date("2020-01-01T00:00:00Z");
const WEEK_DAYS = 7;

/** What a range is compared with: the nearest earlier period with the same weekdays, the one just before, or nothing. */
export const COMPARISONS = ["weekdays", "previous", "none"] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const BUCKETS = ["quarter", "hour", "day", "week"] as const;
/** How long the parts of a range are; `quarter` is a quarter of an hour, weeks begin on Monday. */
export type Bucket = (typeof BUCKETS)[number];

/** A range as the address of a page or a request has it. */
export const RangeQuery = z.object({
  from: z.string().optional().catch(undefined),
  to: z.string().optional().catch(undefined),
  cmp: z.string().optional().catch(undefined),
  tz: z.string().optional().catch(undefined),
});
export type RangeQuery = z.infer<typeof RangeQuery>;

/** From the first moment up to, but without, the second, with the starts of its parts; the first part starts at `from`. */
export type Period = { readonly from: Date; readonly to: Date; readonly buckets: readonly Date[] };

export type Range = Period & {
  /** The range as it was asked for: relative texts stay relative, so that a shared address stays current. */
  readonly text: { readonly from: string; readonly to: string; readonly cmp: Comparison; readonly tz: string };
  readonly zone: string;
  readonly bucket: Bucket;
  /** Whether the last bucket is still going on. The range ends with the quarter of an hour that is going on. */
  readonly unfinished: boolean;
  /**
   * As long as the range in local days and time of day, and over before it begins. Its buckets answer the range's one by
   * one; where a clock changed, hours can be one more or fewer.
   */
  readonly compared: Period | null;
  /** Why the range is not the one asked for, and what a page shows in its place; null where it is. */
  readonly notice: string | null;
  /** The same for a program, which gets no other range than it asked for; null where there is nothing to refuse. */
  readonly fault: RangeFault | null;
};

/** The part of a query that cannot be answered: why, and what to send in its place. */
export type RangeFault = { readonly name: "from" | "to" | "tz"; readonly message: string };

/**
 * Reads a range. A text it cannot read gives the default range and a notice, never an error.
 *
 * `now-7d` is seven local days including today, so that days are whole; `now-24h` is exactly 24 hours. An instant is
 * ISO 8601 with its offset, or a date for the start of that local day. Ends are rounded outwards to quarters of an hour.
 *
 * @param zone of the workspace, where the query names none
 */
export function readRange(query: RangeQuery, now: Date, zone = "UTC"): Range {
  const asked = query.tz !== undefined && query.tz !== "" ? query.tz : zone;
  const isKnown = isZone(asked);
  const tz = isKnown ? spelt(asked) : "UTC";
  const noZone = isKnown ? null : `There is no time zone ${asked.slice(0, 40)}.`;
  const { from, to, texts, reason } = endsOf(query, now, tz);
  const bucket = bucketOf(from, to);
  const cmp = comparisonOf(query.cmp, localDaysBetween(from, to, tz));
  const period = { from, to, buckets: bucketsOf(from, to, bucket, tz) };
  return {
    ...period,
    text: { ...texts, cmp, tz },
    zone: tz,
    bucket,
    unfinished: to.getTime() > now.getTime(),
    compared: cmp === "none" ? null : comparedWith(period, bucket, cmp, tz),
    notice:
      [noZone && `${noZone} Times are in UTC.`, reason && `${reason.why} ${reason.shown}`].filter(Boolean).join(" ") ||
      null,
    fault: noZone
      ? { name: "tz", message: `${noZone} Send the name of one, such as Europe/Berlin or UTC.` }
      : reason && { name: reason.name, message: `${reason.why} ${reason.send}` },
  };
}

/** The zone under the name that it was asked by, in the name's own letter case. */
function spelt(zone: string): string {
  const canonical = canonicalZone(zone);
  return canonical.toLowerCase() === zone.toLowerCase() ? canonical : zone;
}

/** Why the ends are others than asked for, what they are then, and what should have been asked. */
type Reason = {
  readonly name: "from" | "to";
  readonly why: string;
  readonly shown: string;
  readonly send: string;
};

type Ends = {
  readonly from: Date;
  readonly to: Date;
  readonly texts: { readonly from: string; readonly to: string };
  readonly reason: Reason | null;
};

const LAST_WEEK = "The last 7 days are shown.";

function endsOf(query: RangeQuery, now: Date, zone: string): Ends {
  const limit = endOfQuarter(now);
  const fallback = (reason: Reason | null): Ends => ({
    from: momentOf(DEFAULT_FROM, now, zone) ?? limit,
    to: limit,
    texts: { from: DEFAULT_FROM, to: "now" },
    reason,
  });
  if (!query.from && !query.to) return fallback(null);
  const texts = { from: query.from || DEFAULT_FROM, to: query.to || "now" };
  const from = momentOf(texts.from, now, zone);
  const end = momentOf(texts.to, now, zone);
  if (from === null || end === null) {
    const send = "Send ISO 8601 instants with their offset, dates such as 2026-11-23, or texts such as now-7d.";
    return fallback({
      name: from === null ? "from" : "to",
      why: "The range cannot be read.",
      shown: LAST_WEEK,
      send,
    });
  }
  const to = least(endOf(end), limit);
  const start = new Date(Math.floor(from.getTime() / QUARTER_MS) * QUARTER_MS);
  if (start >= limit)
    return fallback({ name: "from", why: "The range has not begun.", shown: LAST_WEEK, send: "Send an earlier from." });
  if (start >= to) {
    const send = "Send a to that is later than from.";
    return fallback({ name: "to", why: "The range ends before it begins.", shown: LAST_WEEK, send });
  }
  if (to <= EARLIEST) {
    const send = "Send a range that ends later.";
    return fallback({ name: "to", why: "The range is before 2020.", shown: LAST_WEEK, send });
  }
  // A range that ends at midnight does not reach into the day that begins then.
  const lastMoment = new Date(to.getTime() - 1);
  const first = startOfLocalDay(addLocalDays(lastMoment, 1 - LONGEST_RANGE_DAYS, zone), zone);
  if (start >= first) return { from: start, to, texts, reason: null };
  const reason = {
    name: "from",
    why: `A range has at most ${LONGEST_RANGE_DAYS} days.`,
    shown: `The last ${LONGEST_RANGE_DAYS} days are shown.`,
    send: `Send a from of ${first.toISOString()} or later.`,
  } as const;
  return { from: first, to, texts: { from: first.toISOString(), to: texts.to }, reason };
}

const least = (a: Date, b: Date): Date => (a < b ? a : b);
/** The end of the quarter of an hour that is going on. */
const endOfQuarter = (at: Date) => new Date((Math.floor(at.getTime() / QUARTER_MS) + 1) * QUARTER_MS);
const endOf = (at: Date) => new Date(Math.ceil(at.getTime() / QUARTER_MS) * QUARTER_MS);

const RELATIVE = /^now(?:-([1-9]\d{0,3})([hdw]))?$/;
const INSTANT = z.iso.datetime({ offset: true });
const DATE = z.iso.date();

/** The moment that a text means; null for one that cannot be read. */
function momentOf(text: string, now: Date, zone: string): Date | null {
  const relative = RELATIVE.exec(text);
  if (relative) {
    const [, digits, unit] = relative;
    const limit = endOfQuarter(now);
    if (digits === undefined) return limit;
    const count = Number(digits);
    if (unit === "h") return new Date(limit.getTime() - count * HOUR_MS);
    const days = unit === "w" ? count * WEEK_DAYS : count;
    return startOfLocalDay(addLocalDays(now, 1 - days, zone), zone);
  }
  if (INSTANT.safeParse(text).success) return new Date(text);
  if (!DATE.safeParse(text).success) return null;
  // No zone is more than 14 hours ahead, so the moment is in the day or the one after.
  const noon = new Date(Date.parse(`${text}T12:00:00Z`));
  return startOfLocalDay(new Date(noon.getTime() - zoneOffset(noon, zone)), zone);
}

function comparisonOf(text: string | undefined, days: number): Comparison {
  return COMPARISONS.find((known) => known === text) ?? (days >= WEEK_DAYS - 1 ? "weekdays" : "previous");
}

const QUARTERS_UNTIL = 6 * HOUR_MS;
/** Two local days, one of which may have 25 hours. */
const HOURS_UNTIL = 49 * HOUR_MS;
const DAYS_UNTIL = 93 * DAY_MS;

function bucketOf(from: Date, to: Date): Bucket {
  const length = to.getTime() - from.getTime();
  if (length <= QUARTERS_UNTIL) return "quarter";
  if (length <= HOURS_UNTIL) return "hour";
  return length <= DAYS_UNTIL ? "day" : "week";
}

function bucketsOf(from: Date, to: Date, bucket: Bucket, zone: string): readonly Date[] {
  const starts = [from];
  for (let next = nextStart(from, bucket, zone); next < to; next = nextStart(next, bucket, zone)) starts.push(next);
  return starts;
}

/** When the bucket after the one that a moment is in starts. */
function nextStart(at: Date, bucket: Bucket, zone: string): Date {
  if (bucket === "day") return startOfLocalDay(addLocalDays(startOfLocalDay(at, zone), 1, zone), zone);
  if (bucket === "week") return startOfLocalDay(addLocalDays(startOfLocalWeek(at, zone), WEEK_DAYS, zone), zone);
  const step = bucket === "hour" ? HOUR_MS : QUARTER_MS;
  const ahead = zoneOffset(at, zone);
  return new Date((Math.floor((at.getTime() + ahead) / step) + 1) * step - ahead);
}

function comparedWith(period: Period, bucket: Bucket, cmp: "weekdays" | "previous", zone: string): Period {
  const { from, to, buckets } = period;
  const isMidnight = (at: Date) => startOfLocalDay(at, zone).getTime() === at.getTime();
  const isWhole = isMidnight(from);
  if (cmp === "previous" && !isWhole) {
    const length = to.getTime() - from.getTime();
    const earlier = (at: Date) => new Date(at.getTime() - length);
    return { from: earlier(from), to: from, buckets: buckets.map(earlier) };
  }
  const days = daysBack(from, to, cmp === "weekdays" ? WEEK_DAYS : 1, zone);
  const back = (at: Date) => addLocalDays(at, -days, zone);
  const dayBack = (at: Date) => startOfLocalDay(back(startOfLocalDay(at, zone)), zone);
  const first = isWhole ? dayBack(from) : back(from);
  const last = isMidnight(to) ? dayBack(to) : back(to);
  const inDays = bucket === "day" || bucket === "week";
  return {
    from: first,
    to: last,
    buckets: inDays ? [first, ...buckets.slice(1).map(dayBack)] : bucketsOf(first, last, bucket, zone),
  };
}

/** The fewest local days, in steps, by which a range must go back to be over before it begins. */
function daysBack(from: Date, to: Date, step: number, zone: string): number {
  let days = Math.max(step, Math.floor(localDaysBetween(from, to, zone) / step) * step);
  while (addLocalDays(to, -days, zone) > from) days += step;
  return days;
}
