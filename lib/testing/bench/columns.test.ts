import { expect, test } from "vitest";

import { alignColumns } from "./columns";
import { figure } from "./format";

test("words stand to the left, numbers to the right, and a note after them as it is", () => {
  const rows = [
    ["server", "req/s", ""],
    ["ours", "12,345", ""],
    ["a longer name", "7", "2 not answered"],
  ];
  expect(alignColumns(rows)).toBe(
    ["  server          req/s", "  ours           12,345", "  a longer name       7  2 not answered"].join("\n"),
  );
});

test("a figure has as many digits as mean something", () => {
  expect([0.123, 9.999, 10.04, 99.94, 100.4, 12_345.6, null, undefined, Number.NaN].map(figure)).toEqual([
    "0.12",
    "10.00",
    "10.0",
    "99.9",
    "100",
    "12,346",
    "n/a",
    "n/a",
    "n/a",
  ]);
});
