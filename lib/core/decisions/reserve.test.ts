import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { UNBOUNDED } from "@/lib/core/manifests/compile";

import { applyBounds, FIRST_CALL } from "./bounds";
import { assumedOf, NO_RESERVES, reservesOf, wantsUsual } from "./reserve";
import type { Reserve, RunBounds, RunFacts, UsualSpend } from "./schema";
import { settle, settleOverdue, type StandingBudget, type StandingOutcome, type StandingSpend } from "./settle";

type Estimate = { readonly cost_usd?: number; readonly tokens?: number } | null;

const bounded = (changes: Partial<RunBounds> = {}): RunBounds => ({
  ...UNBOUNDED,
  maxCostMicros: 1_000_000,
  ...changes,
});
const reserves = (
  bounds: RunBounds,
  {
    estimate = null,
    run = {},
    usual = null,
  }: { estimate?: Estimate; run?: Partial<RunFacts>; usual?: UsualSpend | null },
) => reservesOf({ estimate }, { bounds, run: { ...FIRST_CALL, ...run }, usual });

const day = { maxCostMicros: null, dailyCostMicros: 500_000 };
const usual = { costMicros: 400_000, tokens: 90 };
const withDefault = { defaultMicros: 50_000, defaultTokens: 30 };

describe("what a call holds of money", () => {
  test.each<[string, RunBounds, Parameters<typeof reserves>[1], number, Reserve["by"]]>([
    [
      "its estimate, to the micro-dollar",
      bounded(withDefault),
      { estimate: { cost_usd: 0.3 }, usual },
      300_000,
      "estimate",
    ],
    ["its estimate, though nothing is bounded", UNBOUNDED, { estimate: { cost_usd: 0.3 } }, 300_000, "estimate"],
    ["its estimate, though more than is left", bounded(), { estimate: { cost_usd: 3 } }, 3_000_000, "estimate"],
    ["what the tool usually costs", bounded(withDefault), { usual }, 400_000, "usual"],
    ["that, when it says zero", bounded(withDefault), { usual, estimate: { cost_usd: 0 } }, 400_000, "usual"],
    ["that, when it says only tokens", bounded(withDefault), { usual, estimate: { tokens: 5 } }, 400_000, "usual"],
    ["the default", bounded(withDefault), { estimate: { cost_usd: 0 } }, 50_000, "default"],
    [
      "the default, where the usual is unknown",
      bounded(withDefault),
      { usual: { costMicros: null, tokens: 9 } },
      50_000,
      "default",
    ],
    [
      "the default, where the usual is nothing",
      bounded(withDefault),
      { usual: { costMicros: 0, tokens: 9 } },
      50_000,
      "default",
    ],
    ["a tenth of the limit, where steps are unbounded", bounded(), {}, 100_000, "share"],
    ["a tenth of the limit, whatever was spent", bounded(), { run: { costMicros: 800_000 } }, 100_000, "share"],
    ["what is left, where that is less", bounded(), { run: { costMicros: 999_999 } }, 1, "share"],
    ["nothing, where nothing is left", bounded(), { run: { costMicros: 1_000_000 } }, 0, "share"],
    ["nothing, where more was spent than there is", bounded(), { run: { costMicros: 1_200_000 } }, 0, "share"],
    ["what is left by the steps left", bounded({ maxSteps: 20 }), {}, 50_000, "share"],
    ["the same later", bounded({ maxSteps: 20 }), { run: { steps: 15, costMicros: 400_000 } }, 120_000, "share"],
    [
      "all that is left at the last step",
      bounded({ maxSteps: 20 }),
      { run: { steps: 19, costMicros: 400_000 } },
      600_000,
      "share",
    ],
    [
      "what people added counts too",
      bounded({ maxSteps: 1 }),
      { run: { extraSteps: 4, extraCostMicros: 500_000 } },
      300_000,
      "share",
    ],
    ["a tenth of the day", { ...UNBOUNDED, ...day }, {}, 50_000, "share"],
    ["the smaller share of run and day", bounded({ dailyCostMicros: 500_000 }), {}, 50_000, "share"],
    ["the smaller share of day and run", bounded({ maxSteps: 100, dailyCostMicros: 500_000 }), {}, 10_000, "share"],
    ["at least the least there is", bounded({ maxCostMicros: 3 }), {}, 1, "share"],
    ["nothing, where nothing is bounded", { ...UNBOUNDED, ...withDefault }, { usual }, 0, "none"],
  ])("%s", (_name, bounds, given, amount, by) => {
    expect(reserves(bounds, given).cost).toEqual({ amount, by });
  });
});

