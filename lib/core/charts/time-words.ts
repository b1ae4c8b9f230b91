import type { Bucket } from "@/lib/core/figures/range";
import { HOUR_MS } from "@/lib/core/shared/time";

const made = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a hundred times what using one does. */
function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = made.get(key);
  if (known) return known;
  const fresh = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
  made.set(key, fresh);
  return fresh;
}

const DAY = { day: "numeric", month: "short" } as const;
const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;

/** A point in full, as a table's row or a reader is told: `Wed 25 Nov`, `25 Nov, 14:00`, `week of 23 Nov`. */
export function bucketWords(at: Date, bucket: Bucket, zone: string): string {
  if (bucket === "hour" || bucket === "quarter") return formatter(zone, { ...DAY, ...CLOCK }).format(at);
  const day = formatter(zone, { ...DAY, ...(bucket === "day" && { weekday: "short" }) })
    .format(at)
    .replace(",", "");
  return bucket === "week" ? `week of ${day}` : day;
}

/** A point beside the axis, short. A range within one day is told by the clock alone. */
export function axisWords(at: Date, bucket: Bucket, { zone, withinDay }: { zone: string; withinDay: boolean }): string {
  if (bucket === "day" || bucket === "week") return formatter(zone, DAY).format(at);
  return formatter(zone, withinDay ? CLOCK : { ...DAY, ...CLOCK }).format(at);
}

/** A moment in a zone: `27 Nov 2026, 16:42`. */
export const momentWords = (at: Date, zone: string): string =>
  formatter(zone, { ...DAY, year: "numeric", ...CLOCK }).format(at);

/** The date that a moment has in a zone, `2026-11-27`. */
export const localDate = (at: Date, zone: string): string =>
  formatter(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(at).split("/").toReversed().join("-");

const dayWords = (at: Date, zone: string, withYear: boolean): string =>
  formatter(zone, { ...DAY, ...(withYear && { year: "numeric" }) }).format(at);

const clockWords = (at: Date, zone: string): string => formatter(zone, CLOCK).format(at);

const yearOf = (at: Date, zone: string): string => formatter(zone, { year: "numeric" }).format(at);

/**
 * A range as people name it: whole days by their dates, `29 Oct – 27 Nov`; shorter ones with their clocks,
 * `27 Nov, 14:00 – 16:42`. A year is only named where the range or today leaves it open.
 *
 * @param now decides whether the year goes without saying
 */
export function rangeWords(range: { readonly from: Date; readonly to: Date }, zone: string, now: Date): string {
  const { from, to } = range;
  const last = new Date(Math.max(from.getTime(), to.getTime() - 1));
  const thisYear = yearOf(now, zone);
  const withYear = yearOf(from, zone) !== thisYear || yearOf(last, zone) !== thisYear;
  const areDays = clockWords(from, zone) === "00:00" && clockWords(to, zone) === "00:00";
  const isShort = !areDays && to.getTime() - from.getTime() <= 48 * HOUR_MS;
  if (isShort && localDate(from, zone) === localDate(to, zone))
    return `${dayWords(from, zone, withYear)}, ${clockWords(from, zone)} – ${clockWords(to, zone)}`;
  if (isShort)
    return `${dayWords(from, zone, withYear)}, ${clockWords(from, zone)} – ${dayWords(to, zone, withYear)}, ${clockWords(to, zone)}`;
  const [first, end] = [dayWords(from, zone, withYear), dayWords(last, zone, withYear)];
  return first === end ? first : `${first} – ${end}`;
}
