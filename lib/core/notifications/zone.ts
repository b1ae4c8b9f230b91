import { DAY_MS, MINUTE_MS } from "@/lib/core/shared/time";
import { clockOf } from "@/lib/core/shared/zone";

const DAY_MINUTES = 1_440;

/** The minute of the day on a wall clock in this zone. */
export function minuteOfDay(at: Date, zone: string): number {
  const parts = clockOf(zone).formatToParts(at);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return (read("hour") % 24) * 60 + read("minute");
}

/** From this minute of the day up to that one, over midnight where the second is the earlier. */
export type Quiet = { readonly from: number; readonly to: number; readonly zone: string };

export function isQuiet(at: Date, { from, to, zone }: Quiet): boolean {
  const minute = minuteOfDay(at, zone);
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** The first minute after `at` that is not quiet. Clocks that are put forward or back are looked at, not reckoned with. */
export function quietEnd(at: Date, quiet: Quiet): Date {
  const latest = at.getTime() + 2 * DAY_MS;
  let end = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
  while (isQuiet(new Date(end), quiet) && end < latest) {
    const left = (quiet.to - minuteOfDay(new Date(end), quiet.zone) + DAY_MINUTES) % DAY_MINUTES;
    // An hour at a time at most, so that no change of the clock is jumped over.
    end += Math.max(1, Math.min(60, left)) * MINUTE_MS;
  }
  return new Date(Math.max(end, at.getTime()));
}
