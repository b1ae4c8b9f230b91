import type { PriceTable } from "@/lib/core/costs/table";

import { storedCostOf } from "./admit";
import type { StoredCost, StoredEvent } from "./stored-event";

/** What an event is to be priced at now. Its cost until now is `stored.cost`. */
export type Repriced = { readonly stored: StoredEvent; readonly cost: StoredCost };

/**
 * What an event costs by the prices of today; null where that is what it costs already.
 *
 * A price is never taken away: where today's prices have none, be it that names were redacted at the door or that an
 * override was removed, the event keeps what it has.
 */
export function repricedCost(prices: PriceTable, { event, cost }: StoredEvent): StoredCost | null {
  if (event.usageRole !== "leaf" || cost.status === "no_usage" || cost.status === "rollup") return null;
  const now = storedCostOf(prices, event);
  if (now.computedPicos === null && cost.computedPicos !== null) return null;
  if (now.picos === null && cost.picos !== null) return null;
  const isSame =
    now.picos === cost.picos &&
    now.computedPicos === cost.computedPicos &&
    now.status === cost.status &&
    now.priceRef === cost.priceRef;
  return isSame ? null : now;
}
