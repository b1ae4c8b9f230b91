import type { Picos, SpendForecast } from "@/lib/core/figures/spend";
import { canonicalZone } from "@/lib/core/shared/zone";

import { type BudgetPeriod, unitsOf } from "./schema";
import type { StoredBudget } from "./shown";
import { periodOf } from "./stand";

/** The periods that the page of spend forecasts. */
const CAPPED = ["day", "month"] as const satisfies readonly BudgetPeriod[];
export type CappedPeriod = (typeof CAPPED)[number];

/** The smallest budget of all spend for a period; null where there is none. */
export type Caps = Readonly<Record<CappedPeriod, Picos | null>>;

/** The budgets that the workspace's spend in this zone is held against: those of another zone have other days. */
export function capsOf(budgets: readonly StoredBudget[], zone: string): Caps {
  const canonical = canonicalZone(zone);
  const mine = budgets.filter(
    (one) => one.scope === "workspace" && one.metric === "cost_usd" && canonicalZone(one.zone) === canonical,
  );
  const least = (period: CappedPeriod) =>
    mine
      .filter((one) => one.period === period)
      .map(({ metric, amount }) => unitsOf(metric, amount) ?? 0n)
      .reduce<bigint | null>((low, amount) => (low === null || amount < low ? amount : low), null);
  const [day, month] = CAPPED.map((period) => least(period)?.toString() ?? null);
  return { day: day ?? null, month: month ?? null };
}

/** How spend stands against a cap. */
export type CapStand = {
  /** Spent of the cap, from 0 up. */
  readonly share: number;
  /**
   * The share that is spent over the share of the period that has passed: at 1 the cap is used up as the period ends.
   * Null in the first hundredth of the period, where it says nothing.
   *
   * @source Google, The Site Reliability Workbook, chapter 5, "Alerting on SLOs"
   */
  readonly burn: number | null;
  /** What is expected beyond the cap by the end; "0" where the forecast stays within. */
  readonly expectedOver: Picos;
};

const SAYS_NOTHING = 0.01;

/** Holds what is spent and expected against a cap. @param capPicos above 0 */
export function capStand(
  { spentPicos, expectedPicos }: Pick<SpendForecast, "spentPicos" | "expectedPicos">,
  capPicos: Picos,
  { period, zone, now }: { readonly period: CappedPeriod; readonly zone: string; readonly now: Date },
): CapStand {
  const cap = BigInt(capPicos);
  const { from, to } = periodOf(period, zone, now);
  const passed = (now.getTime() - from.getTime()) / (to.getTime() - from.getTime());
  const share = Number(spentPicos) / Number(cap);
  const over = BigInt(expectedPicos) - cap;
  return {
    share,
    burn: passed < SAYS_NOTHING ? null : share / passed,
    expectedOver: String(over > 0n ? over : 0n),
  };
}
