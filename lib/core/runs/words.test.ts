import { describe, expect, test } from "vitest";

import { ageText, argsSummary } from "./words";

describe("a call's arguments on one line", () => {
  test.each([
    [{ to: "a@example.com", template: "refund" }, "to: a@example.com · template: refund"],
    [{}, "no arguments"],
    [{ ids: [1, 2] }, "ids: [1,2]"],
    [{ ids: [1, 2, 3, 4] }, "ids: 4 items"],
    [{ note: "two\nlines" }, "note: two⏎lines"],
    [{ when: null, deep: { a: 1 } }, 'when: null · deep: {"a":1}'],
  ])("%j", (args, text) => {
    expect(argsSummary(args)).toBe(text);
  });

  test("marks what was cut and never cuts a character in two", () => {
    const summary = argsSummary({ note: "😀".repeat(300), other: "x".repeat(300) }, 100);
    expect(summary.endsWith("…")).toBe(true);
    expect(summary.isWellFormed()).toBe(true);
  });
});

test.each([
  [-5, "from the future"],
  [38, "38 s"],
  [250, "4 min"],
  [10_800, "3 h"],
  [1_000_000, "11 d"],
])("an age of %i seconds is %s", (seconds, text) => {
  expect(ageText(seconds)).toBe(text);
});
