import { expect, test } from "vitest";

import { overdueState } from "./execution";

test.each([
  ["granted", "read", "unreported"],
  ["granted", "partially_reversible", "unreported"],
  ["granted", "irreversible", "unknown"],
  ["granted", null, "unknown"],
  ["dispatching", "read", "unknown"],
  ["dispatching", "irreversible", "unknown"],
] as const)("a call that was %s with a tool of class %s is %s once it is overdue", (state, reversibility, expected) => {
  expect(overdueState(state, reversibility)).toBe(expected);
});
