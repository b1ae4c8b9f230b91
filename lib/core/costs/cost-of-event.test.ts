import { describe, expect, test } from "vitest";

import type { AgentEvent } from "@/lib/core/traces/event";
import { eventOf } from "@/lib/testing/agent-event";

import { costOfEvent } from "./cost-of-event";
import { compilePrices } from "./table";

const table = compilePrices([]);
const EVENT = eventOf({
  name: "chat gpt-4.1-mini",
  kind: "llm",
  provider: "openai",
  modelRequested: "gpt-4.1-mini",
  tokens: {
    input: 1200,
    output: 340,
    cacheRead: 1024,
    cacheWrite: null,
    cacheWrite1h: null,
    reasoning: 256,
    audioIn: null,
    audioOut: null,
  },
  tokensRead: "inclusive",
  startNs: "1775790862000000000",
});
const cost = (change: Partial<AgentEvent>) => costOfEvent(table, { ...EVENT, ...change });

describe("costOfEvent", () => {
  test("computes by the model that was asked for where none is said to have answered", () => {
    expect(cost({})).toMatchObject({ status: "computed", picoUsd: 716_800_000n, givenPicoUsd: null });
  });

  test("takes the sender's cost and keeps ours beside it", () => {
    expect(cost({ costUsdGiven: "7.5e-4" })).toMatchObject({
      status: "given",
      picoUsd: 750_000_000n,
      computed: { status: "priced", picoUsd: 716_800_000n },
    });
  });

  test.each(["-1", "NaN", "1e30", "free", "Infinity"])("does not believe a cost of %s", (costUsdGiven) => {
    expect(cost({ costUsdGiven })).toMatchObject({ status: "computed", givenPicoUsd: null });
  });

  test("a rollup repeats what is below it and costs nothing of its own", () => {
    expect(cost({ usageRole: "rollup" })).toMatchObject({ status: "rollup", picoUsd: null });
    expect(cost({ usageRole: "rollup", costUsdGiven: "1" })).toMatchObject({ status: "rollup", picoUsd: null });
  });

  test("an unknown model is unpriced and not free", () => {
    expect(cost({ model: "house-model" })).toMatchObject({ status: "unpriced", picoUsd: null });
  });

  test("a tool call has no usage", () => {
    expect(cost({ kind: "tool", tokens: null, model: null })).toMatchObject({ status: "no_usage", picoUsd: null });
  });
});
