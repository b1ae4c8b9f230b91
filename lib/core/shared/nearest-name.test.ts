import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { editDistance, nearestName } from "./nearest-name";

describe("nearestName", () => {
  const known = ["max_steps", "max_cost_usd", "max_wall_clock_seconds", "on_budget_exceeded", "quorum"];

  test.each([
    ["max_step", "max_steps"],
    ["Max_Steps", "max_steps"],
    ["max_setps", "max_steps"],
    ["max_cost", "max_cost_usd"],
    ["max_wall_clock_secs", "max_wall_clock_seconds"],
    ["qorum", "quorum"],
    ["quorum", "quorum"],
    ["colour", null],
    ["q", null],
    ["", null],
    ["q".repeat(100_000), null],
  ])("finds what %s was meant to be", (name, nearest) => {
    expect(nearestName(name, known)).toBe(nearest);
  });

  test("prefers the nearer, then the earlier name", () => {
    expect(nearestName("abcd", ["abxx", "abcx"])).toBe("abcx");
    expect(nearestName("abcd", ["abcx", "abcy"])).toBe("abcx");
    expect(nearestName("x", ["y"])).toBeNull();
    expect(nearestName("a", [])).toBeNull();
  });
});

describe("editDistance", () => {
  test.each([
    ["get_user_role", "get_user_roles", 1],
    ["form", "from", 1],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["ca", "abc", 3],
    ["same", "same", 0],
  ])("T29 counts the edits between %s and %s", (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  test("is symmetric, zero only for equals, and at most the longer length", () => {
    const short = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});
