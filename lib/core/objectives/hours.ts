import type { HourRange } from "@/lib/core/alerts/ranges";
import { hourOf } from "@/lib/core/alerts/series";
import { DAY_MS, HOUR_MS } from "@/lib/core/shared/time";

import { WINDOW_DAYS } from "./schema";

const HOURS_A_DAY = 24;
/** As far back as the longest window reaches, and a day more. */
const WHOLE_DAYS = Math.max(...WINDOW_DAYS) + 1;
/** What arrives is believed for a day after it happened, and a run of that day may still go on. */
const HOURLY = 26;
const MINUTELY = 3;
/** Clocks of senders may be ahead. */
const AHEAD = 2;

/** How far back an objective is counted again. */
export type Reach = "whole" | "day" | "hours";

/** All that a window reaches once a day, the last day once an hour, the last hours each time. @param countedAt null for never */
export function reachOf(now: Date, countedAt: Date | null): Reach {
  if (countedAt === null || dayOf(countedAt) !== dayOf(now)) return "whole";
  return hourOf(countedAt) === hourOf(now) ? "hours" : "day";
}

const HOURS: Readonly<Record<Reach, number>> = { whole: WHOLE_DAYS * HOURS_A_DAY, day: HOURLY, hours: MINUTELY };

/**
 * The hours to count again, a day at a time so that no count takes long.
 *
 * @param keptDays for how many days runs are kept. Of an hour from before then some may be gone, so it stays as it is
 */
export function hoursToRecount(now: Date, reach: Reach, keptDays: number): readonly HourRange[] {
  const hour = hourOf(now);
  const kept = (Math.min(WHOLE_DAYS, keptDays) - 1) * HOURS_A_DAY;
  const from = hour - Math.max(MINUTELY, Math.min(kept, HOURS[reach])) + 1;
  const ranges: HourRange[] = [];
  for (let start = from; start < hour + AHEAD; start += HOURS_A_DAY)
    ranges.push({ from: start, to: Math.min(start + HOURS_A_DAY, hour + AHEAD) });
  return ranges;
}

const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS);

/** The window of an objective that ends with a moment's day: whole days of UTC, the last of them as far as it has come. */
export function windowOf(days: number, at: Date): { readonly from: Date; readonly to: Date } {
  const end = (dayOf(at) + 1) * DAY_MS;
  return { from: new Date(end - days * DAY_MS), to: new Date(end) };
}

/** The first hour of so many that end with the one under way. */
export const hoursBefore = (now: Date, hours: number): Date => new Date((hourOf(now) - hours) * HOUR_MS);
