export type TimeMode = "relative" | "clock" | "date";

const DAY_MS = 86_400_000;

const UNITS = [
  { unit: "day", ms: DAY_MS },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
  { unit: "second", ms: 1_000 },
] as const;

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** "3 min. ago", "in 2 hr.": one unit, rounded towards now so that a deadline never looks further than it is. */
export function relativeTime(deltaMs: number): string {
  const size = Math.abs(deltaMs);
  for (const { unit, ms } of UNITS) {
    if (size >= ms) return RELATIVE.format(Math.trunc(deltaMs / ms), unit);
  }
  return "now";
}

/** The moment itself. UTC says so; a clock alone is only used within a day of now. */
export function absoluteTime(date: Date, mode: TimeMode, inUtc: boolean, nowMs: number | null): string {
  const far = nowMs === null || Math.abs(date.getTime() - nowMs) >= DAY_MS;
  const text = new Intl.DateTimeFormat("en-GB", {
    ...((mode === "date" || (mode === "relative" && far)) && { day: "numeric", month: "short", year: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
    ...(mode === "clock" && { second: "2-digit" }),
    ...(inUtc && { timeZone: "UTC" }),
  }).format(date);
  return inUtc ? `${text} UTC` : text;
}
