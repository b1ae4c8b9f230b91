import { describe, expect, test } from "vitest";

import type { EffectView } from "./effect";
import { dwellSecondsFor, type Evidence, gateOf, missing, PLAIN_RULES } from "./gate";
import type { Part } from "./part";

const part = (id: string, uninspectable: string | null = null): Part => ({
  id,
  title: id,
  summary: "",
  changes: 10,
  uninspectable,
  body: { kind: "paths", items: [] },
});

const view: EffectView = {
  summary: "",
  parts: [part("rows"), part("arguments")],
  mismatch: null,
  idsNotListed: 0,
  dryRun: true,
  dryRunAt: null,
  changedFields: 20,
  affected: { count: 214, unit: "rows" },
  hiddenCharacters: 0,
  hosts: [],
};

const nothing: Evidence = {
  partsViewed: [],
  acknowledged: [],
  dwellSeconds: 0,
  note: "",
  typedCount: null,
  totp: false,
};
const words = (...args: Parameters<typeof gateOf>) => missing(gateOf(...args), nothing).map((left) => left.words);

describe("the cost of an answer", () => {
  test("no is free in every band", () => {
    for (const band of ["low", "elevated", "high", "critical"] as const)
      expect(words("deny", band, "screen", view)).toEqual([]);
  });

  test("yes grows with the band", () => {
    expect(words("approve", "low", "screen", view)).toEqual([]);
    expect(gateOf("approve", "low", "screen", view).confirm).toBe(false);
    expect(words("approve", "elevated", "screen", view)).toEqual([]);
    expect(gateOf("approve", "elevated", "screen", view).confirm).toBe(true);
    expect(words("approve", "high", "screen", view)).toEqual([
      "2 parts left to view",
      "7 s",
      "what did you check? (at least 12 characters without spaces)",
    ]);
    expect(words("approve", "critical", "screen", view).slice(-2)).toEqual([
      "type the number of affected rows",
      "a code from your authenticator app",
    ]);
  });

  test("all of it done leaves nothing", () => {
    const done = {
      partsViewed: ["rows", "arguments"],
      acknowledged: [],
      dwellSeconds: 7,
      note: "compared all rows",
      typedCount: 214,
      totp: true,
    };
    expect(missing(gateOf("approve", "critical", "screen", view), done)).toEqual([]);
    expect(missing(gateOf("approve", "critical", "screen", view), { ...done, typedCount: 31 })).toHaveLength(1);
  });

  test("what cannot be shown whole must be read elsewhere in every band", () => {
    const cut = { ...view, parts: [part("rows", "500 of 1,200 rows shown")] };
    expect(words("approve", "low", "screen", cut)).toEqual(["1 part to download and acknowledge"]);
  });

  test("people-4 a note counts what its reader sees", () => {
    const gate = { ...gateOf("approve", "low", "screen", view), noteChars: 12 };
    const left = (note: string) => missing(gate, { ...nothing, note }).map(({ code }) => code);
    for (const character of [
      "\u200B",
      "\u2060",
      "\u00AD",
      "\uFE0F",
      "\u3164",
      "\u115F",
      "\uFFA0",
      "\u2800",
      "\u{E0041}",
    ])
      expect([character, left(character.repeat(40))]).toEqual([character, ["note"]]);
    for (const note of [
      "\u0301".repeat(40),
      " ".repeat(40),
      `a${" ".repeat(40)}b`,
      "\uE000".repeat(40),
      "\u{1D159}".repeat(40),
    ])
      expect(left(note)).toEqual(["note"]);
    for (const note of [
      "compared the customer",
      "συγκρίθηκε ο πελάτης",
      "مقارنة العميل بالتذكرة",
      "ग्राहक की टिकट से तुलना की",
      "お客様とチケットを照合しました",
    ])
      expect(left(note)).toEqual([]);
  });

  test("a token has no screen: never Critical, and High only where the workspace says so", () => {
    expect(words("approve", "elevated", "token", view)).toEqual([]);
    expect(missing(gateOf("approve", "high", "token", view), nothing)[0]?.code).toBe("screen_only");
    const rules = { ...PLAIN_RULES, highByToken: true };
    const [token, screen] = [
      gateOf("approve", "high", "token", view, rules),
      gateOf("approve", "high", "screen", view, rules),
    ];
    expect({ ...token, confirm: true }).toEqual(screen);
    expect(missing(gateOf("approve", "critical", "token", view), nothing)[0]?.code).toBe("screen_only");
  });
});

test("the time to look grows with what changes, up to half a minute", () => {
  expect([0, 1, 20, 173, 10_000].map(dwellSecondsFor)).toEqual([4, 5, 7, 30, 30]);
});
