import { describe, expect, test } from "vitest";

import { compilePrices, type PriceTable } from "@/lib/core/costs/table";
import { PriceOverrideInput } from "@/lib/core/costs/schema";
import { givenEvent, givenSender, givenStored } from "@/lib/testing/trace-events";

import { repricedCost } from "./repriced-cost";
import type { StoredCost, StoredEvent } from "./stored-event";

const ID = "00000000-0000-7000-8000-000000000001";
const priced = (input: string): PriceTable =>
  compilePrices([
    {
      id: ID,
      ...PriceOverrideInput.parse({
        provider: "acme",
        model: "house",
        valid_from: "2026-01-01T00:00:00Z",
        prices: { input_usd_per_mtok: input, output_usd_per_mtok: "0" },
      }),
    },
  ]);
const NONE: StoredCost = { picos: null, computedPicos: null, status: "unpriced", priceRef: null };
const tokens = { ...givenEvent().tokens, input: 1_000, output: 0, cacheRead: 0, reasoning: 0 };
const stored = (cost: StoredCost, more: object = {}): StoredEvent =>
  givenStored(givenSender(), givenEvent({ provider: "acme", model: "house", tokens: tokens as never, ...more }), {
    cost,
  });
const at = (picos: string): StoredCost => ({
  picos,
  computedPicos: picos,
  status: "computed",
  priceRef: `override@${ID}#acme/house#standard`,
});

describe("the cost of a stored event by today's prices", () => {
  test("is a price where there was none, and another where the price changed", () => {
    expect(repricedCost(priced("2"), stored(NONE))).toEqual(at("2000000000"));
    expect(repricedCost(priced("3"), stored(at("2000000000")))).toEqual(at("3000000000"));
    const earlier = { ...at("2000000000"), priceRef: "genai-prices@0.1.0#acme/house#standard" };
    expect(repricedCost(priced("2"), stored(earlier))).toEqual(at("2000000000"));
  });

  test("is what it is already, the second time", () => {
    expect(repricedCost(priced("2"), stored(at("2000000000")))).toBeNull();
  });

  test("never takes a price away", () => {
    expect(repricedCost(compilePrices([]), stored(at("2000000000")))).toBeNull();
    expect(repricedCost(compilePrices([]), stored(NONE))).toBeNull();
  });

  test("stays the sender's where the sender gave one, with ours beside it", () => {
    const given: StoredCost = { picos: "7", computedPicos: null, status: "given", priceRef: null };
    const again = repricedCost(priced("2"), stored(given, { costUsdGiven: "0.000000000007" }));
    expect(again).toMatchObject({ picos: "7", status: "given", computedPicos: "2000000000" });
  });

  test("is none of a rollup's", () => {
    const rollup: StoredCost = { ...NONE, status: "rollup" };
    expect(repricedCost(priced("2"), stored(rollup, { usageRole: "rollup" }))).toBeNull();
  });
});
