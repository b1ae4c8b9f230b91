import { FEWEST_FOR_RATE } from "@/lib/core/shared/statistics";

import type { Amount, Line } from "./compare";

const HOUR_MINUTES = 60;

/** An amount of a line: `93.1 %`, `12.4 min`, `$0.42`, `118 a week`. */
export function amountWords(kind: Line["kind"], value: number): string {
  if (kind === "share") return `${(value * 100).toFixed(1)} %`;
  if (kind === "usd") return `$${value < 1 ? threeDigits(value) : value.toFixed(2)}`;
  if (kind === "per_week") return `${value.toLocaleString("en-US", { maximumFractionDigits: 1 })} a week`;
  if (value < 1) return `${threeDigits(value * 60)} s`;
  return value < 2 * HOUR_MINUTES
    ? `${Number(value.toFixed(1))} min`
    : `${Number((value / HOUR_MINUTES).toFixed(1))} h`;
}

/** An amount with how many it is of; of too few only how many. */
export function lineText(kind: Line["kind"], amount: Amount | null): string {
  if (amount === null) return "none";
  const { value, n, low, high } = amount;
  if (n < FEWEST_FOR_RATE) return `too few (${n})`;
  const interval =
    low === undefined || high === undefined ? "" : ` (${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)} %)`;
  return `${amountWords(kind, value)}${interval}, n = ${n.toLocaleString("en-US")}`;
}

/** A change with its interval: `+4.2 points (+1.0 to +7.5)`, `0.31 × (0.28 to 0.35)`; else why there is none. */
export function changeText({ change, why }: Line): string {
  if (change === null) return why ?? "";
  const { value, low, high } = change;
  if (change.of === "points") return `${signed(value)} points (${signed(low)} to ${signed(high)})`;
  return `${threeDigits(value)} × (${threeDigits(low)} to ${threeDigits(high)})`;
}

/** Whether an interval leaves out what would be no change at all. */
export function isSure({ change }: Line): boolean {
  if (change === null) return false;
  const none = change.of === "points" ? 0 : 1;
  return change.low > none || change.high < none;
}

/** Three digits, however small: a hundredth of what it took is no "0.01". */
const threeDigits = (value: number): string =>
  value.toLocaleString("en-US", { maximumSignificantDigits: 3, useGrouping: value >= 10_000 });

const signed = (share: number): string => {
  const text = Math.abs(share * 100).toFixed(1);
  return text === "0.0" ? text : `${share > 0 ? "+" : "−"}${text}`;
};
