import { expect, test } from "vitest";

import { RepriceForm, RepriceInput } from "./reprice";

test("a range of two days, as its form sends it, includes both", () => {
  expect(RepriceForm.parse({ from: "2026-11-01", to: "2026-11-02" })).toEqual({
    from: "2026-11-01T00:00:00Z",
    to: "2026-11-03T00:00:00.000Z",
  });
});

test.each([
  ["backwards", "2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z"],
  ["empty", "2026-11-01T00:00:00Z", "2026-11-01T01:00:00+01:00"],
  ["longer than 400 days", "2025-01-01T00:00:00Z", "2026-03-01T00:00:00Z"],
  ["of the year 0", "0000-01-01T00:00:00Z", "0000-01-02T00:00:00Z"],
  ["at the end of all dates", "9999-12-30T00:00:00Z", "9999-12-31T23:59:59-23:59"],
  ["of no dates", "yesterday", "today"],
])("a range %s is refused", (_what, from, to) => {
  expect(RepriceInput.safeParse({ from, to }).success).toBe(false);
});

test.each([[{}], [{ from: "", to: "" }], [{ from: "2026-11-02", to: "2026-11-01" }], [null]])(
  "the form %j is refused",
  (form) => {
    expect(RepriceForm.safeParse(form).success).toBe(false);
  },
);
