import { usdText } from "@/lib/core/charts/units";
import { FEWEST_FOR_RATE } from "@/lib/core/shared/statistics";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";

import type { Measure } from "./schema";
import type { Stand } from "./stand";

type MeasureWords = {
  readonly name: string;
  /** What it counts. */
  readonly counts: string;
  /** What the good ones do. */
  readonly good: string;
  /** What those that are bad did. */
  readonly bad: string;
};

/** Each measure in words. A run is finished when its telemetry says so, or when nothing of it has come for a while. */
export const MEASURE_WORDS: Readonly<Record<Measure, MeasureWords>> = {
  success: { name: "Success", counts: "finished runs", good: "succeed", bad: "did not succeed" },
  time: { name: "Time", counts: "finished runs", good: "take at most", bad: "took longer" },
  cost: { name: "Cost", counts: "finished runs with a full price", good: "cost at most", bad: "cost more" },
  intervention: { name: "Intervention", counts: "finished runs", good: "need no person", bad: "needed a person" },
  denials: { name: "Denials", counts: "decisions", good: "are not denied", bad: "were denied or halted" },
};

/** A target as people write it: `99.5 %`. */
export const targetText = (targetBp: number): string => `${targetBp / 100} %`;

/** A run's limit: `90 s`, `2.5 h`, `30 days`, `$0.25`. */
export function mostText(measure: Measure, most: string | null): string {
  if (most === null) return "";
  if (measure === "cost") return usdText(BigInt(most));
  const ms = Number(most);
  const [unit, size] = UNITS.find(([, length]) => ms >= 2 * length) ?? ["s", SECOND_MS];
  return `${unit === "s" ? ms / size : Number((ms / size).toFixed(1))} ${unit}`;
}

const SECOND_MS = 1_000;
const UNITS = [
  ["days", DAY_MS],
  ["h", HOUR_MS],
  ["min", MINUTE_MS],
] as const;

type Said = {
  readonly measure: Measure;
  readonly target_bp: number;
  readonly days: number;
  readonly most: string | null;
};

/** An objective as a sentence: `99 % of finished runs take at most 90 s, over 28 days`. */
export function sayObjective({ measure, target_bp, days, most }: Said): string {
  const { counts, good } = MEASURE_WORDS[measure];
  const limit = most === null ? "" : ` ${mostText(measure, most)}`;
  return `${targetText(target_bp)} of ${counts} ${good}${limit}, over ${days} days`;
}

/** What is left of an error budget: `42 % left, 7 of 12`, or `overspent, 14 of 12`. */
export function budgetText({ left, bad, budget }: Pick<Stand, "left" | "bad" | "budget">): string {
  if (left === null) return "nothing counted yet";
  const most = budget.toLocaleString("en-US", { maximumFractionDigits: budget < 10 ? 1 : 0 });
  const spent = `${bad.toLocaleString("en-US")} of ${most} spent`;
  return left < 0 ? `overspent, ${spent}` : `${Math.floor(left * 100)} % left, ${spent}`;
}

/** How fast an error budget goes: `2.4 ×`; of too few, how many. */
export function burnText({ rate, n }: { readonly rate: number | null; readonly n: number }): string {
  if (rate === null) return "none";
  return n < FEWEST_FOR_RATE ? `too few (${n})` : `${rate.toFixed(1)} ×`;
}
