import { tzOffset } from "@date-fns/tz";

import { canonicalZone } from "@/lib/core/shared/zone";
import { remembered } from "@/lib/core/shared/remembered";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";

/*
 * Days, weeks and months as a time zone has them. A local day can have 23 or 25 hours, and where the clock goes forward
 * at midnight it begins at 01:00. A wall clock is reckoned in milliseconds since 1970 as if it were UTC.
 */

const WEEK_DAYS = 7;
/** 1 January 1970 was a Thursday, three days after a Monday. */
const THURSDAY = 3;

const QUARTER_MS = 15 * MINUTE_MS;
const REMEMBERED = 20_000;

// Clocks change at quarters of an hour, and the same midnights are asked for again and again.
const offsetOf = remembered((name) => {
  const [quarter = "", zone = ""] = name.split(" ");
  // The library keeps a format of each name for ever.
  return tzOffset(canonicalZone(zone), new Date(Number(quarter) * QUARTER_MS)) * MINUTE_MS;
}, REMEMBERED);

/** How far the local clock is ahead of UTC at a moment, in milliseconds. */
export const zoneOffset = (at: Date, zone: string): number =>
  offsetOf(`${Math.floor(at.getTime() / QUARTER_MS)} ${zone}`);

const wallOf = (at: Date, zone: string): number => at.getTime() + zoneOffset(at, zone);

/** The moment a wall clock shows a time: the first where it shows it twice, after the gap where it skips it. */
function momentOfWall(wall: number, zone: string): Date {
  const before = new Date(wall - zoneOffset(new Date(wall - DAY_MS), zone));
  const after = new Date(wall - zoneOffset(new Date(wall + DAY_MS), zone));
  const found = [before, after].find((moment) => wallOf(moment, zone) === wall);
  return found ?? before;
}

const dayOf = (wall: number): number => Math.floor(wall / DAY_MS);

/** When the local day of a moment began. */
export const startOfLocalDay = (at: Date, zone: string): Date => momentOfWall(dayOf(wallOf(at, zone)) * DAY_MS, zone);

/** When the local week of a moment began; weeks begin on Monday. */
export function startOfLocalWeek(at: Date, zone: string): Date {
  const day = dayOf(wallOf(at, zone));
  return momentOfWall((day - weekdayOf(day)) * DAY_MS, zone);
}

/** When the local month of a moment began, or so many months later. */
export function startOfLocalMonth(at: Date, zone: string, months = 0): Date {
  const wall = new Date(wallOf(at, zone));
  return momentOfWall(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + months), zone);
}

/** The same time of day so many local days later; a time that the clock skips becomes the one after the gap. */
export const addLocalDays = (at: Date, days: number, zone: string): Date =>
  momentOfWall(wallOf(at, zone) + days * DAY_MS, zone);

/** How many local midnights lie between two moments. */
export const localDaysBetween = (from: Date, to: Date, zone: string): number =>
  dayOf(wallOf(to, zone)) - dayOf(wallOf(from, zone));

const weekdayOf = (day: number): number => (((day + THURSDAY) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS;

/** The local weekday of a moment, 0 for Monday, and the hour of its day. */
export function localHour(at: Date, zone: string): { readonly weekday: number; readonly hour: number } {
  const wall = wallOf(at, zone);
  const day = dayOf(wall);
  return { weekday: weekdayOf(day), hour: Math.floor((wall - day * DAY_MS) / HOUR_MS) };
}
