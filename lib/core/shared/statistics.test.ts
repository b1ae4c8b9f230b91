import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { kappa, quantile, wilson } from "./statistics";

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
