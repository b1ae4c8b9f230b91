import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { randomOf } from "@/lib/testing/fuzz/random";

import { differenceOfShares, kappa, meanOf, quantile, ratioOfMeans, wilson } from "./statistics";

describe("wilson", () => {
  // Newcombe 1998, table I: the four examples every method is compared by.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("%i of %i lies between %f and %f", (hits, n, low, high) => {
    const share = wilson(hits, n);
    expect(share.low).toBeCloseTo(low, 4);
    expect(share.high).toBeCloseTo(high, 4);
  });

  test("holds the share it was made from, is as wide seen from the other side, and narrows with more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
        const hits = Math.round(part * n);
        const { low, high } = wilson(hits, n);
        expect(low).toBeLessThanOrEqual(hits / n + 1e-12);
        expect(high).toBeGreaterThanOrEqual(hits / n - 1e-12);
        const other = wilson(n - hits, n);
        expect(1 - other.high).toBeCloseTo(low, 10);
        const more = wilson(hits * 4, n * 4);
        expect(more.high - more.low).toBeLessThan(high - low);
      }),
    );
  });

  test("nothing seen says nothing", () => {
    expect(wilson(0, 0)).toEqual({ hits: 0, n: 0, low: 0, high: 1 });
  });
});

describe("kappa", () => {
  // Published worked examples of two raters and two answers.
  test.each([
    [{ bothYes: 20, onlyFirst: 5, onlySecond: 10, bothNo: 15 }, 0.4],
    [{ bothYes: 45, onlyFirst: 15, onlySecond: 25, bothNo: 15 }, 0.1304],
    [{ bothYes: 25, onlyFirst: 35, onlySecond: 5, bothNo: 35 }, 0.2593],
  ])("%o is %f", (table, expected) => {
    expect(kappa(table)).toBeCloseTo(expected, 4);
  });

  test("is 1 for agreement in all, at most 1, and the same from either side", () => {
    const count = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(count, count, count, count, (bothYes, onlyFirst, onlySecond, bothNo) => {
        const value = kappa({ bothYes, onlyFirst, onlySecond, bothNo });
        if (value === null) return;
        expect(value).toBeLessThanOrEqual(1);
        expect(value).toBeGreaterThanOrEqual(-1);
        if (onlyFirst + onlySecond === 0) expect(value).toBeCloseTo(1, 10);
        expect(kappa({ bothYes, onlyFirst: onlySecond, onlySecond: onlyFirst, bothNo })).toBeCloseTo(value, 10);
        expect(kappa({ bothYes: bothNo, onlyFirst, onlySecond, bothNo: bothYes })).toBeCloseTo(value, 10);
      }),
    );
  });

  test("is not known where chance alone explains everything", () => {
    expect(kappa({ bothYes: 12, onlyFirst: 0, onlySecond: 0, bothNo: 0 })).toBeNull();
    expect(kappa({ bothYes: 0, onlyFirst: 0, onlySecond: 0, bothNo: 0 })).toBeNull();
  });
});

describe("quantile", () => {
  // The nearest-rank example of many textbooks: 15, 20, 35, 40, 50.
  test.each([
    [0.05, 15],
    [0.3, 20],
    [0.4, 20],
    [0.5, 35],
    [1, 50],
  ])("%f of the five", (q, expected) => {
    expect(quantile([35, 20, 15, 50, 40], q)).toBe(expected);
  });

  test("is a value that occurred, and grows with the share asked for", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const [median, most] = [quantile(values, 0.5), quantile(values, 0.9)];
        expect(values).toContain(median);
        expect(most).toBeGreaterThanOrEqual(median ?? 0);
      }),
    );
    expect(quantile([], 0.5)).toBeNull();
  });
});

describe("the difference of two shares", () => {
  // Newcombe 1998, table II: the examples every method is compared by, method 10.
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])("%i of %i less %i of %i lies between %f and %f", (a, m, b, n, low, high) => {
    const found = differenceOfShares(wilson(a, m), wilson(b, n));
    expect(found?.low).toBeCloseTo(low, 4);
    expect(found?.high).toBeCloseTo(high, 4);
  });

  test("is the same seen from the other side, stays between -1 and 1, and is nothing without observations", () => {
    const share = fc
      .integer({ min: 1, max: 500 })
      .chain((n) => fc.integer({ min: 0, max: n }).map((hits) => wilson(hits, n)));
    fc.assert(
      fc.property(share, share, (one, other) => {
        const [found, back] = [differenceOfShares(one, other)!, differenceOfShares(other, one)!];
        expect(found.low).toBeCloseTo(-back.high, 10);
        expect(found.low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(found.high).toBeLessThanOrEqual(1 + 1e-12);
        expect(found.low).toBeLessThanOrEqual(found.value);
        expect(found.high).toBeGreaterThanOrEqual(found.value);
      }),
    );
    expect(differenceOfShares(wilson(0, 0), wilson(1, 2))).toBeNull();
  });
});

test("a mean has the standard deviation of a sample", () => {
  expect(meanOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ n: 8, mean: 5, sd: Math.sqrt(32 / 7) });
  expect(meanOf([3])).toEqual({ n: 1, mean: 3, sd: null });
  expect(meanOf([])).toBeNull();
});

describe("the ratio of two means", () => {
  test("has the interval of its logarithm", () => {
    // ln 0.5 ± 1.96 √(4²/(100·10²) + 6²/(144·20²)) = -0.69315 ± 0.09245
    const found = ratioOfMeans({ n: 100, mean: 10, sd: 4 }, { n: 144, mean: 20, sd: 6 });
    expect(found?.value).toBeCloseTo(0.5, 12);
    expect(found?.low).toBeCloseTo(0.45585, 5);
    expect(found?.high).toBeCloseTo(0.54843, 5);
  });

  test("holds the true ratio of skewed values about 95 times in 100", () => {
    const random = randomOf(5);
    const times = (n: number, scale: number) => Array.from({ length: n }, () => -Math.log(1 - random()) * scale);
    const rounds = 1_000;
    let held = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { low, high } = ratioOfMeans(meanOf(times(80, 3))!, meanOf(times(60, 10))!)!;
      if (low <= 0.3 && high >= 0.3) held += 1;
    }
    expect(held / rounds).toBeGreaterThan(0.93);
    expect(held / rounds).toBeLessThan(0.97);
  });

  test("is nothing without a spread, for one value, or where a mean is 0", () => {
    const mean = { n: 30, mean: 5, sd: 1 };
    for (const other of [
      { ...mean, sd: null },
      { ...mean, n: 1 },
      { ...mean, mean: 0 },
    ]) {
      expect(ratioOfMeans(mean, other)).toBeNull();
      expect(ratioOfMeans(other, mean)).toBeNull();
    }
  });
});
