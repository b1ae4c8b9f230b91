import { describe, expect, test } from "vitest";

import { brokenCriteria, type Criteria, type Evidence, evaluateCriteria, promotionTo } from "./evidence";

const none: Evidence = {
  since: new Date("2026-04-01T00:00:00Z"),
  decisions: 0,
  days: 0,
  agreement: null,
  success: null,
  incidents: 0,
  refusalsShare: null,
};
const good: Evidence = { ...none, decisions: 200, days: 14, agreement: 0.98, success: 0.97, refusalsShare: 0.02 };
const criteria: Criteria = {
  min_decisions: 100,
  min_days: 7,
  min_agreement: 0.95,
  min_success: 0.9,
  max_incidents: 0,
  max_refusals_share: 0.05,
};

describe("evidence for a promotion", () => {
  test("every criterion must be met, exactly at its bound too", () => {
    expect(promotionTo(3, { to: 3, criteria }, good)).toMatchObject({ ok: true });
    expect(promotionTo(3, { to: 3, criteria }, { ...good, decisions: 100, agreement: 0.95 })).toMatchObject({
      ok: true,
    });
  });

  test.each([
    ["min_decisions", { decisions: 99 }],
    ["min_days", { days: 6 }],
    ["min_agreement", { agreement: 0.94 }],
    ["min_success", { success: 0.89 }],
    ["max_incidents", { incidents: 1 }],
    ["max_refusals_share", { refusalsShare: 0.06 }],
    ["min_agreement", { agreement: null }],
    ["max_refusals_share", { refusalsShare: null }],
    ["min_success", { success: Number.NaN }],
  ] as const)("%s is missed by %j, and only that is named", (name, worse) => {
    expect(promotionTo(3, { to: 3, criteria }, { ...good, ...worse })).toMatchObject({
      ok: false,
      why: "criteria_unmet",
      unmet: [{ name, met: false }],
    });
  });

  test("nothing lifts an agent above what its manifest fixed", () => {
    expect(promotionTo(4, { to: 3, criteria }, good)).toMatchObject({ ok: false, why: "above_promotion" });
  });

  test("says what is wanted and what there is", () => {
    expect(evaluateCriteria(criteria, good).map(({ sentence }) => sentence)).toEqual([
      "at least 100 decisions; now 200",
      "at least 7 days on which it worked; now 14",
      "at least 95.0 % of the requests people answered were approved; now 98.0 %",
      "at least 90.0 % of the outcomes reported were successes; now 97.0 %",
      "at most 0 incidents; now 0",
      "at most 5.0 % of its calls were denied or halted; now 2.0 %",
    ]);
    expect(evaluateCriteria({ min_success: 1 }, none)).toMatchObject([
      { met: false, sentence: "at least 100.0 % of the outcomes reported were successes; nothing is known yet" },
    ]);
  });
});

describe("evidence for a demotion", () => {
  test("what is no longer met breaks, once there is evidence enough", () => {
    const bad = { ...good, success: 0.5 };
    expect(brokenCriteria(criteria, good)).toEqual([]);
    expect(brokenCriteria(criteria, bad)).toMatchObject([{ name: "min_success" }]);
    expect(brokenCriteria(criteria, { ...bad, decisions: 3 })).toEqual([]);
    expect(brokenCriteria(criteria, none)).toEqual([]);
  });

  test("an incident counts from the first one", () => {
    expect(brokenCriteria(criteria, { ...none, incidents: 1 })).toMatchObject([{ name: "max_incidents" }]);
  });
});
