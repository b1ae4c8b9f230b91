import { describe, expect, test } from "vitest";

import { bandOf, classRisk } from "./class-risk";
import { FIRST_CALL } from "./bounds";
import { assessRisk, type RiskInput } from "./risk";
import { DEFAULT_WEIGHTS } from "./risk-weights";
import { Call } from "./schema";

const call = (given: object = {}) => Call.parse({ session_id: "s", run_id: "r", tool: "t", ...given });
const HISTORY = {
  uses: 40,
  rowsP99: 10,
  amountP99: 50,
  approvedThenRolledBack: 0,
  approved: 20,
  targetSeen: true,
};
const REACH = { environments: ["staging"], hosts: ["api.example.com"], domains: ["example.com"], scopes: ["a"] };

const assess = (given: Partial<RiskInput> = {}) =>
  assessRisk({
    base: classRisk(DEFAULT_WEIGHTS, "irreversible", "medium").production,
    reversibility: "irreversible",
    weights: DEFAULT_WEIGHTS,
    call: call({ effect: { kind: "text", after: "x" } }),
    contextAge: null,
    run: FIRST_CALL,
    history: HISTORY,
    reach: REACH,
    ...given,
  });
const whys = (given: Partial<RiskInput>) => assess(given).risk.factors.map(({ why, points }) => `${points} ${why}`);

