import { HOUR_MS } from "@/lib/core/shared/time";

import { WEEKS } from "./reading";
import { hourOf } from "./series";

/** Hours from the first up to, but without, the second. */
export type HourRange = { readonly from: number; readonly to: number };

const HOURS_A_WEEK = 168;
/** As far as the longest window and the hour before it reach. */
const BACK = 26;
/** The hours that are read each time, because they still change. */
const FRESH = 3;

/** The hours that a reading looks at and that no longer change much: the last day and the same day of past weeks. */
export function settledRanges(now: Date): readonly HourRange[] {
  const hour = hourOf(now);
  const past = Array.from({ length: WEEKS }, (_, week) => hour - (week + 1) * HOURS_A_WEEK);
  return [{ from: hour - BACK, to: hour - FRESH + 1 }, ...past.map((same) => ({ from: same - BACK, to: same + 2 }))];
}

/** The hours that are still being counted. */
export const freshRange = (now: Date): HourRange => ({ from: hourOf(now) - FRESH + 1, to: hourOf(now) + 1 });

/** The whole days that the rule about a slow rise looks at, today not among them. */
export function creepRange(now: Date): HourRange {
  const today = Math.floor(hourOf(now) / 24) * 24;
  return { from: today - (WEEKS + 1) * HOURS_A_WEEK, to: today };
}

/** How many hours of a gap are evaluated one by one. */
const MOST_STEPS = 24;

/**
 * The moments to evaluate at: now and, where the last evaluation is more than an hour ago, the end of each hour since, so
 * that an alert which began in a gap says when it began.
 */
export function stepsSince(last: Date | null, now: Date): readonly Date[] {
  if (last === null || now.getTime() - last.getTime() <= HOUR_MS) return [now];
  const ends: Date[] = [];
  for (let hour = Math.max(hourOf(last) + 1, hourOf(now) - MOST_STEPS + 1); hour <= hourOf(now); hour += 1)
    ends.push(new Date(hour * HOUR_MS - 1));
  return [...ends.filter((end) => end > last && end < now), now];
}

/** How many hours may still change and are counted again: each minute, each hour, and before the first evaluation. */
const MINUTELY = 3;
const HOURLY = 26;
const FIRST = 49 * 24;
/** Runs may be dated up to an hour ahead. */
const AHEAD = 2;
const HOURS_A_DAY = 24;

/**
 * The hours to count again, a day at a time so that no count takes too long, and the oldest first so that one which is
 * interrupted goes on from where it was.
 *
 * @param last the last evaluation
 * @param counted the last hour that was counted
 * @param keptDays for how many days events are kept. Of an hour from before then some may be deleted, so it stays as it is
 */
export function hoursToCount(
  now: Date,
  {
    last,
    counted,
    keptDays,
  }: { readonly last: Date | null; readonly counted: number | null; readonly keptDays: number },
): readonly HourRange[] {
  const hour = hourOf(now);
  const wanted = hour - countedAgain(last, now) + 1;
  const kept = hour - Math.max(MINUTELY, (keptDays - 1) * HOURS_A_DAY) + 1;
  const reached = counted === null ? wanted : Math.min(counted, hour) - HOURLY + 1;
  const days: HourRange[] = [];
  const end = hour + AHEAD;
  for (let from = Math.max(wanted, kept, reached); from < end; from += HOURS_A_DAY)
    days.push({ from, to: Math.min(from + HOURS_A_DAY, end) });
  return days;
}

function countedAgain(last: Date | null, now: Date): number {
  if (last === null) return FIRST;
  if (hourOf(last) === hourOf(now)) return MINUTELY;
  return Math.min(FIRST, Math.max(HOURLY, hourOf(now) - hourOf(last) + MINUTELY));
}
