import { DAY_MS, MINUTE_MS } from "@/lib/core/shared/time";

const DAY_MINUTES = 1_440;
/** More than there are zones. */
const MOST_FORMATS = 700;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether this is a time zone we know, such as Europe/Berlin. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  // Any letter case of a name is the zone, so that addresses could fill the memory with them.
  if (formats.size >= MOST_FORMATS) formats.clear();
  const made = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false });
  formats.set(zone, made);
  return made;
}

/** The one name of a zone that has several, whatever its letter case. */
export const canonicalZone = (zone: string): string => formatOf(zone).resolvedOptions().timeZone;

/** The minute of the day on a wall clock in this zone. */
export function minuteOfDay(at: Date, zone: string): number {
  const parts = formatOf(zone).formatToParts(at);
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
