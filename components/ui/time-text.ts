export type TimeMode = "relative" | "clock" | "minute" | "date";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const UNITS = [
  { unit: "day", ms: DAY_MS },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: MINUTE_MS },
  { unit: "second", ms: 1_000 },
] as const;

const RELATIVE = new Intl.RelativeTimeFormat("en", { style: "short" });

/** `utc` is said beside the time. Else an IANA time zone; undefined is the zone of this machine. */
export type ReadIn = "utc" | { readonly zone: string | undefined };

/** The moment as a person reads it at `nowMs`: absolute, with how far away it is in front where the mode says so. */
export function timeText(date: Date, mode: TimeMode, readIn: ReadIn, nowMs: number): string {
  const absolute = absoluteTime(date, mode, readIn, nowMs);
  return mode === "relative" ? `${relativeTime(date.getTime() - nowMs)} · ${absolute}` : absolute;
}

/** "3 min. ago", "in 2 hr.": one unit, rounded towards now so that a deadline never looks further than it is. */
export function relativeTime(deltaMs: number): string {
  const size = Math.abs(deltaMs);
  // Two clocks differ by a second or two: what has just happened must not look as if it were to come.
  if (deltaMs < 2_000 && size < MINUTE_MS) return "just now";
  for (const { unit, ms } of UNITS) {
    if (size >= ms) return RELATIVE.format(Math.trunc(deltaMs / ms), unit);
  }
  return "just now";
}

/** The moment itself. UTC says so; a clock alone is only used within a day of now. */
export function absoluteTime(date: Date, mode: TimeMode, readIn: ReadIn, nowMs: number | null): string {
  const far = nowMs === null || Math.abs(date.getTime() - nowMs) >= DAY_MS;
  const withDay = mode === "date" || (mode === "relative" && far);
  const text = formatter(withDay, mode === "clock", readIn).format(date);
  return readIn === "utc" ? `${text} UTC` : text;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
/** A server formats in the zones of all who read. */
const MOST_FORMATTERS = 1_000;

/** Making a formatter costs a hundred times what using one does. */
function formatter(withDay: boolean, withSeconds: boolean, readIn: ReadIn): Intl.DateTimeFormat {
  const zone = readIn === "utc" ? "UTC" : readIn.zone;
  const key = `${withDay} ${withSeconds} ${zone ?? ""}`;
  const made =
    formatters.get(key) ??
    new Intl.DateTimeFormat("en-GB", {
      ...(withDay && { day: "numeric", month: "short", year: "numeric" }),
      hour: "2-digit",
      minute: "2-digit",
      ...(withSeconds && { second: "2-digit" }),
      ...(zone !== undefined && { timeZone: zone }),
    });
  if (formatters.size >= MOST_FORMATTERS) formatters.clear();
  formatters.set(key, made);
  return made;
}
