import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { bucketOf, countValue, quantileOf } from "./log-histogram";

describe("a histogram with growing buckets", () => {
  test("puts a value where its bucket says", () => {
    expect([0, 0.99, 1, 1.2, 2, 4, 1024].map(bucketOf)).toEqual([0, 0, 1, 2, 5, 9, 41]);
    expect(bucketOf(Number.MAX_VALUE)).toBe(160);
    expect(bucketOf(Number.NaN)).toBe(0);
  });

  test("knows every quantile to ten percent", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, q) => {
          const counts: number[] = [];
          for (const value of values) countValue(counts, value);
          const exact = values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length)) - 1] ?? 0;
          const found = quantileOf(counts, q) ?? 0;
          expect(Math.abs(found / exact - 1)).toBeLessThan(0.1);
        },
      ),
    );
  });

  test("has no quantile without values", () => {
    expect(quantileOf([], 0.5)).toBeNull();
    expect(quantileOf([0, 0], 0.5)).toBeNull();
  });
});
