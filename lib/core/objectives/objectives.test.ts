import { describe, expect, test } from "vitest";

import { HOUR_MS } from "@/lib/core/shared/time";

import { hoursToRecount, reachOf, windowOf } from "./hours";
import { allowedShare, bpOf, limitText, limitUnits, SetObjectiveForm, SetObjectiveInput } from "./schema";
import { standOf, sumTallies } from "./stand";
import { mostText, sayObjective } from "./words";

describe("an objective that is set", () => {
  const input = { agent: "support", measure: "success", target_percent: 99.5, days: 28 } as const;
  const faults = (fields: object) =>
    SetObjectiveInput.safeParse({ ...input, ...fields }).error?.issues.map(({ path }) => path.join("/"));

  test("has a limit where its measure has one, and none elsewhere", () => {
    expect(faults({})).toBeUndefined();
    expect(faults({ at_most: "5" })).toEqual(["at_most"]);
    expect(faults({ measure: "time" })).toEqual(["at_most"]);
    expect(faults({ measure: "time", at_most: "2.5" })).toBeUndefined();
    expect(faults({ measure: "time", at_most: "0" })).toEqual(["at_most"]);
    expect(faults({ measure: "time", at_most: "2592000" })).toBeUndefined();
    expect(faults({ measure: "time", at_most: "2592000.001" })).toEqual(["at_most"]);
    expect(faults({ measure: "time", at_most: "999999999" })).toEqual(["at_most"]);
    expect(faults({ measure: "time", at_most: "0.0001" })).toEqual(["at_most"]);
    expect(faults({ measure: "cost", at_most: "-1" })).toEqual(["at_most"]);
    expect(faults({ measure: "cost", at_most: "0.25" })).toBeUndefined();
  });

  test.each([
    ["0.5", "0.5 s"],
    ["119", "119 s"],
    ["150", "2.5 min"],
    ["7199", "120 min"],
    ["9000", "2.5 h"],
    ["2592000", "30 days"],
  ])("of %s seconds reads %s", (seconds, words) => {
    expect(mostText("time", String(limitUnits("time", seconds)))).toBe(words);
  });

  test("has a target between nothing and all, to the hundredth of a percent, and one of three windows", () => {
    for (const target_percent of [0, 100, 99.995, Number.NaN]) expect(faults({ target_percent })).not.toBeUndefined();
    for (const target_percent of [0.01, 99.99, 57.29]) expect(faults({ target_percent })).toBeUndefined();
    expect(faults({ days: 14 })).toEqual(["days"]);
    expect(bpOf(57.29)).toBe(5729);
    expect(allowedShare(9950)).toBeCloseTo(0.005, 12);
  });

  test("is read from its form, and written back as it was written", () => {
    const form = { agent: "support", measure: "time", target_percent: "95", days: "7", at_most: "90" };
    expect(SetObjectiveForm.parse(form)).toEqual({ ...form, target_percent: 95, days: 7 });
    expect(limitText("time", String(limitUnits("time", "2.5")))).toBe("2.5");
    expect(limitText("cost", String(limitUnits("cost", "0.25")))).toBe("0.25");
  });

  test("is a sentence", () => {
    expect(sayObjective({ measure: "time", target_bp: 9900, days: 28, most: "90000" })).toBe(
      "99 % of finished runs take at most 90 s, over 28 days",
    );
    expect(sayObjective({ measure: "denials", target_bp: 9850, days: 7, most: null })).toBe(
      "98.5 % of decisions are not denied, over 7 days",
    );
  });
});

describe("how it stands", () => {
  test("is met exactly at its target, and is not judged under twenty", () => {
    expect(standOf(9900, { good: 99, total: 100 })).toMatchObject({ state: "met", bad: 1, left: expect.closeTo(0, 9) });
    expect(standOf(9900, { good: 98, total: 100 })).toMatchObject({ state: "missed", left: expect.closeTo(-1, 9) });
    expect(standOf(9900, { good: 7, total: 7 })).toMatchObject({ state: "too_few", left: 1 });
    expect(standOf(9900, { good: 0, total: 0 })).toMatchObject({ state: "too_few", left: null, bad: 0 });
    // 0.7 of 1,000 in floating point is not 700.
    expect(standOf(7000, { good: 700, total: 1000 }).state).toBe("met");
    expect(standOf(9500, { good: 960, total: 1000 })).toMatchObject({ bad: 40, left: expect.closeTo(0.2, 9) });
  });

  test("adds up", () => {
    expect(
      sumTallies([
        { good: 1, total: 2 },
        { good: 0, total: 3 },
      ]),
    ).toEqual({ good: 1, total: 5 });
  });
});

describe("the hours that are counted again", () => {
  const now = new Date("2026-11-30T10:30:00Z");
  const hour = now.getTime() / HOUR_MS - 0.5;
  const spanOf = (countedAt: Date | null, keptDays = 30) => {
    const ranges = hoursToRecount(now, reachOf(now, countedAt), keptDays);
    for (const [at, range] of ranges.entries()) {
      expect(range.to - range.from).toBeLessThanOrEqual(24);
      if (at > 0) expect(range.from).toBe(ranges[at - 1]?.to);
    }
    return { back: hour - ranges[0]!.from + 1, to: ranges.at(-1)!.to - hour };
  };

  test.each([
    ["never counted, as far as runs are kept", null, 30, 29 * 24],
    ["never counted, and runs are kept for long", null, 400, 30 * 24],
    ["another day", new Date("2026-11-29T23:59:00Z"), 30, 29 * 24],
    ["another hour", new Date("2026-11-30T09:59:00Z"), 30, 26],
    ["this hour", new Date("2026-11-30T10:01:00Z"), 30, 3],
    ["runs that are kept for a day", null, 1, 3],
  ])("%s", (_, countedAt, keptDays, back) => {
    expect(spanOf(countedAt, keptDays)).toEqual({ back, to: 2 });
  });

  test("a window is whole days of UTC and today", () => {
    expect(windowOf(7, now)).toEqual({ from: new Date("2026-11-24T00:00:00Z"), to: new Date("2026-12-01T00:00:00Z") });
  });
});
