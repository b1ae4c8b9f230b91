import type { PicoUsd } from "@/lib/core/shared/money";

/** A cost somebody else says, beside ours. */
export type CostDifference = {
  readonly picoUsd: PicoUsd;
  /** Theirs against ours in percent, to one decimal; null where ours is nothing and theirs is not. */
  readonly percent: number | null;
  /** Whether they differ by more than a rounding of either would explain. */
  readonly disagrees: boolean;
};

const DISAGREES_ABOVE_PERCENT = 5n;

/** How far a given cost is from the computed one. */
export function compareCosts(given: PicoUsd, computed: PicoUsd): CostDifference {
  const picoUsd = given - computed;
  const magnitude = picoUsd < 0n ? -picoUsd : picoUsd;
  return {
    picoUsd,
    percent: computed === 0n ? (given === 0n ? 0 : null) : Number((picoUsd * 1_000n) / computed) / 10,
    disagrees: magnitude * 100n > computed * DISAGREES_ABOVE_PERCENT,
  };
}

/** How much of what was used has a known cost. */
export type KnownShare = {
  readonly knownTokens: bigint;
  readonly allTokens: bigint;
  /** Whole percent, rounded down, so that 100 means all; null where nothing was used. */
  readonly percent: number | null;
};

/** The share of tokens whose cost is known: "cost known for 87 % of tokens". */
export function knownShare(usages: Iterable<{ readonly tokens: bigint; readonly isKnown: boolean }>): KnownShare {
  let knownTokens = 0n;
  let allTokens = 0n;
  for (const { tokens, isKnown } of usages) {
    allTokens += tokens;
    if (isKnown) knownTokens += tokens;
  }
  return { knownTokens, allTokens, percent: allTokens === 0n ? null : Number((knownTokens * 100n) / allTokens) };
}

/** What pricing the same calls again would change; null is a call without a price. */
export type RepriceDifference = {
  readonly changed: number;
  readonly newlyPriced: number;
  readonly noLongerPriced: number;
  readonly picoUsd: PicoUsd;
};

/** Adds up what changes between two prices of each call. */
export function repriceDifference(
  calls: Iterable<{ readonly before: PicoUsd | null; readonly after: PicoUsd | null }>,
): RepriceDifference {
  let [changed, newlyPriced, noLongerPriced, picoUsd] = [0, 0, 0, 0n];
  for (const { before, after } of calls) {
    if (before === after) continue;
    changed += 1;
    if (before === null) newlyPriced += 1;
    if (after === null) noLongerPriced += 1;
    picoUsd += (after ?? 0n) - (before ?? 0n);
  }
  return { changed, newlyPriced, noLongerPriced, picoUsd };
}
