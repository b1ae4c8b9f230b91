import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { Outcome } from "./outcome";
import {
  settle,
  type SettledReport,
  settleOverdue,
  type Settlement,
  type StandingBudget,
  type StandingOutcome,
  type StandingSpend,
} from "./settle";

const report = (changes: Partial<SettledReport> = {}): SettledReport => {
  const outcome = changes.outcome ?? "success";
  return { outcome, claimed: outcome, resultHash: null, costMicros: null, tokens: null, ...changes };
};

const spend = (changes: Partial<StandingSpend> = {}): StandingSpend => ({
  reserved: 0,
  assumed: 0,
  settled: null,
  named: null,
  ...changes,
});

const standing = (changes: Partial<StandingOutcome> = {}): StandingOutcome => ({
  verdict: "allow",
  execution: "granted",
  known: null,
  cost: spend(),
  tokens: spend(),
  run: { state: "running", costMicros: 0, failures: 0, sameCalls: 0, lastResult: null },
  budgets: [],
  ...changes,
});

const runBudget = (changes: Partial<StandingBudget> = {}): StandingBudget => ({
  scope: "run",
  metric: "cost_micros",
  limit: 100,
  used: 0,
  reserved: 0,
  overrun: 0,
  ...changes,
});

function changeOf(settlement: Settlement, status: "recorded" | "added") {
  if (!("change" in settlement) || settlement.status !== status) throw new Error(`the report was ${settlement.status}`);
  return settlement.change;
}
const recorded = (settlement: Settlement) => changeOf(settlement, "recorded");
const added = (settlement: Settlement) => changeOf(settlement, "added");

describe("a report", () => {
  test.each(["deny", "halt", "require_approval", "recommend", ""])(
    "on a call that was answered %j is refused",
    (verdict) => {
      expect(settle(report(), standing({ verdict }))).toEqual({ status: "not_allowed" });
      expect(settle(report(), standing({ verdict, known: { claimed: "success", resultHash: null } }))).toEqual({
        status: "not_allowed",
      });
    },
  );

  test.each<[string, SettledReport, StandingOutcome["known"], "repeated" | "conflict"]>([
    ["the same again", report({ resultHash: "h" }), { claimed: "success", resultHash: "h" }, "repeated"],
    [
      "the same claim, whatever was made of it",
      report({ outcome: "failed_validation", claimed: "success" }),
      { claimed: "success", resultHash: null },
      "repeated",
    ],
    ["another claim", report({ outcome: "error" }), { claimed: "success", resultHash: null }, "conflict"],
    ["another result", report({ resultHash: "other" }), { claimed: "success", resultHash: "h" }, "conflict"],
    ["no result where there was one", report(), { claimed: "success", resultHash: "h" }, "conflict"],
  ])("%s after one was settled", (_name, given, known, status) => {
    expect(settle(given, standing({ known }))).toEqual({ status });
  });

  test.each<[Outcome, string, string, number]>([
    ["success", "succeeded", "success", 0],
    ["retry", "failed", "failure", 1],
    ["error", "failed", "failure", 1],
    ["failed_validation", "failed_validation", "failure", 1],
    ["human_review_required", "failed", "neither", 0],
    ["unknown", "unknown", "neither", 0],
  ])("of %s makes the call %s and counts as %s", (outcome, execution, result, failures) => {
    expect(recorded(settle(report({ outcome }), standing()))).toMatchObject({ execution, result, run: { failures } });
  });

  test("covers every outcome in the table above", () => {
    expect(Outcome.options.toSorted()).toEqual(
      ["success", "retry", "error", "failed_validation", "human_review_required", "unknown"].toSorted(),
    );
  });

  test.each<[string | null, SettledReport, number]>([
    [null, report(), 2],
    ["success ", report(), 2],
    ["success h", report({ resultHash: "h" }), 2],
    ["success h", report({ resultHash: "other" }), 0],
    ["error ", report(), 0],
  ])("after the result %j: another one ends a loop, the same one does not", (lastResult, given, sameCalls) => {
    const run = { ...standing().run, lastResult, sameCalls: 2 };
    expect(recorded(settle(given, standing({ run }))).run.sameCalls).toBe(sameCalls);
  });
});