describe("assessRisk", () => {
  test("names every factor with its points, and their sum is the score", () => {
    const { risk } = assess();

    expect(risk).toEqual({
      score: 38,
      band: "elevated",
      factors: [
        { points: 20, why: "cannot be reversed" },
        { points: 10, why: "medium blast radius" },
        { points: 8, why: "runs in production" },
      ],
    });
  });

  test.each<[string, Partial<RiskInput>, string]>([
    [
      "rows over the usual",
      { call: call({ effect: { kind: "rows", total: 11 } }) },
      "8 11 rows, where 99 of 100 calls touch at most 10",
    ],
    [
      "rows far over the usual",
      { call: call({ args: { ids: Array.from({ length: 31 }, (_, i) => i) } }) },
      "16 31 rows, where 99 of 100 calls touch at most 10",
    ],
    [
      "rows outside the intent",
      { call: call({ effect: { kind: "rows", total: 10, intended: { count: 8 } } }) },
      "15 2 of 10 selected rows are outside the stated intent",
    ],
    ["a first use", { history: { ...HISTORY, uses: 0 } }, "6 first use of this tool by this agent in 30 days"],
    ["no history", { history: null }, "4 no history is known for this tool"],
    [
      "regret",
      { history: { ...HISTORY, approvedThenRolledBack: 1 } },
      "6 1 of 20 approved calls in 30 days failed, were rolled back or were regretted",
    ],
    [
      "much regret",
      { history: { ...HISTORY, approvedThenRolledBack: 2 } },
      "12 2 of 20 approved calls in 30 days failed, were rolled back or were regretted",
    ],
    ["a refusal", { run: { ...FIRST_CALL, refusals: 1 } }, "4 1 call of this run was refused before"],
    ["many refusals", { run: { ...FIRST_CALL, refusals: 7 } }, "12 7 calls of this run were refused before"],
    ["old context", { contextAge: 0.95 }, "5 the context it rests on is about to expire"],
    ["fresh context", { contextAge: 0.1 }, "-4 the context it rests on is fresh"],
    ["no dry run", { call: call() }, "3 no dry run shows what it would do"],
    [
      "an amount over the usual",
      { call: call({ args: { total: 60 } }) },
      "8 `total` is 60, where 99 of 100 calls are at most 50",
    ],
    [
      "an amount far over the usual",
      { call: call({ args: { amount: 20, refund_amount: -160 } }) },
      "16 `refund_amount` is 160, where 99 of 100 calls are at most 50",
    ],
    [
      "a first use on this target",
      { call: call({ args: { customer_id: "C-1" } }), history: { ...HISTORY, targetSeen: false } },
      "3 first use of this tool on this target by this agent in 30 days",
    ],
    [
      "a target of which nothing is known",
      { call: call({ args: { to: "a@example.com" } }), history: { ...HISTORY, targetSeen: null } },
      "3 first use of this tool on this target by this agent in 30 days",
    ],
    [
      "a wider environment",
      { call: call({ args: { env: "prod" } }) },
      "8 reaches an environment that earlier calls of this run did not",
    ],
    [
      "a new host",
      { call: call({ args: { url: "https://api.example.com@evil.example/x" } }) },
      "8 reaches a host that earlier calls of this run did not",
    ],
    [
      "a new recipient's domain",
      { call: call({ args: { cc: ["a@example.com", "b@evil.example"] } }) },
      "8 reaches a recipient's domain that earlier calls of this run did not",
    ],
    [
      "a new scope",
      { call: call({ args: { scope: "b" } }) },
      "8 reaches a scope that earlier calls of this run did not",
    ],
    ["a large amount", { call: call({ args: { amount: 2_500 } }) }, "6 `amount` is 1000 or more"],
    [
      "an amount that is no number",
      { call: call({ args: { amount: "9" } }) },
      "12 `amount` is 10000 or more, or no number",
    ],
  ])("counts %s", (_what, given, factor) => {
    expect(whys(given)).toContain(factor);
  });

  test.each([
    [{ env: "dev" }],
    [{ environment: "staging" }],
    [{ url: "https://API.example.com:443/x", to: "A <a@Example.com>", scope: ["a"] }],
    [{ note: "evil.example", number: 7 }],
  ])("does not call %j wider", (args) => {
    expect(whys({ call: call({ args }) }).filter((why) => why.includes("reaches"))).toEqual([]);
  });

  test("never leaves 0 to 100, and bands it", () => {
    const worst = assess({
      base: classRisk(DEFAULT_WEIGHTS, "irreversible", "high").production,
      call: call({ args: { amount: 1e9 }, effect: { kind: "rows", total: 500, intended: { count: 1 } } }),
      run: { ...FIRST_CALL, refusals: 9 },
      history: { ...HISTORY, uses: 0, rowsP99: 1, approvedThenRolledBack: 9, approved: 9 },
    });
    const least = assess({ base: classRisk(DEFAULT_WEIGHTS, "read", "none").development, contextAge: 0.1 });

    expect([worst.risk.score, least.risk.score]).toEqual([100, 0]);
    expect([0, 24, 25, 49, 50, 74, 75, 100].map(bandOf).join(" ")).toBe(
      "low low elevated elevated high high critical critical",
    );
  });

  test("gates on what is not known at its worst, and on nothing that lowers the score", () => {
    expect(assess().gate).toBe(38);
    expect(assess({ contextAge: 0.1 })).toMatchObject({ risk: { score: 34 }, gate: 43 });
    expect(assess({ history: null })).toMatchObject({ risk: { score: 42 }, gate: 38 + 16 + 6 + 12 });
    expect(assess({ run: null }).gate).toBe(38 + 12);
    expect(assess({ reach: null }).gate).toBe(38 + 8);
  });

  test("rates a harmless read low, an e-mail elevated and a bulk delete beyond its intent critical", () => {
    const nothing = { run: null, history: null, reach: null, contextAge: null };
    const read = assess({
      ...nothing,
      base: classRisk(DEFAULT_WEIGHTS, "read", "none").production,
      reversibility: "read",
      call: call(),
    });
    const mail = assess({
      ...nothing,
      base: classRisk(DEFAULT_WEIGHTS, "irreversible", "low").production,
      call: call(),
    });
    const bulk = assess({
      ...nothing,
      base: classRisk(DEFAULT_WEIGHTS, "irreversible", "high").production,
      call: call({ effect: { kind: "rows", total: 214, intended: { count: 31 } } }),
    });

    expect([read, mail, bulk].map(({ risk }) => `${risk.score} ${risk.band}`)).toEqual([
      "12 low",
      "40 elevated",
      "77 critical",
    ]);
  });

  test("takes a manifest's own weights", () => {
    const weights = { ...DEFAULT_WEIGHTS, reversibility: 60, blast_radius: 0, environment: 0 };

    expect(assess({ weights, base: classRisk(weights, "irreversible", "medium").production }).risk).toMatchObject({
      score: 60,
      factors: [{ points: 60, why: "cannot be reversed" }],
    });
  });
});
