import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { compilePrices } from "@/lib/core/costs/table";

import { type CachedCalls, cacheShares, type RatesFor } from "./cache-share";
import { monthOf } from "./month";
import { RATE_LIMIT_TYPE, rateLimits, type Refusals } from "./rate-limits";
import { type ReadCalls, repeatedReads } from "./repeated-reads";
import { type ModelWork, smallerModels } from "./smaller-model";
import { windowsAt } from "./windows";

const NOW = new Date("2026-11-30T12:00:01Z");
const WINDOWS = windowsAt(NOW, 30);
const SONNET = { provider: "anthropic", model: "claude-sonnet-4-5" };
const HAIKU = { provider: "anthropic", model: "claude-haiku-4-5" };

const table = compilePrices([]);
const ratesFor: RatesFor = (provider, model, inputTokens) => {
  const answer = table.ratesFor({ provider, model, inputTokens, at: NOW, serviceTier: null, batch: false });
  return answer.ok ? answer.rates : null;
};

test("the windows are two weeks that meet, up to the end of the quarter of an hour", () => {
  expect(WINDOWS.events.to).toEqual(new Date("2026-11-30T12:15:00Z"));
  expect(WINDOWS.before.to).toEqual(WINDOWS.now.from);
  expect(WINDOWS.events).toEqual({ from: WINDOWS.before.from, to: WINDOWS.now.to });
  // Events that are kept for less tell less; the weeks are in rollups.
  const short = windowsAt(NOW, 3);
  expect(short.events.from).toEqual(new Date("2026-11-27T12:15:00Z"));
  expect(short.before).toEqual(WINDOWS.before);
  expect(monthOf(14n, WINDOWS.events)).toBe(30n);
  expect(monthOf(7n, WINDOWS.now)).toBe(30n);
});

describe("repeated reads", () => {
  const calls = (change: Partial<ReadCalls> = {}): ReadCalls => ({
    agent: "a",
    tool: "read_invoice",
    calls: 20,
    repeats: 8,
    withinRun: 3,
    runs: 4,
    priced: 8,
    picos: 8_000_000_000n,
    tookMs: 960,
    ...change,
  });

  test("take five repeats, and have no money where nobody says what they cost", () => {
    const found = repeatedReads(
      [calls(), calls({ tool: "b", repeats: 4 }), calls({ tool: "c", priced: 0 })],
      WINDOWS.events,
    );
    expect(found.map(({ subject, picos }) => [subject[2], picos])).toEqual([
      ["read_invoice", 8_000_000_000n],
      ["c", null],
    ]);
  });
});

describe("rate limits", () => {
  const IS_LIMIT = new RegExp(RATE_LIMIT_TYPE, "i");

  test.each([
    "429",
    "http_429",
    "HTTP 429",
    "rate_limit_error",
    "RateLimitError",
    "rate-limited",
    "ThrottlingException",
  ])("are read from %s", (type) => expect(type).toMatch(IS_LIMIT));
  test.each(["TooManyRequests", "too_many_requests", "RESOURCE_EXHAUSTED", "openai.RateLimitError", "429:slow_down"])(
    "are read from %s too",
    (type) => expect(type).toMatch(IS_LIMIT),
  );
  test.each(["http_503", "4290", "1429", "timeout", "overloaded_error", "invalid_request_error", "unlimited"])(
    "are not read from %s",
    (type) => expect(type).not.toMatch(IS_LIMIT),
  );

  test("are told of dependencies with a name that refused five calls, beside all of their calls", () => {
    const refusals = (change: Partial<Refusals>): Refusals => ({
      of: "provider",
      name: "openai",
      refused: 5,
      runs: 3,
      agents: 1,
      errorTypes: ["429"],
      priced: 0,
      picos: 0n,
      tookMs: 100,
      ...change,
    });
    const rows = [refusals({}), refusals({ of: "tool", refused: 4 }), refusals({ name: "" })];
    const found = rateLimits(rows, () => 100, WINDOWS.events);
    expect(found).toMatchObject([{ picos: null, n: 5, facts: { name: "openai", refused: 5, calls: 100 } }]);
    // What the rollup has not counted yet was still called.
    expect(rateLimits([refusals({})], () => 2, WINDOWS.events)).toMatchObject([{ facts: { calls: 5 } }]);
  });
});

