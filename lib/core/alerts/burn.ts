import { DAY_MS } from "@/lib/core/shared/time";

import type { BurnWindows } from "./rules";

/** How much of a day's cap was gone at a moment. */
export type SpendMark = { readonly at: Date; readonly spent: number };

/** What the burn rules judge: how fast a day's cap goes in a long and a short window. */
export type BurnReading = {
  readonly kind: "burn";
  readonly cap: number;
  readonly spent: number;
  /** In multiples of the pace that would last the whole day; null before the window has passed. */
  readonly long: number | null;
  readonly short: number | null;
};

/**
 * How many times too fast a cap goes: 1 lasts exactly the period.
 *
 * `BR = (spent in the window / cap) / (window / period)`, as in chapter 5 of Google's SRE Workbook.
 */
export function burnRate(spent: number, cap: number, windowMs: number, periodMs = DAY_MS): number {
  return spent / cap / (windowMs / periodMs);
}

/**
 * Reads both windows from what was noted of one day's spend. Where the day is younger than a window, the spend so far
 * counts against the whole window, so that a first expensive minute does not look like a day of them.
 */
export function readBurn(
  { cap, spent, marks }: { readonly cap: number; readonly spent: number; readonly marks: readonly SpendMark[] },
  windows: BurnWindows,
  now: Date,
): BurnReading | null {
  if (cap <= 0) return null;
  const rateOver = (windowMs: number): number => {
    const before = marks.findLast(({ at }) => at.getTime() <= now.getTime() - windowMs);
    return burnRate(Math.max(0, spent - (before?.spent ?? 0)), cap, windowMs);
  };
  return { kind: "burn", cap, spent, long: rateOver(windows.longMs), short: rateOver(windows.shortMs) };
}
