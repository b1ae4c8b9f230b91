import type { Measure } from "@/lib/core/objectives/schema";
import { allowedShare } from "@/lib/core/objectives/schema";
import { sumTallies, type Tally } from "@/lib/core/objectives/stand";
import { HOUR_MS } from "@/lib/core/shared/time";

import type { BurnWindows } from "./rules";
import { hourOf } from "./series";

/** An objective of an agent with what was counted of it, by the number of the hour since 1970. */
export type KnownObjective = {
  readonly measure: Measure;
  readonly target_bp: number;
  readonly days: number;
  readonly most: string | null;
  readonly hours: ReadonlyMap<number, Tally>;
};

/** What the rules about error budgets judge: what was bad in a long and a short window, and what may be. */
export type ObjectiveReading = {
  readonly kind: "objective";
  readonly measure: Measure;
  readonly targetBp: number;
  readonly days: number;
  readonly most: string | null;
  readonly long: Tally;
  readonly short: Tally;
};

/** Reads both windows: so many whole hours and the one under way as far as it has come. */
export function readObjective(objective: KnownObjective, windows: BurnWindows, now: Date): ObjectiveReading {
  const { measure, target_bp: targetBp, days, most } = objective;
  return {
    kind: "objective",
    measure,
    targetBp,
    days,
    most,
    long: tallyOver(objective.hours, windows.longMs, now),
    short: tallyOver(objective.hours, windows.shortMs, now),
  };
}

/** What was counted in so many whole hours before a moment and in its own. */
export function tallyOver(hours: ReadonlyMap<number, Tally>, windowMs: number, now: Date): Tally {
  const last = hourOf(now);
  const length = windowMs / HOUR_MS;
  return sumTallies(Array.from({ length: length + 1 }, (_, back) => hours.get(last - back) ?? { good: 0, total: 0 }));
}

/**
 * How many times too fast an error budget goes: 1 lasts exactly its window. Null where nothing was counted.
 *
 * The budget grows with what is counted, so the rate is the bad share over the share that may be bad, as in chapter 5 of
 * Google's SRE Workbook.
 */
export function errorBurn({ good, total }: Tally, targetBp: number): number | null {
  return total === 0 ? null : (total - good) / total / allowedShare(targetBp);
}
