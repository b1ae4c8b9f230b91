import { describe, expect, test } from "vitest";

import { dateAfter, withRange, zoomedOut } from "./range-address";

const HOUR = 3_600_000;

describe("withRange", () => {
  test("keeps what else the page was asked for, and relative texts as they are", () => {
    expect(withRange("by=model&from=now-7d&cursor=x", { from: "now-30d", to: "now" })).toBe(
      "by=model&from=now-30d&to=now",
    );
  });

  test("leaves out what is left empty", () => {
    expect(withRange("cmp=none&tz=UTC", { cmp: "" })).toBe("tz=UTC");
  });
});

describe("zoomedOut", () => {
  test("doubles the range around its middle", () => {
    expect(zoomedOut({ from: 10 * HOUR, to: 20 * HOUR }, 100 * HOUR)).toEqual({ from: 5 * HOUR, to: 25 * HOUR });
  });

  test("shows nothing of the future", () => {
    expect(zoomedOut({ from: 10 * HOUR, to: 20 * HOUR }, 21 * HOUR)).toEqual({ from: HOUR, to: 21 * HOUR });
  });

  test("ends at 400 days", () => {
    const { from, to } = zoomedOut({ from: 0, to: 390 * 24 * HOUR }, 390 * 24 * HOUR);
    expect((to - from) / (24 * HOUR)).toBe(400);
  });
});

test("the date after the last of a month is the first of the next", () => {
  expect(dateAfter("2026-11-30")).toBe("2026-12-01");
});
