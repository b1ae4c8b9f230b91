import { expect, test } from "vitest";

import { sayStanding } from "./words";

const usual = { median: 10, low: 8, high: 12, n: 18 };

test.each([
  [{ verdict: "clear", value: 11, usual }, "Inside its usual"],
  [{ verdict: "clear", value: 12, usual }, "Inside its usual"],
  [{ verdict: "clear", value: 13, usual }, "Above its usual, below the alert"],
  [{ verdict: "between", value: 18, usual }, "Above its usual, below the alert"],
  [{ verdict: "breach", value: 30, usual }, "Above its usual, at an alert"],
  [{ verdict: "clear", value: 7, usual }, "Below its usual"],
  [{ verdict: "unknown", value: 7, usual }, null],
  [{ verdict: "clear", value: null, usual }, null],
] as const)("%j stands %s", (judged, words) => {
  expect(sayStanding(judged)).toBe(words);
});
