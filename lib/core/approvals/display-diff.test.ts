import { describe, expect, test } from "vitest";

import { Effect } from "@/lib/core/decisions/schema";
import { asJsonObject } from "@/lib/core/shared/as-json";

import type { Display } from "./display";
import { displayDiff } from "./display-diff";
import { headlineOf } from "./headline";

function display(given: object | null, change: Partial<Display> = {}): Display {
  const effect = given === null ? null : Effect.parse(given);
  const args = change.args ?? { status: "error" };
  const call = { tool: "delete_contacts", environment: "production", reversibility: "irreversible", args, effect };
  return {
    v: 1,
    headline: headlineOf(call),
    agent: {
      handle: "triage",
      task: "t",
      environment: "production",
      level: 3,
      dri: { name: "D", email: "d@example.com" },
    },
    session: "s",
    run: "r",
    tool: { name: call.tool, description: "", hash: "h", reversibility: "irreversible", blast_radius: "high" },
    rule: null,
    reasons: [],
    manifest: { version: 41, hash: "h", line: null },
    terms: { quorum: 1, approver_role: "reviewer", separation_of_duties: true, timeout_seconds: 900 },
    args,
    effect: effect && asJsonObject(effect),
    risk: { score: 64, band: "high", factors: [] },
    checks: [],
    context: [],
    rationale: null,
    action_digest: "a",
    ...change,
  };
}

const rows = (from: number, to: number, status = "error") =>
  Array.from({ length: to - from }, (_, index) => ({ id: from + index, status }));
const idsOf = (diff: ReturnType<typeof displayDiff>, id: string) => {
  const body = diff.parts.find((part) => part.id === id)?.body;
  return body?.kind === "rows" ? body.rows.map((row) => (row.cells[0]?.before ?? row.cells[0]?.after)?.head) : null;
};

describe("displayDiff (T21: what was replaced while somebody looked)", () => {
  test("says which rows are touched now, no longer, and in another way", () => {
    const before = { kind: "rows", before: rows(0, 214), after: [{ id: 3, status: "kept" }] };
    const after = { kind: "rows", before: rows(1, 220), after: [{ id: 3, status: "gone" }] };
    const diff = displayDiff(display(before), display(after));
    expect(diff.headline).toBe("214 → 219 rows");
    expect(idsOf(diff, "diff-touched")).toEqual(["214", "215", "216", "217", "218", "219"]);
    expect(idsOf(diff, "diff-untouched")).toEqual(["0"]);
    expect(idsOf(diff, "diff-other")).toEqual(["3"]);
    expect(diff.parts.map((part) => part.summary)).toEqual([
      "6 rows: 6 removed",
      "1 row: 1 changed",
      "1 row: 1 removed",
    ]);
  });

  test("rows that share a key are told apart", () => {
    const twins = [
      { id: 1, n: 1 },
      { id: 1, n: 2 },
    ];
    const diff = displayDiff(
      display({ kind: "rows", before: twins }),
      display({ kind: "rows", before: [...twins, { id: 1, n: 3 }] }),
    );
    expect(idsOf(diff, "diff-other")).toEqual(["1"]);
    expect(diff.parts).toHaveLength(1);
  });

  test("the same request again differs in nothing", () => {
    const effect = { kind: "rows", before: rows(0, 5) };
    expect(displayDiff(display(effect), display(effect))).toEqual({ headline: null, facts: [], parts: [] });
  });

  test("of a text, a file and a command says what is written differently now", () => {
    const parts = (before: object, after: object) =>
      displayDiff(display(before), display(after)).parts.map((part) => [part.id, part.summary]);
    expect(parts({ kind: "text", after: "pay 10" }, { kind: "text", after: "pay 1000" })).toEqual([
      ["diff-result", "2 changed lines: 1 added, 1 removed"],
    ]);
    const file = { kind: "config", format: "yaml", before: "a: 1", after: "a: 2" };
    expect(parts(file, { ...file, before: "a: 0" })).toEqual([["diff-base", "2 changed lines: 1 added, 1 removed"]]);
    expect(parts({ kind: "command", command: "rm a" }, { kind: "command", command: "rm -rf /" })[0]?.[0]).toBe(
      "diff-command",
    );
  });

  test("a dry run of another kind, or none, is held against the other whole", () => {
    const diff = displayDiff(display({ kind: "text", after: "x" }), display(null));
    expect(diff.parts.map((part) => part.id)).toEqual(["diff-effect"]);
  });

  test("names arguments and facts that changed", () => {
    const after = display(null, {
      args: { status: "e%" },
      risk: { score: 88, band: "critical", factors: [] },
      manifest: { version: 42, hash: "h2", line: null },
      rationale: { goal: "other" },
    });
    const diff = displayDiff(display(null), after);
    expect(diff.facts).toEqual([
      "Risk: 64 high → 88 critical",
      "Manifest version: 41 → 42",
      "The agent gives another reason",
    ]);
    expect(diff.parts.map((part) => part.summary)).toEqual(["1 change: 1 changed"]);
  });
});
