import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { ReportedEffect } from "@/lib/core/decisions/outcome";
import { Effect } from "@/lib/core/decisions/schema";
import { canonicalJson } from "@/lib/core/shared/canonical-json";

import { compareEffect, differenceText } from "./effect-differs";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const compare = (effect: object | null, actual: object) =>
  compareEffect(sha256, effect === null ? null : Effect.parse(effect), ReportedEffect.parse(actual));

const rows = (n: number) => Array.from({ length: n }, (_, id) => ({ id }));
const REMOVES_31 = { kind: "rows", before: rows(31) };

describe("what was done, held against what was allowed", () => {
  test("differs in the number of rows, more or less", () => {
    expect(compare(REMOVES_31, { rows: 34 })).toEqual({
      rows: 34,
      compared: true,
      differs: [{ what: "rows", allowed: 31, actual: 34 }],
    });
    expect(compare(REMOVES_31, { rows: 30 }).differs).toEqual([{ what: "rows", allowed: 31, actual: 30 }]);
    expect(compare(REMOVES_31, { rows: 31 })).toEqual({ rows: 31, compared: true, differs: [] });
    expect(compare({ kind: "rows", total: 214 }, { rows: 214 }).differs).toEqual([]);
  });

  test("differs in rows that were not shown, and rows that stay as they are were not shown as changed", () => {
    expect(compare(REMOVES_31, { ids: [0, 1, 99] }).differs).toEqual([
      { what: "rows", allowed: 31, actual: 3 },
      { what: "ids", beyond: 1 },
    ]);
    const touched = { kind: "rows", before: [{ id: "a" }, { id: "b", n: 1 }], after: [{ id: "a" }, { id: "b", n: 2 }] };
    expect(compare(touched, { ids: ["b"] }).differs).toEqual([]);
    expect(compare(touched, { ids: ["a"] }).differs).toEqual([{ what: "ids", beyond: 1 }]);
    expect(compare({ kind: "rows", before: [{ id: "1" }] }, { ids: [1] }).differs).toEqual([
      { what: "ids", beyond: 1 },
    ]);
  });

  test("counts an id once, and as many rows as either number says", () => {
    expect(compare(REMOVES_31, { ids: [1, 1, 2] }).rows).toBe(2);
    expect(compare({ kind: "rows", before: rows(2) }, { rows: 1, ids: [0, 1] })).toMatchObject({
      rows: 2,
      differs: [],
    });
  });

  test("does not hold ids against a list that names only some rows", () => {
    expect(compare({ kind: "rows", before: rows(2), total: 3 }, { ids: [0, 1, 7] }).differs).toEqual([]);
  });

  test.each([
    ["text", { kind: "text", after: "Dear …" }, "Dear …"],
    ["a configuration", { kind: "config", format: "env", after: "A=1" }, "A=1"],
    ["JSON, whatever the order of its members", { kind: "json", after: { b: 1, a: 2 } }, { a: 2, b: 1 }],
  ])("holds %s against its digest", (_what, effect, after) => {
    expect(compare(effect, { digest: sha256(canonicalJson(after)) })).toEqual({
      rows: null,
      compared: true,
      differs: [],
    });
    expect(compare(effect, { digest: sha256(canonicalJson("else")) }).differs).toEqual([{ what: "content" }]);
  });

  test("is not compared with what was never shown", () => {
    const nothing = { compared: false, differs: [] };
    expect(compare(null, { rows: 3 })).toEqual({ rows: 3, ...nothing });
    expect(compare({ kind: "command", command: "rm -r x" }, { rows: 3 })).toEqual({ rows: 3, ...nothing });
    expect(compare({ kind: "text", after: "a" }, { rows: 3 })).toEqual({ rows: 3, ...nothing });
  });
});

test.each([
  [{ what: "rows", allowed: 31, actual: 34 }, "Mara Holm", "Mara Holm approved 31 rows. 34 were changed."],
  [{ what: "rows", allowed: 1, actual: 1_200 }, null, "1 row was allowed. 1,200 were changed."],
  [{ what: "rows", allowed: 2, actual: 1 }, null, "2 rows were allowed. 1 was changed."],
  [{ what: "ids", beyond: 1 }, null, "1 changed row is not among those that were shown."],
  [{ what: "content" }, null, "What was written is not what was shown before."],
] as const)("%j is said so", (difference, by, text) => {
  expect(differenceText(difference, by)).toBe(text);
});