describe("what a call really cost", () => {
  const held = { cost: spend({ reserved: 30, assumed: 30 }), tokens: spend({ reserved: 7, assumed: 7 }) };
  const run = { ...standing().run, costMicros: 30 };

  test("replaces what it held", () => {
    const budgets = [runBudget({ used: 20, reserved: 30 })];
    const settlement = recorded(settle(report({ costMicros: 10 }), standing({ ...held, run, budgets })));
    expect(settlement.budgets).toEqual([{ scope: "run", metric: "cost_micros", used: 30, reserved: 0, overrun: 0 }]);
    expect(settlement).toMatchObject({ halt: null, run: { costMicros: 10 }, cost: { settled: 10, named: 10 } });
  });

  test.each(Outcome.options)("is what is assumed when the report of %s does not say", (outcome) => {
    const budgets = [
      runBudget({ reserved: 30 }),
      runBudget({ scope: "agent", metric: "tokens", reserved: 7, used: 1 }),
    ];
    const settlement = recorded(settle(report({ outcome }), standing({ ...held, run, budgets })));
    expect(settlement.budgets).toMatchObject([
      { used: 30, reserved: 0 },
      { used: 8, reserved: 0 },
    ]);
    expect(settlement).toMatchObject({ run: { costMicros: 30 }, cost: { settled: 30, named: null } });
    const share = { ...held, cost: spend({ reserved: 30 }) };
    const freed = recorded(settle(report({ outcome }), standing({ ...share, run, budgets })));
    expect(freed).toMatchObject({ run: { costMicros: 0 }, budgets: [{ used: 0, reserved: 0 }, { used: 8 }] });
  });

  test.each([Number.NaN, -5, Number.POSITIVE_INFINITY, 1e308, 0.5])("is not %d: that says nothing", (costMicros) => {
    const budgets = [runBudget({ reserved: 30 })];
    const settlement = recorded(settle(report({ costMicros }), standing({ ...held, run, budgets })));
    expect(settlement).toMatchObject({
      run: { costMicros: 30 },
      cost: { settled: 30, named: null },
      budgets: [{ used: 30 }],
    });
    const known = { claimed: "success", resultHash: null };
    const settled = { ...held, cost: spend({ reserved: 30, settled: 30, named: 30 }) };
    expect(settle(report({ costMicros }), standing({ ...settled, known }))).toEqual({ status: "repeated" });
  });

  test("beyond the run's bound halts the run, and is kept apart from what the bound had room for", () => {
    const budgets = [runBudget({ used: 60, reserved: 50 })];
    const settlement = recorded(settle(report({ costMicros: 40 }), standing({ ...held, run, budgets })));
    expect(settlement.budgets).toEqual([{ scope: "run", metric: "cost_micros", used: 80, reserved: 20, overrun: 20 }]);
    expect(settlement.halt).toMatchObject({ rule: "execution.max_cost_usd", code: "max_cost_usd" });
  });

  test.each(["halted", "ended"] as const)("beyond the bound of a run that is %s halts nothing", (state) => {
    const budgets = [runBudget({ reserved: 30 })];
    const given = standing({ ...held, run: { ...run, state }, budgets });
    expect(recorded(settle(report({ costMicros: 1_000 }), given)).halt).toBeNull();
  });

  test("beyond the agent's day halts nothing by itself", () => {
    const budgets = [runBudget({ scope: "agent", limit: 10, reserved: 30 })];
    const settlement = recorded(settle(report({ costMicros: 90 }), standing({ ...held, run, budgets })));
    expect(settlement).toMatchObject({ halt: null, budgets: [{ used: 10, overrun: 80 }] });
  });
});

describe("a report after the outcome", () => {
  const known = { claimed: "success", resultHash: "h" };
  const run = { ...standing().run, costMicros: 30, lastResult: "success h", failures: 2, sameCalls: 1 };
  const settled = (changes: Partial<StandingOutcome> = {}) =>
    standing({
      known,
      run,
      execution: "succeeded",
      cost: spend({ reserved: 50, settled: 30, named: 30 }),
      tokens: spend({ reserved: 7, settled: 0 }),
      budgets: [runBudget({ used: 40, reserved: 20 }), runBudget({ scope: "agent", metric: "tokens", used: 3 })],
      ...changes,
    });

  test.each<[string, Partial<SettledReport>]>([
    ["the same amount", { costMicros: 30 }],
    ["less", { costMicros: 5 }],
    ["nothing", { costMicros: 0 }],
  ])("of %s changes nothing", (_name, changes) => {
    expect(settle(report({ resultHash: "h", ...changes }), settled())).toEqual({ status: "repeated" });
  });

  test("of more adds the difference, need not bring the result again, and leaves the outcome as it is", () => {
    const change = added(settle(report({ costMicros: 45, tokens: 9 }), settled()));
    expect(change).toEqual({
      execution: null,
      cost: { settled: 45, named: 45 },
      tokens: { settled: 9, named: 9 },
      budgets: [
        { scope: "run", metric: "cost_micros", used: 55, reserved: 20, overrun: 0 },
        { scope: "agent", metric: "tokens", used: 12, reserved: 0, overrun: 0 },
      ],
      halt: null,
      run: { costMicros: 45, failures: 2, sameCalls: 1, lastResult: "success h" },
      result: "neither",
    });
  });

  test("that passes the run's bound halts it", () => {
    expect(added(settle(report({ costMicros: 100 }), settled()))).toMatchObject({
      halt: { code: "max_cost_usd" },
      budgets: [{ used: 80, reserved: 20, overrun: 30 }, {}],
      run: { costMicros: 100 },
    });
  });

  test("of less than was assumed is noted and takes nothing back", () => {
    const assumed = settled({ cost: spend({ reserved: 30, assumed: 30, settled: 30 }) });
    expect(added(settle(report({ costMicros: 10 }), assumed))).toMatchObject({
      cost: { settled: 30, named: 10 },
      run: { costMicros: 30 },
      budgets: [{ used: 40, reserved: 20 }, {}],
    });
  });

  test("of another claim or result is refused, whatever it names", () => {
    expect(settle(report({ outcome: "error", costMicros: 90 }), settled())).toEqual({ status: "conflict" });
    expect(settle(report({ resultHash: "other", costMicros: 90 }), settled())).toEqual({ status: "conflict" });
  });
});

