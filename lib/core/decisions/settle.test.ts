import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { Outcome } from "./outcome";
import { settle, type SettledReport, type Settlement, type StandingBudget, type StandingOutcome } from "./settle";

const report = (changes: Partial<SettledReport> = {}): SettledReport => {
  const outcome = changes.outcome ?? "success";
  return { outcome, claimed: outcome, resultHash: null, costMicros: null, tokens: null, ...changes };
};

const standing = (changes: Partial<StandingOutcome> = {}): StandingOutcome => ({
  verdict: "allow",
  known: null,
  reservedMicros: 0,
  reservedTokens: 0,
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
  ...changes,
});

function recorded(settlement: Settlement) {
  if (settlement.status !== "recorded") throw new Error(`the report was ${settlement.status}`);
  return settlement;
}

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
  const held = { reservedMicros: 30, reservedTokens: 7 };
  const run = { ...standing().run, costMicros: 30 };

  test("replaces what it held", () => {
    const budgets = [runBudget({ used: 20, reserved: 30 })];
    const settlement = recorded(settle(report({ costMicros: 10 }), standing({ ...held, run, budgets })));
    expect(settlement.budgets).toEqual([{ scope: "run", metric: "cost_micros", used: 30, reserved: 0, overrun: 0 }]);
    expect(settlement).toMatchObject({ halt: null, run: { costMicros: 10 } });
  });

  test("is what it held when the report does not say", () => {
    const budgets = [
      runBudget({ reserved: 30 }),
      runBudget({ scope: "agent", metric: "tokens", reserved: 7, used: 1 }),
    ];
    const settlement = recorded(settle(report(), standing({ ...held, run, budgets })));
    expect(settlement.budgets).toMatchObject([
      { used: 30, reserved: 0 },
      { used: 8, reserved: 0 },
    ]);
    expect(settlement.run.costMicros).toBe(30);
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

test("whatever is reported, nothing spent is lost, no bound is passed, and no other call's share is touched", () => {
  const amount = fc.nat({ max: 1_000 });
  const budget = fc.record({
    scope: fc.constantFrom("run" as const, "agent" as const),
    metric: fc.constantFrom("cost_micros" as const, "tokens" as const),
    limit: amount,
    used: amount,
    reserved: amount,
  });
  const spent = fc.option(fc.nat({ max: 3_000 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...Outcome.options),
      spent,
      spent,
      fc.record({ reservedMicros: amount, reservedTokens: amount, budgets: fc.array(budget, { maxLength: 4 }) }),
      (outcome, costMicros, tokens, given) => {
        const { budgets } = recorded(settle(report({ outcome, costMicros, tokens }), standing(given)));
        expect(budgets).toHaveLength(given.budgets.length);
        for (const [index, before] of given.budgets.entries()) {
          const after = budgets[index];
          if (after === undefined) throw new Error("a budget is missing");
          const isMoney = before.metric === "cost_micros";
          const held = isMoney ? given.reservedMicros : given.reservedTokens;
          const actual = (isMoney ? costMicros : tokens) ?? held;
          expect(after.used - before.used + after.overrun).toBe(actual);
          expect(after.reserved).toBe(Math.max(0, before.reserved - held));
          expect(after.overrun).toBeGreaterThanOrEqual(0);
          if (before.used + before.reserved <= before.limit)
            expect(after.used + after.reserved).toBeLessThanOrEqual(before.limit);
        }
      },
    ),
  );
});
