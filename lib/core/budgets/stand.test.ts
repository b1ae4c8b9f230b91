import { describe, expect, test } from "vitest";

import { BudgetInput, shareOf, unitsOf } from "./schema";
import { periodOf, previewPeriod, standOf } from "./stand";

const budget = { period: "day", zone: "Europe/Berlin", metric: "cost_usd", amount: "250.00", warn_at: 0.8 } as const;
const USD = 10n ** 12n;

describe("the period of a budget", () => {
  test.each([
    // The clock goes forward on 29 March 2026 and back on 25 October 2026: days of 23 and 25 hours.
    ["day", "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"],
    ["day", "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
    ["day", "Asia/Kolkata", "2026-11-30T18:29:59Z", "2026-11-29T18:30:00Z", "2026-11-30T18:30:00Z"],
    // Cairo has no midnight on 24 April 2026: its day begins at 01:00.
    ["day", "Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"],
    ["day", "Africa/Cairo", "2026-04-25T12:00:00Z", "2026-04-24T21:00:00Z", "2026-04-25T21:00:00Z"],
    ["week", "UTC", "2026-11-30T00:00:00Z", "2026-11-30T00:00:00Z", "2026-12-07T00:00:00Z"],
    ["week", "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z"],
    ["month", "America/New_York", "2026-11-15T00:00:00Z", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"],
    ["month", "UTC", "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"],
  ] as const)("%s in %s at %s", (period, zone, at, from, to) => {
    expect(periodOf(period, zone, new Date(at))).toEqual({ from: new Date(from), to: new Date(to) });
  });

  test("earlier periods meet without a gap, over every change of the clock", () => {
    for (const period of ["day", "week", "month"] as const)
      for (const zone of ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"])
        for (let before = 1; before < 40; before += 1) {
          const at = new Date("2026-11-30T10:00:00Z");
          expect(periodOf(period, zone, at, before).to).toEqual(periodOf(period, zone, at, before - 1).from);
        }
  });
});

describe("how a budget stands", () => {
  const now = new Date("2026-11-27T15:42:00Z");
  const at = (used: bigint, lastHour = 0n) => standOf(budget, { used, lastHour }, now);

  test("changes exactly at the share that warns and at the amount", () => {
    expect(at(200n * USD - 1n).state).toBe("under");
    expect(at(200n * USD).state).toBe("warned");
    expect(at(250n * USD - 1n).state).toBe("warned");
    expect(at(250n * USD).state).toBe("over");
    expect(at(0n)).toMatchObject({ state: "under", share: 0, usedUpAt: null });
  });

  test("says when it is used up at the rate of the last hour, within its period alone", () => {
    expect(at(240n * USD, 10n * USD).usedUpAt).toEqual(new Date("2026-11-27T16:42:00Z"));
    expect(at(100n * USD, 10n * USD).usedUpAt).toBeNull();
    expect(at(260n * USD, 10n * USD).usedUpAt).toBeNull();
  });
});

test("a cap on the past tells what came after it", () => {
  const from = new Date("2026-11-01T00:00:00Z");
  const hour = (n: number, units: bigint) => ({ at: new Date(from.getTime() + n * 3_600_000), units });
  const hours = [hour(0, 40n), hour(1, 60n), hour(2, 1n), hour(3, 9n)];
  expect(previewPeriod(from, hours, 100n)).toEqual({ from, spent: 110n, beyond: 10n, reachedAt: hours[2]?.at });
  expect(previewPeriod(from, hours, 110n)).toEqual({ from, spent: 110n, beyond: 0n, reachedAt: null });
  expect(previewPeriod(from, [], 1n)).toEqual({ from, spent: 0n, beyond: 0n, reachedAt: null });
});

describe("an amount", () => {
  test.each([
    ["cost_usd", "250", 250n * USD],
    ["cost_usd", "0.01", USD / 100n],
    ["cost_usd", "1e2", 100n * USD],
    ["cost_usd", "0.001", null],
    ["cost_usd", "0", null],
    ["cost_usd", "-1", null],
    ["cost_usd", "1,000", null],
    ["cost_usd", "1e20", null],
    ["tokens", "2000000", 2_000_000n],
    ["tokens", "1.5", null],
    ["tokens", "", null],
  ] as const)("%s %s", (metric, amount, units) => {
    expect(unitsOf(metric, amount)).toBe(units);
  });

  test("a share of it is rounded down", () => {
    expect(shareOf(3n, 0.8)).toBe(2n);
    expect(shareOf(250n * USD, 0.8)).toBe(200n * USD);
  });

  test("says what is wrong with a budget at the field", () => {
    const faults = (input: object) =>
      BudgetInput.safeParse({
        scope: "workspace",
        period: "day",
        metric: "cost_usd",
        amount: "1",
        ...input,
      }).error?.issues.map(({ path, message }) => `${path.join("/")}: ${message}`);
    expect(faults({})).toBeUndefined();
    expect(faults({ scope: "agent" })).toEqual(["value: Say which agent it is for."]);
    expect(faults({ value: "x" })).toEqual(["value: A budget of the workspace has no value."]);
    expect(faults({ zone: "Mars/Olympus" })).toEqual(["zone: Choose a time zone such as Europe/Berlin."]);
    expect(faults({ amount: "ten" })).toEqual(["amount: Write dollars with at most two decimals, such as 250.00."]);
    expect(faults({ metric: "tokens", amount: "1.5" })).toEqual([
      "amount: Write a whole number of tokens, such as 2000000.",
    ]);
  });
});