describe("a call whose outcome never came", () => {
  const run = { ...standing().run, costMicros: 30, failures: 1, sameCalls: 2, lastResult: "success " };
  const open = (assumed: number) =>
    standing({ run, cost: spend({ reserved: 30, assumed }), budgets: [runBudget({ used: 5, reserved: 40 })] });

  test.each([
    [0, 5],
    [30, 35],
  ])("settles at what is assumed: %d", (assumed, used) => {
    const change = settleOverdue(open(assumed), "unreported");
    expect(change).toMatchObject({
      execution: "unreported",
      cost: { settled: assumed, named: null },
      budgets: [{ used, reserved: 10, overrun: 0 }],
      run: { costMicros: assumed, failures: 1, sameCalls: 2, lastResult: "success " },
      result: "neither",
      halt: null,
    });
  });

  test.each(["succeeded", "failed", "failed_validation", "unknown", "unreported", null] as const)(
    "is not one that is %s",
    (execution) => {
      expect(settleOverdue({ ...open(0), execution }, "unknown")).toBeNull();
    },
  );

  test("and came after all: what it names stands in place of what was assumed, up or down", () => {
    const swept = standing({
      execution: "unreported",
      run,
      cost: spend({ reserved: 30, assumed: 30, settled: 30 }),
      budgets: [runBudget({ used: 35, reserved: 10 })],
    });
    expect(recorded(settle(report({ costMicros: 10 }), swept))).toMatchObject({
      run: { costMicros: 10 },
      budgets: [{ used: 15, reserved: 10 }],
    });
    expect(recorded(settle(report({ costMicros: 50 }), swept))).toMatchObject({
      budgets: [{ used: 55, reserved: 10 }],
    });
    expect(recorded(settle(report(), swept))).toMatchObject({ budgets: [{ used: 35, reserved: 10 }] });
  });
});

test("whatever is reported, nothing spent is lost, no bound is passed, and no other call's share is touched", () => {
  const amount = fc.nat({ max: 1_000 });
  const budget = fc.record({
    scope: fc.constantFrom("run" as const, "agent" as const),
    metric: fc.constantFrom("cost_micros" as const, "tokens" as const),
    limit: amount,
    used: amount,
    reserved: amount,
    overrun: fc.constant(0),
  });
  const spent = fc.option(fc.nat({ max: 3_000 }));
  const held = fc.record({
    reserved: amount,
    assumed: amount,
    settled: fc.constant(null),
    named: fc.constant(null),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...Outcome.options),
      spent,
      spent,
      fc.record({ cost: held, tokens: held, budgets: fc.array(budget, { maxLength: 4 }) }),
      (outcome, costMicros, tokens, given) => {
        const { budgets } = recorded(settle(report({ outcome, costMicros, tokens }), standing(given)));
        expect(budgets).toHaveLength(given.budgets.length);
        for (const [index, before] of given.budgets.entries()) {
          const after = budgets[index];
          if (after === undefined) throw new Error("a budget is missing");
          const isMoney = before.metric === "cost_micros";
          const { reserved, assumed } = isMoney ? given.cost : given.tokens;
          const actual = (isMoney ? costMicros : tokens) ?? assumed;
          expect(after.used - before.used + after.overrun).toBe(actual);
          expect(after.reserved).toBe(Math.max(0, before.reserved - reserved));
          expect(after.overrun).toBeGreaterThanOrEqual(0);
          if (before.used + before.reserved <= before.limit)
            expect(after.used + after.reserved).toBeLessThanOrEqual(before.limit);
        }
      },
    ),
  );
});
