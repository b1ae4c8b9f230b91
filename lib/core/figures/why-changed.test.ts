import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { ChangeTerm } from "./spend";
import { type CallsOf, type ChangePeriod, whyChanged } from "./why-changed";

const calls = (change: Partial<CallsOf> = {}): CallsOf => ({
  agent: "a",
  model: "small",
  costPicos: 1_000_000n,
  retryPicos: 0n,
  calls: 100n,
  retries: 0n,
  input: 10_000n,
  cached: 0n,
  output: 1_000n,
  ...change,
});
const period = (runs: bigint, ...all: readonly CallsOf[]): ChangePeriod => ({
  calls: all,
  runs: new Map([["a", runs]]),
});

function termsOf(before: ChangePeriod, now: ChangePeriod): Partial<Record<ChangeTerm, string>> {
  const moved = whyChanged(before, now).terms.filter(({ picos }) => picos !== "0");
  return Object.fromEntries(moved.map(({ term, picos }) => [term, picos]));
}

describe("why spend changed", () => {
  const before = period(10n, calls());

  test("names the one thing that changed", () => {
    const double = { calls: 200n, input: 20_000n, output: 2_000n, costPicos: 2_000_000n };
    expect(termsOf(before, period(20n, calls(double)))).toEqual({ volume: "1000000" });
    expect(termsOf(before, period(10n, calls(double)))).toEqual({ steps: "1000000" });
    const longer = { input: 20_000n, output: 2_000n, costPicos: 2_000_000n };
    expect(termsOf(before, period(10n, calls(longer)))).toEqual({ tokens: "1000000" });
    expect(termsOf(before, period(10n, calls({ costPicos: 800_000n })))).toEqual({ price: "-200000" });
    expect(termsOf(before, period(10n, calls({ costPicos: 1_300_000n, retryPicos: 300_000n })))).toEqual({
      retries: "300000",
    });
    // 10,000 in and 1,000 out, which cost four times as much: 14,000. Half of the input at a tenth: 9,500.
    const cached = { cached: 5_000n, costPicos: 678_571n };
    expect(termsOf(before, period(10n, calls(cached)))).toEqual({ cache: "-321429" });
  });

  test("takes a model that comes in for the mix, and an agent that comes in for volume", () => {
    const half = calls({ calls: 50n, input: 5_000n, output: 500n, costPicos: 500_000n });
    const large = { ...half, model: "large", costPicos: 5_000_000n };
    expect(termsOf(before, period(10n, half, large))).toEqual({ mix: "4500000" });
    const other = calls({ agent: "b", costPicos: 7n });
    expect(termsOf(before, period(10n, calls(), other))).toEqual({ volume: "7" });
    expect(termsOf(period(10n, calls(), other), period(10n, calls()))).toEqual({ volume: "-7" });
  });

  test("says who moved a term most, and the figures behind it", () => {
    const now: ChangePeriod = { calls: [calls({ agent: "b", costPicos: 7n })], runs: new Map([["b", 4n]]) };
    const [volume, steps] = whyChanged(before, now, undefined, (agent) => `agent ${agent}`).terms;
    expect(volume).toMatchObject({ before: 10, now: 4, most: { agent: "a", handle: "agent a", picos: "-1000000" } });
    expect(steps).toMatchObject({ before: 10, now: 25 });
  });

  test("adds up to the difference to the last digit, whatever changed", () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
    const count = fc.bigInt({ min: 0n, max: 100_000n });
    const one = fc
      .record({
        agent: fc.constantFrom("a", "b", "c"),
        model: fc.constantFrom("small", "large", ""),
        useful: amount,
        retryPicos: amount,
        calls: count,
        retries: count,
        input: count,
        cached: count,
        output: count,
      })
      .map(({ useful, ...rest }): CallsOf => ({ ...rest, costPicos: useful + rest.retryPicos }));
    const all = fc.uniqueArray(one, { selector: ({ agent, model }) => `${agent} ${model}`, maxLength: 9 });
    const runs = fc.dictionary(fc.constantFrom("a", "b", "c"), count).map((known) => new Map(Object.entries(known)));
    const periods = fc.record({ calls: all, runs });
    fc.assert(
      fc.property(periods, periods, (earlier, later) => {
        const change = whyChanged(earlier, later);
        const sum = change.terms.reduce((total, { picos }) => total + BigInt(picos), 0n);
        expect(String(sum)).toBe(change.differencePicos);
        expect(BigInt(change.beforePicos) + sum).toBe(BigInt(change.nowPicos));
      }),
      { numRuns: 500 },
    );
  });
});
