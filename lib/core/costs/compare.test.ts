import { describe, expect, test } from "vitest";

import { compareCosts, knownShare, repriceDifference } from "./compare";

describe("compareCosts", () => {
  test.each([
    [100n, 100n, 0, false],
    [105n, 100n, 5, false],
    [106n, 100n, 6, true],
    [90n, 100n, -10, true],
    [0n, 0n, 0, false],
    [1n, 0n, null, true],
  ])("%d given, %d computed", (given, computed, percent, disagrees) => {
    expect(compareCosts(given, computed)).toEqual({ picoUsd: given - computed, percent, disagrees });
  });
});

describe("knownShare", () => {
  test("says 100 only when all is known", () => {
    const usages = [
      { tokens: 9_999n, isKnown: true },
      { tokens: 1n, isKnown: false },
    ];
    expect(knownShare(usages)).toEqual({ knownTokens: 9_999n, allTokens: 10_000n, percent: 99 });
    expect(knownShare(usages.slice(0, 1)).percent).toBe(100);
    expect(knownShare([]).percent).toBeNull();
  });
});

test("repriceDifference counts what gains, loses and changes a price", () => {
  expect(
    repriceDifference([
      { before: 1n, after: 1n },
      { before: null, after: 5n },
      { before: 7n, after: null },
      { before: 10n, after: 8n },
      { before: null, after: null },
    ]),
  ).toEqual({ changed: 3, newlyPriced: 1, noLongerPriced: 1, picoUsd: -4n });
});
