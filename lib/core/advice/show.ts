import { paths } from "@/lib/core/shared/paths";

import { stateOf } from "./dismissal";
import type { ShownAdvice, StoredAdvice } from "./schema";
import { runsOf, sayAdvice } from "./words";

/** Advice as it is shown, what is worth most first; what nobody knows the money of comes last. */
export function showAdvice(stored: readonly StoredAdvice[]): ShownAdvice[] {
  return stored
    .map((advice) => ({
      ...advice,
      state: stateOf(advice),
      ...sayAdvice(advice),
      runs_href: paths.runs({
        ...runsOf(advice.facts),
        from: advice.from.toISOString(),
        to: advice.to.toISOString(),
        tz: "UTC",
      }),
    }))
    .toSorted(byWorth);
}

function byWorth(a: StoredAdvice, b: StoredAdvice): number {
  const [one, other] = [BigInt(a.month_picos ?? -1), BigInt(b.month_picos ?? -1)];
  if (one !== other) return one > other ? -1 : 1;
  return b.n - a.n || (a.id < b.id ? -1 : 1);
}
