import { expect, test } from "vitest";

import { nanosecondsOf } from "./time-text";

test.each([
  ["2026-04-10T03:14:22.123456789+02:00", "1775783662123456789"],
  ["2026-04-10 01:14:22", "1775783662000000000"],
  [1_775_783_662, "1775783662000000000"],
  [1_775_783_662_123, "1775783662123000000"],
  // A 64-bit number of nanoseconds ends in 2262.
  ["9999-01-01T00:00:00Z", null],
  ["2300-01-01T00:00:00Z", null],
  [10_413_792_000_000, null],
  ["1969-12-31T23:59:59Z", null],
  ["2026-02-30", null],
  ["soon", null],
  [null, null],
])("%j is %s", (value, nanoseconds) => {
  expect(nanosecondsOf(value)).toBe(nanoseconds);
});