describe("what a call holds of tokens", () => {
  const bounds = { ...UNBOUNDED, dailyTokens: 1_000 };
  test.each<[string, RunBounds, Parameters<typeof reserves>[1], number, Reserve["by"]]>([
    ["its estimate", bounds, { estimate: { tokens: 7 }, usual }, 7, "estimate"],
    ["what the tool usually uses", { ...bounds, ...withDefault }, { estimate: { tokens: 0 }, usual }, 90, "usual"],
    ["the default", { ...bounds, ...withDefault }, {}, 30, "default"],
    ["a tenth of the day", bounds, {}, 100, "share"],
    ["what is left of the day", bounds, { run: { dayTokens: 950 } }, 50, "share"],
    ["nothing, where only money is bounded", bounded(withDefault), { usual }, 0, "none"],
  ])("%s", (_name, given, asked, amount, by) => {
    expect(reserves(given, asked).tokens).toEqual({ amount, by });
  });
});

test("only what was said or is known is assumed to be spent when nobody says", () => {
  const assumed = (["estimate", "usual", "default", "share", "none"] as const).map((by) =>
    assumedOf({ amount: 5, by }),
  );
  expect(assumed).toEqual([5, 5, 0, 0, 0]);
});

test("the usual is looked up only where it could matter", () => {
  expect(wantsUsual({ estimate: null }, UNBOUNDED)).toBe(false);
  expect(wantsUsual({ estimate: null }, bounded())).toBe(true);
  expect(wantsUsual({ estimate: { cost_usd: 0 } }, bounded())).toBe(true);
  expect(wantsUsual({ estimate: { cost_usd: 0.1 } }, bounded())).toBe(false);
  expect(wantsUsual({ estimate: { cost_usd: 0.1 } }, bounded({ dailyTokens: 5 }))).toBe(true);
  expect(wantsUsual({ estimate: { cost_usd: 0.1, tokens: 1 } }, bounded({ dailyTokens: 5 }))).toBe(false);
});

/** One run of one agent with a budget of the run and two of the day, booked as the commit books them. */
class Books {
  readonly calls: {
    cost: StandingSpend;
    tokens: StandingSpend;
    known: StandingOutcome["known"];
    execution: StandingOutcome["execution"];
  }[] = [];
  budgets: StandingBudget[];
  run: RunFacts = FIRST_CALL;

  constructor(readonly bounds: RunBounds) {
    const empty = { used: 0, reserved: 0, overrun: 0 };
    const budget = (scope: "run" | "agent", metric: "cost_micros" | "tokens", limit: number | null) =>
      limit === null ? [] : [{ scope, metric, limit, ...empty }];
    this.budgets = [
      ...budget("run", "cost_micros", bounds.maxCostMicros),
      ...budget("agent", "cost_micros", bounds.dailyCostMicros),
      ...budget("agent", "tokens", bounds.dailyTokens),
    ];
  }

  call(estimate: Estimate, known: UsualSpend | null): boolean {
    const held = reservesOf({ estimate }, { bounds: this.bounds, run: this.run, usual: known });
    const verdict = applyBounds({ bounds: this.bounds, reserves: held, isSingleUse: false }, this.run).verdict;
    this.run = { ...this.run, steps: this.run.steps + 1 };
    if (verdict !== "allow") return false;
    this.budgets = this.budgets.map((budget) => ({
      ...budget,
      reserved: budget.reserved + (budget.metric === "tokens" ? held.tokens : held.cost).amount,
    }));
    const open = (reserve: Reserve) => ({
      reserved: reserve.amount,
      assumed: assumedOf(reserve),
      settled: null,
      named: null,
    });
    this.calls.push({ cost: open(held.cost), tokens: open(held.tokens), known: null, execution: "granted" });
    this.recount();
    return true;
  }

  settle(index: number, costMicros: number | null, tokens: number | null, isReport: boolean): void {
    const call = this.calls[index % Math.max(1, this.calls.length)];
    if (call === undefined) return;
    const run = {
      state: "running" as const,
      costMicros: this.run.costMicros,
      failures: 0,
      sameCalls: 0,
      lastResult: null,
    };
    const standing: StandingOutcome = { verdict: "allow", ...call, run, budgets: this.budgets };
    const report = { outcome: "success" as const, claimed: "success" as const, resultHash: null, costMicros, tokens };
    const settlement = isReport ? settle(report, standing) : null;
    const change =
      settlement === null ? settleOverdue(standing, "unreported") : "change" in settlement ? settlement.change : null;
    if (change === null) return;
    Object.assign(call, { cost: { ...call.cost, ...change.cost }, tokens: { ...call.tokens, ...change.tokens } });
    if (change.execution !== null) call.execution = change.execution;
    if (isReport) call.known = { claimed: "success", resultHash: null };
    this.budgets = this.budgets.map((budget, at) => {
      const { used = 0, reserved = 0, overrun = 0 } = change.budgets[at] ?? {};
      return { ...budget, used, reserved, overrun: budget.overrun + overrun };
    });
    this.recount();
    if (change.run.costMicros !== this.run.costMicros) throw new Error("the run books another amount than its calls");
  }

