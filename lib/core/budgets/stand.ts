import { addLocalDays, startOfLocalDay, startOfLocalMonth, startOfLocalWeek } from "@/lib/core/figures/calendar";

import { HOUR_MS } from "@/lib/core/shared/time";

import { type Budget, type BudgetPeriod, shareOf, unitsOf } from "./schema";

const WEEK_DAYS = 7;

/** The period of the local calendar that a moment lies in, or so many periods before it. */
export function periodOf(
  period: BudgetPeriod,
  zone: string,
  at: Date,
  before = 0,
): { readonly from: Date; readonly to: Date } {
  if (period === "month")
    return { from: startOfLocalMonth(at, zone, -before), to: startOfLocalMonth(at, zone, 1 - before) };
  const days = period === "day" ? 1 : WEEK_DAYS;
  const start = period === "day" ? startOfLocalDay(at, zone) : startOfLocalWeek(at, zone);
  // Where a clock skips midnight a day begins at one o'clock, and the one after it at midnight again.
  const starting = (later: number) => startOfLocalDay(addLocalDays(start, later, zone), zone);
  return { from: starting(-days * before), to: starting(days * (1 - before)) };
}

/** `warned` from the share that warns, `over` once the amount is used up. */
export type BudgetState = "under" | "warned" | "over";

export type BudgetStand = {
  readonly from: Date;
  readonly to: Date;
  readonly used: bigint;
  readonly amount: bigint;
  readonly state: BudgetState;
  /** Used of the amount, 0 and up. */
  readonly share: number;
  /** Spent in the last hour. */
  readonly lastHour: bigint;
  /** When it is used up if every hour is like the last one; null where it is not within the period, or is already. */
  readonly usedUpAt: Date | null;
};

/** How a budget stands. @param used since the period began, @param lastHour within the last hour, in the budget's units */
export function standOf(
  budget: Pick<Budget, "period" | "zone" | "metric" | "amount" | "warn_at">,
  { used, lastHour }: { readonly used: bigint; readonly lastHour: bigint },
  now: Date,
): BudgetStand {
  const amount = unitsOf(budget.metric, budget.amount) ?? 0n;
  const { from, to } = periodOf(budget.period, budget.zone, now);
  const state = used >= amount ? "over" : used >= shareOf(amount, budget.warn_at) ? "warned" : "under";
  return {
    from,
    to,
    used,
    amount,
    state,
    share: amount === 0n ? 0 : Number((used * 10_000n) / amount) / 10_000,
    lastHour,
    usedUpAt: usedUpAt(amount - used, lastHour, now, to),
  };
}

function usedUpAt(left: bigint, hourly: bigint, now: Date, to: Date): Date | null {
  if (left <= 0n || hourly <= 0n) return null;
  const at = now.getTime() + Number((left * BigInt(HOUR_MS)) / hourly);
  return at < to.getTime() ? new Date(at) : null;
}

/** What a cap would have meant for one past period. */
export type PreviewedPeriod = {
  readonly from: Date;
  readonly spent: bigint;
  /** The part of it that came after the cap was used up; 0 where it was not. */
  readonly beyond: bigint;
  /** In which hour the cap was used up; null where it was not. */
  readonly reachedAt: Date | null;
};

/**
 * What a cap would have meant, from the hours of a period in order. The hour in which the cap is used up counts as spent
 * up to the cap.
 */
export function previewPeriod(
  from: Date,
  hours: readonly { readonly at: Date; readonly units: bigint }[],
  amount: bigint,
): PreviewedPeriod {
  let spent = 0n;
  let reachedAt: Date | null = null;
  for (const { at, units } of hours) {
    spent += units;
    if (reachedAt === null && spent > amount) reachedAt = at;
  }
  return { from, spent, beyond: spent > amount ? spent - amount : 0n, reachedAt };
}
