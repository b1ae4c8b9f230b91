import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";

/** The parts of an address that say which range a page shows and what it is compared with. */
export type RangeChange = Partial<Record<"from" | "to" | "cmp" | "tz", string>>;

/** The ranges offered by name. */
export const PRESETS = [
  { from: "now-1h", name: "1 h" },
  { from: "now-24h", name: "24 h" },
  { from: "now-7d", name: "7 d" },
  { from: "now-30d", name: "30 d" },
  { from: "now-90d", name: "90 d" },
] as const;

/** A page's query with another range; everything else stays, but for the page of a list, which would be another's. */
export function withRange(query: string, change: RangeChange): string {
  const params = new URLSearchParams(query);
  params.delete("cursor");
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === "") params.delete(name);
    else params.set(name, value);
  }
  return String(params);
}

type Span = { readonly from: number; readonly to: number };

const LEAST_MS = HOUR_MS;
const MOST_MS = 400 * DAY_MS;

/** Twice the range around the same middle; what would lie in the future is added before it. */
export function zoomedOut({ from, to }: Span, now: number): Span {
  const length = Math.min(MOST_MS, Math.max(LEAST_MS, (to - from) * 2));
  const end = Math.min(now, (from + to) / 2 + length / 2);
  const rounded = Math.ceil(end / MINUTE_MS) * MINUTE_MS;
  return { from: rounded - length, to: rounded };
}

/** The date after a date, both as `2026-11-27`: an address names the first day that is no longer shown. */
export function dateAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, date.length);
}