  /** What the calls hold and have spent, added up anew. */
  private recount(): void {
    const sum = (metric: "cost" | "tokens") =>
      this.calls.reduce((total, call) => total + (call[metric].settled ?? call[metric].reserved), 0);
    this.run = { ...this.run, costMicros: sum("cost"), dayCostMicros: sum("cost"), dayTokens: sum("tokens") };
  }
}

describe("any order of calls, reports and repeats", () => {
  const limit = (most: number) => fc.option(fc.nat({ max: most }));
  const anyBounds = fc.record({
    maxSteps: fc.option(fc.integer({ min: 1, max: 30 })),
    maxCostMicros: limit(2_000),
    dailyCostMicros: limit(2_000),
    dailyTokens: limit(2_000),
    defaultMicros: fc.option(fc.integer({ min: 1, max: 500 })),
    defaultTokens: fc.option(fc.integer({ min: 1, max: 500 })),
  });
  const anyAmount = fc.option(fc.oneof(fc.nat({ max: 900 }), fc.constantFrom(0, -5, Number.NaN, 1e308)));
  const anyStep = fc.oneof(
    fc.record({
      estimate: fc.option(
        fc.record({ cost_usd: fc.nat({ max: 400 }).map((n) => n / 1e6), tokens: fc.nat({ max: 400 }) }),
      ),
      usual: fc.option(
        fc.record({ costMicros: fc.option(fc.nat({ max: 400 })), tokens: fc.option(fc.nat({ max: 400 })) }),
      ),
    }),
    fc.record({
      call: fc.nat({ max: 40 }),
      cost: anyAmount,
      tokens: anyAmount,
      isReport: fc.boolean(),
      times: fc.constantFrom(1, 2),
    }),
  );

  test("never holds and uses more than a limit, and never loses what was spent", () => {
    fc.assert(
      fc.property(anyBounds, fc.array(anyStep, { maxLength: 60 }), (bounds, steps) => {
        const books = new Books({ ...UNBOUNDED, ...bounds });
        for (const step of steps) {
          if ("call" in step)
            for (let time = 0; time < step.times; time += 1)
              books.settle(step.call, step.cost, step.tokens, step.isReport);
          else books.call(step.estimate, step.usual);
          for (const { used, reserved, limit: most, overrun, metric } of books.budgets) {
            expect(used + reserved).toBeLessThanOrEqual(most);
            expect(Math.min(used, reserved, overrun)).toBeGreaterThanOrEqual(0);
            expect(used + reserved + overrun).toBe(metric === "tokens" ? books.run.dayTokens : books.run.costMicros);
          }
          for (const { cost, known } of books.calls)
            if (known !== null) expect(cost.settled).toBeGreaterThanOrEqual(cost.named ?? 0);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("an agent that never says what its calls may cost uses its whole budget, one call after the other", () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 5, max: 30 })),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 5 }),
        (maxSteps, costs) => {
          const books = new Books(bounded({ maxCostMicros: 1_000, maxSteps }));
          let spent = 0;
          for (const [index, cost] of costs.entries()) {
            const fits = spent < 1_000 && (maxSteps === null || index < maxSteps);
            expect(books.call(null, null)).toBe(fits);
            if (!fits) return;
            books.settle(index, cost, null, true);
            spent += cost;
          }
        },
      ),
    );
  });

  test("twenty calls at once that say nothing hold no more than there is", () => {
    const passing = (bounds: RunBounds, known: UsualSpend | null = null) => {
      const books = new Books(bounds);
      return Array.from({ length: 20 }, () => books.call(null, known)).filter(Boolean).length;
    };
    expect(passing(bounded())).toBe(10);
    expect(passing(bounded({ defaultMicros: 400_000 }))).toBe(2);
    expect(passing(bounded({ defaultMicros: 50_000 }), usual)).toBe(2);
    expect(passing({ ...UNBOUNDED, dailyCostMicros: 1_000_000 })).toBe(10);
    expect(passing({ ...UNBOUNDED, dailyTokens: 1_000 })).toBe(10);
    expect(passing({ ...UNBOUNDED, dailyTokens: 1_000 }, { costMicros: null, tokens: 400 })).toBe(2);
    expect(passing(UNBOUNDED)).toBe(20);
  });

  test("holding nothing is one value", () => {
    expect(reserves(UNBOUNDED, {})).toEqual(NO_RESERVES);
  });
});