describe("a cached share that fell", () => {
  const week = (of: "now" | "before", change: Partial<CachedCalls> = {}): CachedCalls => ({
    agent: "a",
    ...SONNET,
    version: "1",
    week: of,
    calls: 100n,
    input: 1_000_000n,
    cached: 600_000n,
    ...change,
  });

  test("costs its tokens at the difference between new and cached input", () => {
    const rows = [week("before"), week("now", { cached: 200_000n })];
    // Of Sonnet 4.5 a million new tokens cost $3 and cached ones $0.30.
    expect(cacheShares(rows, ratesFor, WINDOWS)).toMatchObject([
      { picos: 400_000n * 2_700_000n, n: 100, window: WINDOWS.now, facts: { lost: "400000", new_versions: [] } },
    ]);
  });

  test("is of all versions together, and names those that are new", () => {
    const rows = [
      week("before"),
      week("now", { version: "2", cached: 0n }),
      week("now", { version: "1", calls: 10n, input: 100_000n, cached: 60_000n }),
    ];
    const [found] = cacheShares(rows, ratesFor, WINDOWS);
    expect(found?.facts).toMatchObject({ now: { calls: 110, input: "1100000", cached: "60000" }, new_versions: ["2"] });
  });

  test("is nothing where it fell by less, where calls are few, and where caching saves nothing", () => {
    const none = [
      [week("before"), week("now", { cached: 510_000n })],
      [week("before"), week("now", { cached: 0n, calls: 19n })],
      [week("before", { calls: 19n }), week("now", { cached: 0n })],
      [week("now", { cached: 0n })],
      [week("before", { cached: 0n }), week("now", { cached: 0n })],
      [week("before"), week("now", { agent: "b", cached: 0n })],
    ];
    for (const rows of none) expect(cacheShares(rows, ratesFor, WINDOWS)).toEqual([]);
    const [unknown] = cacheShares(
      [week("before", { model: "own" }), week("now", { model: "own", cached: 0n })],
      ratesFor,
      WINDOWS,
    );
    expect(unknown?.picos).toBeNull();
  });

  test("never loses more tokens than were read anew, whatever the weeks", () => {
    const some = fc.record({ input: fc.bigInt(1n, 10n ** 15n), share: fc.integer({ min: 0, max: 1_000 }) });
    fc.assert(
      fc.property(some, some, (before, now) => {
        const cachedOf = ({ input, share }: typeof before) => (input * BigInt(share)) / 1_000n;
        const rows = [
          week("before", { input: before.input, cached: cachedOf(before) }),
          week("now", { input: now.input, cached: cachedOf(now) }),
        ];
        for (const { facts } of cacheShares(rows, ratesFor, WINDOWS)) {
          if (facts.kind !== "cache_share") throw new Error("another kind");
          const lost = BigInt(facts.lost);
          expect(lost).toBeGreaterThan(0n);
          expect(lost).toBeLessThanOrEqual(now.input - cachedOf(now));
        }
      }),
    );
  });
});

describe("a smaller model", () => {
  const work = (change: Partial<ModelWork> = {}): ModelWork => ({
    agent: "a",
    skill: "",
    ...SONNET,
    calls: 120,
    short: 100,
    input: 200_000n,
    cached: 100_000n,
    written: 0n,
    output: 10_000n,
    picos: 480_000_000_000n,
    runs: 40,
    succeeded: 36,
    ...change,
  });
  const other = (change: Partial<ModelWork> = {}) => work({ ...HAIKU, ...change });

  test("saves what the same tokens cost less", () => {
    const [found] = smallerModels([work(), other()], ratesFor, WINDOWS.events);
    // Haiku 4.5: $1 new, $0.10 cached, $5 output a million.
    const cost = 100_000n * 1_000_000n + 100_000n * 100_000n + 10_000n * 5_000_000n;
    expect(found).toMatchObject({ picos: 480_000_000_000n - cost, n: 100, facts: { other: { model: HAIKU.model } } });
  });

  test("is only one that succeeds as often, for the same agent or skill, and is much cheaper", () => {
    const none = [
      [work(), other({ succeeded: 35 })],
      [work(), other({ runs: 19, succeeded: 19 })],
      [work({ runs: 19, succeeded: 10 }), other()],
      [work({ short: 19 }), other()],
      [work(), other({ agent: "b" })],
      [work(), other({ skill: "triage" })],
      [work({ picos: 200_000_000_000n }), other()],
      [work({ picos: 0n }), other()],
      [work(), other({ model: "nobody-knows" })],
    ];
    for (const rows of none) expect(smallerModels(rows, ratesFor, WINDOWS.events)).toEqual([]);
    const skilled = [work({ skill: "triage" }), other({ agent: "b", skill: "triage", runs: 20, succeeded: 20 })];
    expect(smallerModels(skilled, ratesFor, WINDOWS.events)).toMatchObject([
      { facts: { agent: "a", other: { agent: "b" } } },
    ]);
  });

  test("is the cheapest of several, and never advises both ways", () => {
    const mini = { provider: "openai", model: "gpt-4.1-mini" };
    const found = smallerModels([work(), other({ picos: 160_000_000_000n }), other(mini)], ratesFor, WINDOWS.events);
    expect(found[0]).toMatchObject({ facts: { model: SONNET.model, other: mini } });
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.bigInt(1n, 10n ** 12n), fc.bigInt(1n, 10n ** 12n), (a, b, one, two) => {
        const both = smallerModels(
          [work({ succeeded: a, picos: one }), other({ succeeded: b, picos: two })],
          ratesFor,
          WINDOWS.events,
        );
        for (const { picos, facts } of both) {
          if (facts.kind !== "smaller_model") throw new Error("another kind");
          expect(picos).toBeGreaterThan(0n);
          expect(facts.other.ended.succeeded).toBeGreaterThanOrEqual(facts.ended.succeeded);
        }
      }),
    );
  });
});
