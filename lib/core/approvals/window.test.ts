import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { gateOf } from "./gate";
import { isLong, listOf, type Part } from "./part";
import { rowParts } from "./row-parts";
import { textParts } from "./text-parts";
import { windowOf } from "./window";

const rows = (count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, name: `Contact ${id}`, amount: id % 5 }));
const partOf = (count: number): Part => {
  const [part] = rowParts({ kind: "rows", key: "id", before: rows(count), after: [] }).parts.slice(-1);
  if (!part) throw new Error("no rows");
  return part;
};

describe("windowOf", () => {
  test("windows put together are the part, whatever their size", () => {
    const [part] = textParts("t", "T", "", Array.from({ length: 300 }, (_, line) => `line ${line}`).join("\n"));
    if (!part) throw new Error("no text");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), (size) => {
        const lines: unknown[] = [];
        for (let from = 0; from < windowOf(part, 0, 1).total; from += size)
          lines.push(...listOf(windowOf(part, from, size).body));
        expect(lines).toEqual(listOf(part.body));
      }),
    );
  });

  test("finds lines by what stands in them and counts them all", () => {
    const found = windowOf(partOf(1_000), 0, 3, "CONTACT 99");
    expect(found.total).toBe(11);
    expect(found.body.kind === "rows" && found.body.rows.map((row) => row.line)).toEqual([100, 991, 992]);
    expect(windowOf(partOf(10), 0, 3, "no such text").total).toBe(0);
  });

  test("beyond the end is nothing, and no mistake", () => {
    expect(windowOf(partOf(10), 10, 5)).toMatchObject({ total: 10, body: { rows: [] } });
  });
});

test("T20: a part too long to be taken in at once is asked for in every band, a short one only from High", () => {
  const view = { changedFields: 1, affected: { count: 1, unit: "rows" } };
  const asked = (part: Part, band: "low" | "high") =>
    gateOf("approve", band, "screen", { ...view, parts: [part] }).parts;
  expect(isLong(partOf(1_000))).toBe(true);
  expect(asked(partOf(1_000), "low")).toHaveLength(1);
  expect(asked(partOf(20), "low")).toHaveLength(0);
  expect(asked(partOf(20), "high")).toHaveLength(1);
});

test("10,000 rows and 20,000 lines are compared and cut in good time", () => {
  const started = performance.now();
  windowOf(partOf(10_000), 9_000, 200);
  const text = (seed: number) =>
    Array.from({ length: 20_000 }, (_, line) => `line ${line % 50 === seed ? seed : line}`).join("\n");
  const [part] = textParts("t", "T", text(1), text(2));
  if (part) windowOf(part, 0, 200, "line 7");
  expect(performance.now() - started).toBeLessThan(5_000);
});
