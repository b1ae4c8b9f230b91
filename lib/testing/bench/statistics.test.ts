import { describe, expect, test } from "vitest";

import { lastDifference, quantile, ratioOf, spreadOf } from "./statistics";

describe("quantile", () => {
  test("takes the value below which the share lies, whatever the order", () => {
    const numbers = Array.from({ length: 1_000 }, (_, index) => 999 - index);
    expect([0, 0.5, 0.99, 0.999, 1].map((share) => quantile(numbers, share))).toEqual([0, 500, 990, 999, 999]);
  });

  test("is not a number when nothing was measured", () => {
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe("spreadOf", () => {
  test("is the middle of an odd number of rounds, and the mean of the middle two of an even number", () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, least: 1, most: 9 });
    expect(spreadOf([4, 1, 9, 2])).toEqual({ median: 3, least: 1, most: 9 });
    expect(spreadOf([7])).toEqual({ median: 7, least: 7, most: 7 });
  });

  test("is unknown when a round could not be measured", () => {
    expect(spreadOf([1, null, 3])).toBeNull();
    expect(spreadOf([1, Number.NaN])).toBeNull();
    expect(spreadOf([])).toBeNull();
  });
});

describe("lastDifference", () => {
  test("compares only the last two windows", () => {
    expect(lastDifference([900, 103, 100])).toBeCloseTo(0.03);
    expect(lastDifference([900, 100, 103])).toBeCloseTo(0.03);
    expect(lastDifference([100, 100, 200])).toBeCloseTo(1);
  });

  test("is unknown before there are two windows, and when one was empty", () => {
    expect(lastDifference([])).toBeNull();
    expect(lastDifference([100])).toBeNull();
    expect(lastDifference([100, 0])).toBeNull();
  });
});

test("ratioOf is unknown when a side is missing or nothing", () => {
  expect(ratioOf(6, 3)).toBe(2);
  expect([ratioOf(null, 3), ratioOf(6, null), ratioOf(6, 0), ratioOf(undefined, 1)]).toEqual([null, null, null, null]);
});
