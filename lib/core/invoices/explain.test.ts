import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { explainInvoice } from "./explain";
import { gapOf, shareOf } from "./explained";
import { modelKey } from "./model-key";
import type { InvoiceEntry } from "./schema";
import type { SeenCalls } from "./telemetry";

const DAYS = ["2026-11-03", "2026-11-04"];
const entry = (model: string, units: bigint, change: Partial<InvoiceEntry> = {}): InvoiceEntry => ({
  day: "2026-11-03",
  model,
  key: "",
  units,
  ...change,
});
const seen = (model: string, picos: bigint, change: Partial<SeenCalls> = {}): SeenCalls => ({
  day: "2026-11-03",
  model,
  agent: "triage",
  picos,
  tokens: picos / 2n,
  events: 1n,
  unpriced: 0n,
  ...change,
});
const explain = (entries: readonly InvoiceEntry[], calls: readonly SeenCalls[], measure: "usd" | "tokens" = "usd") =>
  explainInvoice({ measure, entries, days: DAYS }, calls, ["Triage", "refunds"]);

describe("an invoice beside telemetry", () => {
  test("is explained as far as the same day and model were seen, whatever each calls the model", () => {
    const result = explain(
      [entry("gpt-4o-2024-08-06", 100n), entry("gpt-4o", 40n, { day: "2026-11-04" }), entry("o3", 7n)],
      [seen("openai/gpt-4o", 60n), seen("gpt-4o-2024-11-20", 15n), seen("gpt-4o", 90n, { day: "2026-11-04" })],
    );
    expect(result).toMatchObject({ invoiced: 147n, explained: 115n });
    expect(result.models).toMatchObject([
      { model: "o3", state: "past", invoiced: 7n, explained: 0n, seenAs: [] },
      {
        model: "gpt-4o",
        state: "partly",
        names: ["gpt-4o", "gpt-4o-2024-08-06"],
        seenAs: ["gpt-4o", "gpt-4o-2024-11-20", "openai/gpt-4o"],
        explained: 115n,
      },
    ]);
    expect(result.days).toEqual([
      { day: "2026-11-03", invoiced: 107n, explained: 75n },
      { day: "2026-11-04", invoiced: 40n, explained: 40n },
    ]);
    expect(result.beyond).toMatchObject([{ model: "gpt-4o", beyond: 50n }]);
  });

  test("says apart what was seen without a price, and what nobody invoiced", () => {
    const result = explain([entry("m", 10n)], [seen("m", 0n, { unpriced: 4n }), seen("other", 3n)]);
    expect(result.models).toMatchObject([{ model: "m", state: "unpriced" }]);
    expect(result.beyond).toEqual([{ model: "other", beyond: 3n, seenAs: ["other"] }]);
  });

  test("says what is true of calls that explain nothing: no price, no cost, no tokens, or none on those days", () => {
    const state = (calls: readonly SeenCalls[], measure?: "usd" | "tokens") => {
      const { models, keys } = explain([entry("m", 10n, { key: "any" })], calls, measure);
      return [models[0]?.state, keys[0]?.state];
    };
    expect(state([seen("m", 0n, { unpriced: 1n })])).toEqual(["unpriced", "unpriced"]);
    expect(state([seen("m", 0n)])).toEqual(["free", "free"]);
    expect(state([seen("m", 0n, { unpriced: 1n })], "tokens")).toEqual(["uncounted", "uncounted"]);
    expect(state([seen("m", 5n, { day: "2026-11-04" })])).toEqual(["past", "past"]);
    expect(state([seen("m", 1n), seen("m", 0n, { unpriced: 1n })])).toEqual(["partly", "partly"]);
  });

  test("takes keys that are one agent's name but for capitals as one, and no others", () => {
    const spelled = ["Triage", "triage", "TRIAGE ", "key_A", "key_a"];
    const { keys } = explain(
      spelled.map((key) => entry("m", 10n, { key })),
      [seen("m", 12n)],
    );
    expect(keys.map(({ key, agent, invoiced, explained }) => [key, agent, invoiced, explained])).toEqual([
      ["TRIAGE , Triage, triage", "Triage", 30n, 12n],
      ["key_A", null, 10n, 10n],
      ["key_a", null, 10n, 10n],
    ]);
  });

  test("compares tokens with tokens, and days alone where it names no model", () => {
    expect(explain([entry("m", 10n)], [seen("m", 12n)], "tokens")).toMatchObject({ explained: 6n });
    expect(explain([entry("", 10n)], [seen("m", 3n), seen("n", 4n)])).toMatchObject({ explained: 7n });
  });

  test("gives a key named like an agent that agent's calls alone, and every other key at most what was seen", () => {
    const { keys } = explain(
      [
        entry("m", 50n, { key: "TRIAGE" }),
        entry("m", 30n, { key: "shared" }),
        entry("m", 9n, { key: "refunds" }),
        entry("x", 5n, { key: "rogue" }),
      ],
      [seen("m", 20n), seen("m", 15n, { agent: "unknown" })],
    );
    expect(keys.map(({ key, agent, state, explained }) => [key, agent, state, explained])).toEqual([
      ["refunds", "refunds", "past", 0n],
      ["rogue", null, "past", 0n],
      ["TRIAGE", "Triage", "partly", 20n],
      ["shared", null, "whole", 30n],
    ]);
  });

  test("knows one model by the names both sides have for it", () => {
    const same = [
      ["Claude Haiku 4.5", "claude-haiku-4-5-20251001"],
      ["Claude Sonnet 3.7", "claude-3-7-sonnet-20250219"],
      ["Claude Opus 4.1", "anthropic/claude-opus-4.1"],
      ["gpt-4.1-mini-2025-04-14", "gpt-4.1-mini"],
      ["text-embedding-3-small", "openai/text-embedding-3-small"],
    ] as const;
    for (const [one, other] of same) expect(modelKey(one)).toBe(modelKey(other));
    expect(modelKey("gpt-4o")).not.toBe(modelKey("gpt-4o-mini"));
    expect(modelKey("Web search")).toBe("web-search");
  });

  const cell = fc.record({
    day: fc.constantFrom(...DAYS),
    model: fc.constantFrom("gpt-4o", "gpt-4o-2024-08-06", "o3", "m"),
    units: fc.bigInt({ min: 0n, max: 10n ** 15n }),
    key: fc.constantFrom("", "triage", "other"),
  });

  test("is its parts: models, days and cells add up to it, and nothing is explained beyond what was invoiced", () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 30 }), fc.array(cell, { maxLength: 30 }), (invoiced, told) => {
        const calls = told.map(({ day, model, units, key }) => seen(model, units, { day, agent: key }));
        const result = explain(invoiced, calls);
        const total = invoiced.reduce((sum, { units }) => sum + units, 0n);
        const telemetry = told.reduce((sum, { units }) => sum + units, 0n);
        expect(result.invoiced).toBe(total);
        for (const parts of [result.models, result.days, result.cells]) {
          expect(parts.reduce((sum, part) => sum + part.invoiced, 0n)).toBe(total);
          expect(parts.reduce((sum, part) => sum + part.explained, 0n)).toBe(result.explained);
          for (const part of parts) expect(part.explained <= part.invoiced && part.explained >= 0n).toBe(true);
        }
        // What is seen is either explained by the invoice or beyond it.
        expect(result.explained + result.beyond.reduce((sum, { beyond }) => sum + beyond, 0n)).toBe(telemetry);
        for (const key of result.keys) expect(key.explained <= key.invoiced).toBe(true);
        const share = shareOf(result);
        if (share !== null) expect(share === 1).toBe(gapOf(result) === 0n);
      }),
    );
  });
});
