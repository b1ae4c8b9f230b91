import { describe, expect, test } from "vitest";

import { type Chart, chartCsv, type ChartLine, columnsOf, foldLines, sumAmounts } from "./chart";

const part = (key: string, ...amounts: (string | null)[]): ChartLine => ({ key, name: key, amounts, role: "part" });

const CHART: Chart = {
  title: "Spend by day",
  unit: "usd",
  bucketName: "Day",
  until: "2026-11-27T00:00:00.000Z",
  buckets: [
    { at: "2026-11-25T00:00:00.000Z", words: "Wed 25 Nov", short: "25 Nov" },
    { at: "2026-11-26T00:00:00.000Z", words: "Thu 26 Nov", short: "26 Nov" },
  ],
  lines: [
    { key: "all", name: "All", amounts: ["1500000000000", null], role: "total" },
    part("=cmd|' /C calc'!A0", "1500000000000", "0"),
  ],
  before: { name: "Before", amounts: ["250000000000", "1"] },
};

test("series beyond what people can tell apart are added up, and nothing is lost", () => {
  const parts = Array.from({ length: 50 }, (_, at) => part(`agent-${at}`, String(at), at === 49 ? null : "1"));
  const folded = foldLines(parts);
  expect(folded).toHaveLength(6);
  expect(folded.at(-1)).toMatchObject({ name: "45 others", role: "others" });
  expect(sumAmounts(folded.map(({ amounts }) => amounts))).toEqual(sumAmounts(parts.map(({ amounts }) => amounts)));
  expect(foldLines(parts.slice(0, 6))).toEqual(parts.slice(0, 6));
});

test("sums keep every picodollar and take nothing known for nothing", () => {
  expect(
    sumAmounts([
      ["9007199254740993", null],
      ["1", null],
    ]),
  ).toEqual(["9007199254740994", null]);
});

describe("chartCsv", () => {
  const text = chartCsv(CHART, [
    ["range", "25 Nov – 26 Nov"],
    ["zone", "UTC"],
    ["agent", "+evil"],
  ]);

  test("says what it is of before the table", () => {
    expect(text.split("\r\n").slice(0, 4)).toEqual([
      "# Interlock: Spend by day",
      "# range,25 Nov – 26 Nov",
      "# zone,UTC",
      "# agent,'+evil",
    ]);
  });

  test("writes dollars as numbers and nothing known as nothing", () => {
    expect(text).toContain("Wed 25 Nov,2026-11-25T00:00:00.000Z,1.50,0.25,1.50\r\n");
    expect(text).toContain("Thu 26 Nov,2026-11-26T00:00:00.000Z,,0.000000000001,0.00\r\n");
  });

  test("keeps a spreadsheet from running a name", () => {
    expect(text).toContain(`,"'=cmd|' /C calc'!A0, USD"\r\n`);
  });
});

test("table and file have the same columns, the total first and the period before beside it", () => {
  expect(columnsOf(CHART).map(({ name }) => name)).toEqual(["All", "Before", "=cmd|' /C calc'!A0"]);
});
