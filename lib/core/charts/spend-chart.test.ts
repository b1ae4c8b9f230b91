import { describe, expect, test } from "vitest";

import { readRange } from "@/lib/core/figures/range";
import type { SpendSeries } from "@/lib/core/figures/spend";

import { movedMost, spendChart, spendNotes } from "./spend-chart";

const NOW = new Date("2026-11-30T10:00:00Z");
const range = readRange({ from: "now-7d", to: "now" }, NOW);

function givenSeries(label: string, now: number, before: number | null): SpendSeries {
  const each = (value: number) => range.buckets.map(() => String(value));
  return {
    key: label,
    label,
    isOthers: false,
    costs: each(now),
    costsBefore: before === null ? null : each(before),
    totalPicos: String(now * range.buckets.length),
    totalPicosBefore: before === null ? null : String(before * range.buckets.length),
  };
}

describe("spendChart", () => {
  const series = [givenSeries("a", 10, 9), givenSeries("b", 4, 9)];
  const chart = spendChart({ range, series, annotations: [] }, NOW);

  test("has the sum of all series as its total, and that of before beside it", () => {
    expect(chart.lines[0]).toMatchObject({ role: "total", amounts: range.buckets.map(() => "14") });
    expect(chart.before?.amounts).toEqual(range.buckets.map(() => "18"));
    expect(chart.before?.name).toContain("same weekdays");
  });

  test("marks the agent that moved most, up or down", () => {
    expect(movedMost({ series })).toBe("b");
    expect(movedMost({ series: [givenSeries("a", 0, 0)] })).toBeNull();
  });

  test("draws one series once", () => {
    expect(spendChart({ range, series: series.slice(0, 1), annotations: [] }, NOW).lines).toHaveLength(1);
  });
});

test("what happened has letters in the order of time", () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 29, hour));
  const notes = spendNotes({
    range,
    annotations: [9, 3].map((hour) => ({
      at: at(hour),
      kind: "stop",
      agent: null,
      text: `at ${hour}`,
      href: "/stops",
    })),
  });
  expect(notes.map(({ letter, text }) => `${letter} ${text}`)).toEqual(["A at 3", "B at 9"]);
});
