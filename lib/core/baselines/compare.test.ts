import { expect, test } from "vitest";

import { compareOutcomes, type Outcomes } from "./compare";
import { requirePast } from "./period";
import { Baseline, RecordBaselineForm } from "./schema";
import { changeText, isSure, lineText } from "./words";

const NOW = new Date("2026-11-30T00:00:00Z");
const outcomes: Outcomes = {
  since: new Date("2026-11-09T00:00:00Z"),
  runs: 600,
  succeeded: 558,
  minutes: { n: 600, mean: 3, sd: 2 },
  medianMinutes: 2.5,
  cost: { n: 590, mean: 0.042, sd: 0.02 },
  incidents: 3,
  decided: 400,
  neededPerson: 40,
};
const baseline = Baseline.parse({
  from: "2026-03-01",
  to: "2026-03-28",
  cases: 400,
  mean_minutes: 12,
  sd_minutes: 9,
  median_minutes: 10,
  mean_cost_usd: "4.20",
  succeeded: 360,
  incidents: 8,
});

const told = (given: Outcomes, past: Baseline | null) =>
  compareOutcomes(given, past, NOW).map((line) => [
    line.name,
    lineText(line.kind, line.agent),
    line.before && lineText(line.kind, line.before),
    changeText(line),
    isSure(line),
  ]);

test("outcomes stand beside their baseline, with n and an interval on what is estimated", () => {
  expect(told(outcomes, baseline)).toEqual([
    [
      "Success",
      "93.0 % (90.7 to 94.8 %), n = 600",
      "90.0 % (86.7 to 92.6 %), n = 400",
      "+3.0 points (−0.5 to +6.8)",
      false,
    ],
    ["Time to resolution, mean", "3 min, n = 600", "12 min, n = 400", "0.25 × (0.228 to 0.274)", true],
    ["Time to resolution, median", "2.5 min, n = 600", "10 min, n = 400", "Medians are set side by side.", false],
    [
      "Cost per case",
      "$0.042, n = 590",
      "$4.20, n = 400",
      "The baseline has no standard deviation, so the change has no interval.",
      false,
    ],
    [
      "Throughput",
      "200 a week, n = 600",
      "100 a week, n = 400",
      "Every case is counted, so there is nothing to estimate.",
      false,
    ],
    ["Incidents", "0.5 % (0.2 to 1.5 %), n = 600", "2.0 % (1.0 to 3.9 %), n = 400", "−1.5 points (−3.4 to −0.1)", true],
    [
      "Needed a person",
      "10.0 % (7.4 to 13.3 %), n = 400",
      "100.0 %, n = 400",
      "Before the agent every case was done by people.",
      false,
    ],
  ]);
});

test("without a baseline the agent's own figures are told, and what is missing or too few is said", () => {
  expect(told(outcomes, null).every(([, , before, change]) => before === null && change === "")).toBe(true);
  const few = { ...outcomes, runs: 7, succeeded: 7, minutes: { n: 7, mean: 3, sd: 1 } };
  expect(told(few, baseline)[0]?.slice(1)).toEqual([
    "too few (7)",
    "90.0 % (86.7 to 92.6 %), n = 400",
    "Fewer than 20 cases.",
    false,
  ]);
  const bare = Baseline.parse({ from: "2026-03-01", to: "2026-03-01", cases: 50 });
  expect(told(outcomes, bare)[0]?.slice(2)).toEqual([null, "Not in the baseline.", false]);
  expect(told({ ...few, runs: 0, minutes: { n: 0, mean: 0, sd: null } }, baseline)[1]?.slice(1, 2)).toEqual(["none"]);
});

test("a baseline is read from its form, and what is wrong is said at its field", () => {
  const form = { agent: "support", from: "2026-03-01", to: "2026-03-28", cases: "400", mean_minutes: "12.5" };
  const empty = { sd_minutes: "", median_minutes: "", mean_cost_usd: "", sd_cost_usd: "", succeeded: "", source: "" };
  expect(RecordBaselineForm.parse({ ...form, ...empty })).toEqual({
    agent: "support",
    baseline: { from: "2026-03-01", to: "2026-03-28", cases: 400, mean_minutes: 12.5, source: "" },
  });
  const faults = (fields: object) =>
    RecordBaselineForm.safeParse({ ...form, ...fields }).error?.issues.map(({ path }) => path.join("/"));
  expect(faults({ cases: "many" })).toEqual(["cases"]);
  expect(faults({ cases: "0" })).toEqual(["cases"]);
  expect(faults({ to: "2026-02-01" })).toEqual(["to"]);
  expect(faults({ succeeded: "401" })).toEqual(["succeeded"]);
  expect(faults({ sd_cost_usd: "1" })).toEqual(["mean_cost_usd"]);
  expect(faults({ mean_cost_usd: "-1" })).toEqual(["mean_cost_usd"]);
  expect(faults({ mean_minutes: "12 min" })).toEqual(["mean_minutes"]);
});

test("no baseline is so odd that an amount is endless, no number or an exponent", () => {
  const past = { from: "2026-03-01", to: "2026-03-28", cases: 400 };
  const faults = (fields: object) =>
    Baseline.safeParse({ ...past, ...fields }).error?.issues.map(({ path }) => path.join("/"));
  for (const mean_minutes of [1e-300, 0, 0.0009, 1_000_001, Infinity]) expect(faults({ mean_minutes })).toHaveLength(1);
  expect(faults({ mean_minutes: 1, sd_minutes: 1e7 })).toEqual(["sd_minutes"]);
  for (const mean_cost_usd of ["0", "0.00009", "1000000.01", "-1"]) expect(faults({ mean_cost_usd })).toHaveLength(1);
  expect(faults({ from: "1999-12-31" })).toEqual(["from"]);
  expect(faults({ from: "0001-01-01", to: "0001-01-02" })).toEqual(["from", "to"]);

  const means = [0.001, 1, 1_000_000];
  const sds = [0, 1, 1_000_000];
  for (const mean of means)
    for (const sd of sds) {
      const odd = { mean_minutes: mean, sd_minutes: sd, mean_cost_usd: String(mean), sd_cost_usd: String(sd) };
      const words = means.flatMap((own) =>
        told(
          { ...outcomes, minutes: { n: 600, mean: own, sd }, cost: { n: 600, mean: own / 1e6, sd: own / 1e6 } },
          Baseline.parse({ ...past, ...odd }),
        ).flat(),
      );
      expect(words.join(" ")).not.toMatch(/Infinity|NaN|\de[+-]?\d/);
    }
  const tiny = Baseline.parse({ ...past, mean_minutes: 0.001, sd_minutes: 1_000_000 });
  expect(told(outcomes, tiny)[1]?.[3]).toBe("The cases differ too much to estimate the change.");
});

test("throughput of too few runs is not told, nor a change from a baseline that reaches into the runs", () => {
  expect(told({ ...outcomes, runs: 7 }, baseline)[4]?.slice(0, 3)).toEqual([
    "Throughput",
    "too few (7)",
    "100 a week, n = 400",
  ]);
  for (const [to, isOver] of [
    ["2026-11-08", true],
    ["2026-11-09", false],
  ] as const) {
    const [success] = compareOutcomes(outcomes, { ...baseline, to }, NOW);
    expect(success?.change !== null).toBe(isOver);
  }
});

test("a baseline is of days that are over", () => {
  requirePast({ to: "2026-11-30" }, NOW);
  expect(() => requirePast({ to: "2026-12-01" }, NOW)).toThrow(/after today/);
});
