import { microsOf } from "@/lib/core/shared/money";

import type { Call, Reserve, Reserves, RunBounds, RunFacts, UsualSpend } from "./schema";

/** Holds nothing. */
export const NO_RESERVES: Reserves = Object.freeze({
  cost: Object.freeze({ amount: 0, by: "none" }),
  tokens: Object.freeze({ amount: 0, by: "none" }),
});

/** The part of a limit that a call holds of which nothing is known, where nothing says how many calls will follow. */
const PARTS = 10;

/**
 * What a call holds while it runs: what it says itself; else what its tool usually spends; else the manifest's default;
 * else its share of what is left, and of two limits the smaller share. Zero says nothing, wherever it stands.
 *
 * Only a claim can be more than what is left. Without one, a metric that nothing bounds holds nothing.
 */
export function reservesOf(
  { estimate }: Pick<Call, "estimate">,
  { bounds, run, usual }: { readonly bounds: RunBounds; readonly run: RunFacts; readonly usual: UsualSpend | null },
): Reserves {
  const usd = estimate?.cost_usd ?? 0;
  return {
    cost: reserveOf(costShares(bounds, run), {
      // A claim that is no amount holds nothing and is not believed.
      estimate: usd > 0 ? microsOf(usd) : 0,
      usual: usual?.costMicros ?? 0,
      default: bounds.defaultMicros ?? 0,
    }),
    tokens: reserveOf(tokenShares(bounds, run), {
      estimate: estimate?.tokens ?? 0,
      usual: usual?.tokens ?? 0,
      default: bounds.defaultTokens ?? 0,
    }),
  };
}

/** What a call is taken to have spent of which nobody ever says: what it said before, or what its tool usually spends. */
export const assumedOf = ({ amount, by }: Reserve): number => (by === "estimate" || by === "usual" ? amount : 0);

/** Whether what the tool usually spends matters for a call: a metric is bounded, and the call does not say. */
export function wantsUsual({ estimate }: Pick<Call, "estimate">, bounds: RunBounds): boolean {
  const isCostBounded = bounds.maxCostMicros !== null || bounds.dailyCostMicros !== null;
  const saysCost = (estimate?.cost_usd ?? 0) > 0;
  const saysTokens = (estimate?.tokens ?? 0) > 0;
  return (isCostBounded && !saysCost) || (bounds.dailyTokens !== null && !saysTokens);
}

function reserveOf(
  shares: readonly number[],
  known: Readonly<Record<"estimate" | "usual" | "default", number>>,
): Reserve {
  if (known.estimate > 0) return { amount: known.estimate, by: "estimate" };
  if (shares.length === 0) return NO_RESERVES.cost;
  if (known.usual > 0) return { amount: known.usual, by: "usual" };
  if (known.default > 0) return { amount: known.default, by: "default" };
  return { amount: Math.min(...shares), by: "share" };
}

function costShares({ maxCostMicros, maxSteps, dailyCostMicros }: RunBounds, run: RunFacts): number[] {
  const shares: number[] = [];
  if (maxCostMicros !== null) {
    const limit = maxCostMicros + run.extraCostMicros;
    const stepsLeft = maxSteps === null ? null : maxSteps + run.extraSteps - run.steps;
    shares.push(shareOf(limit, run.costMicros, stepsLeft));
  }
  if (dailyCostMicros !== null) shares.push(shareOf(dailyCostMicros, run.dayCostMicros, null));
  return shares;
}

const tokenShares = ({ dailyTokens }: RunBounds, run: RunFacts): number[] =>
  dailyTokens === null ? [] : [shareOf(dailyTokens, run.dayTokens, null)];

/** Never more than is left, and never nothing while anything is. */
function shareOf(limit: number, used: number, stepsLeft: number | null): number {
  const left = Math.max(0, limit - used);
  return stepsLeft === null ? Math.min(left, Math.ceil(limit / PARTS)) : Math.ceil(left / Math.max(1, stepsLeft));
}
