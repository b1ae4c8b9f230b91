import { expect, test } from "vitest";

import { commaHint } from "@/lib/core/shared/decimal";

import { baselineOfCases } from "./cases";

const period = { from: "2026-03-01", to: "2026-03-28", source: "" };
const read = (text: string) =>
  baselineOfCases(
    text.split("\n").map((line, index) => ({ cells: line.split(","), line: index + 1 })),
    period,
  );

test("a baseline is made of the cases of a file, and of the columns it has", () => {
  const cases = "\uFEFFId, Minutes,Cost_USD,succeeded,incident\na,2,1.50,yes,\nb,4,2.50,1,no\nc,9,2,FALSE,Y";
  expect(read(cases)).toEqual({
    ok: true,
    baseline: {
      ...period,
      cases: 3,
      mean_minutes: 5,
      median_minutes: 4,
      sd_minutes: 3.606,
      mean_cost_usd: "2.000000",
      sd_cost_usd: "0.500000",
      succeeded: 2,
      incidents: 1,
    },
  });
  expect(read("minutes\n2.5")).toEqual({
    ok: true,
    baseline: { ...period, cases: 1, mean_minutes: 2.5, median_minutes: 2.5 },
  });
});

test.each([
  ["duration\n2", "The first line must name at least one of these columns: minutes, cost_usd, succeeded, incident."],
  ["minutes", "The file has no case below its first line."],
  ["minutes,succeeded\n2,yes\n3,perhaps", "Line 3: succeeded is “perhaps”. Write yes or no."],
  ["minutes,succeeded\n2,yes\n3,", "Line 3: succeeded is empty. Write yes or no."],
  ["minutes,Minutes\n2,3", "Two columns are named minutes. Leave one of them out."],
  ["minutes,cost_usd\n2,1\n4,1,50", "Line 3: it has 3 cells, the header 2. Write decimals with a point, as 1.50."],
  ["minutes\n4,5", "Line 2: it has 2 cells, the header 1. Write decimals with a point, as 1.50."],
  ["minutes,cost_usd\n2", "Line 2: it has 1 cell, the header 2."],
  ["minutes\n2\n-1", "Line 3: minutes is “-1”."],
  ["minutes,id\n2,a\n,b", "Line 3: minutes is empty."],
  ["minutes\n12 min", "Line 2: minutes is “12 min”."],
])("%j is refused where it is wrong", (text, message) => {
  expect(read(text)).toEqual({ ok: false, message });
});

test.each([
  ["1,50", " Write 1.50."],
  ["-3,5", " Write -3.5."],
  ["1,234", /nothing between thousands/],
  ["1.234,50", /nothing between thousands/],
  ["1,234.50", /nothing between thousands/],
  ["1 234", /nothing between thousands/],
  ["1.50", /^$/],
  ["12 min", /^$/],
  ["", /^$/],
])("a number written %j says how to write it, and is not guessed", (text, hint) => {
  const read = baselineOfCases(
    [
      { cells: ["minutes"], line: 1 },
      { cells: [text], line: 2 },
    ],
    period,
  );
  if (text === "1.50") expect(read).toMatchObject({ ok: true, baseline: { mean_minutes: 1.5 } });
  else expect(read).toMatchObject({ ok: false });
  expect(commaHint(text)).toMatch(hint);
});
