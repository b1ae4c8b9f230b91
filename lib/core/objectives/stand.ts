import { FEWEST_FOR_RATE, type Share, wilson } from "@/lib/core/shared/statistics";

import { allowedShare } from "./schema";

/** How many were good, of how many. */
export type Tally = { readonly good: number; readonly total: number };

/** `too_few` are not judged. */
export type ObjectiveState = "too_few" | "met" | "missed";

/** How an objective stands over its window. */
export type Stand = {
  readonly state: ObjectiveState;
  /** The good ones with their interval. */
  readonly attained: Share;
  readonly bad: number;
  /** How many may be bad of so many: all of the error budget. */
  readonly budget: number;
  /** The share of the budget that is left, below 0 when it is overspent; null where there was nothing to count. */
  readonly left: number | null;
};

const WHOLE_BP = 10_000;

/** Holds what was counted against a target. Met is decided in whole numbers, so that no rounding can decide it. */
export function standOf(targetBp: number, { good, total }: Tally): Stand {
  const bad = total - good;
  const isMet = BigInt(good) * BigInt(WHOLE_BP) >= BigInt(total) * BigInt(targetBp);
  const budget = total * allowedShare(targetBp);
  return {
    state: total < FEWEST_FOR_RATE ? "too_few" : isMet ? "met" : "missed",
    attained: wilson(good, total),
    bad,
    budget,
    left: total === 0 ? null : 1 - bad / budget,
  };
}

/** The sum of several tallies. */
export function sumTallies(tallies: Iterable<Tally>): Tally {
  let [good, total] = [0, 0];
  for (const tally of tallies) [good, total] = [good + tally.good, total + tally.total];
  return { good, total };
}
