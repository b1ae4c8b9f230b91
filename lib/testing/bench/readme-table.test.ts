import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "vitest";

import { readmeTable, shapeOf, tableIn, withTable } from "./readme-table";
import type { Report } from "./report";
import { checksOf, PARTS } from "./requirements";
import type { Series } from "./rounds";

const spread = (median: number) => ({ median, least: median / 2, most: median * 2 });

const series: Series = {
  name: "Interlock",
  mix: "asks",
  inFlight: 32,
  figures: {
    perSecond: spread(4_321),
    p50: spread(1.234),
    p99: spread(12.34),
    p999: spread(123.4),
    nodeUs: spread(297.4),
    postgresUs: null,
    cpuUs: null,
    batch: spread(31.5),
    walBytes: spread(2_100),
  },
  calls: 1_000,
  allowed: 650,
  asked: 150,
  wrong: 0,
};

const report: Report = {
  benchmark: "decide",
  machine: {
    at: "2026-11-29T10:00:00.000Z",
    commit: "abc1234",
    node: "v20.20.2",
    postgres: "18.4",
    cpu: "a processor",
    cores: 2,
    memoryGb: 24,
    system: "linux x64",
    load: 0.5,
  },
  options: { seconds: 5, rounds: 3, warm: 20_000, size: 1_000_000, quick: false },
  figures: { durable: [series] },
  checks: checksOf({ cpuAsks: 3.2, cpuPlain: 3.4, cedar: 80, overruns: 0 }, PARTS),
  end: { load: 0.5, stolen: 0 },
  notMeasured: [],
};

const README = readFileSync(path.resolve(import.meta.dirname, "../../../README.md"), "utf8");
const lineWith = (text: string) =>
  readmeTable(report)
    .split("\n")
    .find((line) => line.includes(text));

describe("the README's table", () => {
  test("has the rows and columns that the script makes", () => {
    expect(shapeOf(tableIn(README))).toEqual(shapeOf(readmeTable(report)));
  });

  test("shows what was measured, and says where nothing was", () => {
    expect(lineWith("| 32 | 15 % ask")).toBe(
      "| 32 | 15 % ask | 4,321 | 1.23 | 12.3 | 123 | 297 + n/a | 31.5 | 2,100 | n/a | n/a |",
    );
    expect(lineWith("| 8 | none asks")).toBe(
      "| 8 | none asks | n/a | n/a | n/a | n/a | n/a + n/a | n/a | n/a | n/a | n/a |",
    );
    expect(lineWith("abc1234")).toContain("after at least 20,000 calls");
  });

  test("says of each requirement whether it is met", () => {
    expect(lineWith("no commit, 15 % ask | 3.20×")).toContain("| at most 4× | at most 2.5× | met |");
    expect(lineWith("no call asks")).toContain("| 3.40× | at most 3× | at most 2.5× | missed |");
    expect(lineWith("Microsoft")).toContain("| n/a | at least 60× | at least 250× | not measured |");
    expect(lineWith("over the deadline")).toContain("| 0 | 0 | – | met |");
    expect(lineWith("p99 on one budget")).toContain("| n/a | – | at most 0.1× | not measured |");
  });

  test("is replaced between its markers and nowhere else", () => {
    const once = withTable(README, "| new |");
    expect(tableIn(once)).toBe("| new |");
    expect(withTable(once, tableIn(README))).toBe(README);
  });

  test("is not written where the markers are missing", () => {
    expect(() => withTable("# A file\n", "| new |")).toThrow("markers");
  });
});

test("the shape of a table is its first cells and the number of its columns, not its figures", () => {
  const table = "words\n| In flight | Calls | x |\n|---|---|--:|\n| 8 | none asks | 12 |\n| p99 | 3 ms | met |";
  const same = table.replace("| 12 |", "| 99 |").replace("3 ms | met", "n/a | not measured");
  expect(shapeOf(same)).toEqual(shapeOf(table));
  expect(shapeOf(table.replace("| 8 |", "| 32 |"))).not.toEqual(shapeOf(table));
  expect(shapeOf(table.replace("| p99 |", "| p50 |"))).not.toEqual(shapeOf(table));
  expect(shapeOf(table.replace("| met |", "| met | |"))).not.toEqual(shapeOf(table));
});
