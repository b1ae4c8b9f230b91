import { divideHalfEven } from "@/lib/core/shared/decimal";
import { DAY_MS } from "@/lib/core/shared/time";

import type { Window } from "./schema";

const MONTH_MS = BigInt(30 * DAY_MS);

/** What an amount of a window comes to in 30 days: exact, rounded once. */
export function monthOf(picos: bigint, { from, to }: Window): bigint {
  return divideHalfEven(picos * MONTH_MS, BigInt(to.getTime() - from.getTime()));
}
