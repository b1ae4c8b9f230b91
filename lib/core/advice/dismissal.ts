import type { StoredAdvice } from "./schema";

/** How many times what it was worth when it was dismissed advice must be worth to come back. */
const RETURNS_AT = 2n;

/**
 * Whether advice is open, dismissed, or was dismissed and came back because it is worth twice as much. Where its money
 * is not known, then or now, the calls it rests on are compared.
 */
export function stateOf({ month_picos: now, n, dismissal }: Pick<StoredAdvice, "month_picos" | "n" | "dismissal">) {
  if (dismissal === null) return "open" as const;
  const [worth, then] =
    now === null || dismissal.month_picos === null || dismissal.month_picos === "0"
      ? [BigInt(n), BigInt(dismissal.n)]
      : [BigInt(now), BigInt(dismissal.month_picos)];
  return worth >= RETURNS_AT * then ? ("returned" as const) : ("dismissed" as const);
}
