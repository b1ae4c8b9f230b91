import { describe, expect, test } from "vitest";
import { isMap, isScalar, isSeq, parseDocument } from "yaml";

import { parseGuardrail } from "@/lib/core/guardrails/parse";

import { pointerOf } from "./fault";
import { parseManifest } from "./parse";

/** Every key of the language that holds other keys, at least once. */
const SHARED = `
execution:
  max_steps: 5
  circuit_breaker: {failures: 5}
  loop: {repeats: 3}
context:
  sources:
    - name: crm
      ttl_seconds: 60
      cross_check: {source: kb, fields: [a]}
sequences:
  - {name: one, after: {tool: a}, then: {tool: b}, bind: {after: x, then: y}, within: run, decide: deny}
  - {name: two, count: {tool: a, over: 3, where: {arg: x, equals: 1}}, within: 15m, decide: deny}
freezes:
  - {name: f, from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", decide: deny}
egress: {allow: [a.example]}
approval: {quorum: 2}
memory:
  scratchpad: {retain: none}
  preferences: {ttl_days: 3}
  log: {retain_days: 3}
risk: {require_approval_at: 50}
tests:
  - call:
      tool: a
      context: [{source: s, as_of: "2026-01-01T00:00:00Z"}]
      estimate: {cost_usd: 1}
      rationale: {goal: g}
    given: {level: 2}
    expect: {verdict: deny}
`;
const ENTRY = `
      max_rows: 3
      when: {all: [{arg: x, equals: 1}, {any: [{not: {arg: y, prefix: a}}]}]}
      windows: [{from: "09:00", to: "17:00", timezone: UTC}]
      limits: {per_run: 3}
`;
const MANIFEST = `
agent: {id: a}
tools:
  allowed:
    - name: a${ENTRY}
autonomy:
  promote: {to: 3, criteria: {min_days: 3}}
  demote: {criteria: {min_days: 3}}
owners: {sre: x}
${SHARED}`;
const GUARDRAIL = `
tools:
  restricted:
    - name: a${ENTRY}
${SHARED}`;

/** Every group of keys in a text, as a path. */
function groupsOf(text: string): (readonly (string | number)[])[] {
  const found: (readonly (string | number)[])[] = [];
  const walk = (node: unknown, path: readonly (string | number)[]) => {
    if (isMap(node)) {
      found.push(path);
      for (const { key, value } of node.items) walk(value, [...path, isScalar(key) ? String(key.value) : ""]);
    } else if (isSeq(node)) node.items.forEach((item, index) => walk(item, [...path, index]));
  };
  walk(parseDocument(text).contents, []);
  return found;
}

type Found = { readonly code: string; readonly path: string; readonly line?: number; readonly column?: number };

function faultsWith(text: string, path: readonly (string | number)[], key: string, parse: (text: string) => unknown) {
  const document = parseDocument(text);
  document.setIn([...path, key], 1);
  const written = document.toString({ lineWidth: 0 });
  const { faults = [] } = parse(written) as { faults?: readonly Found[] }; // either answer, looked at for its faults
  const lines = written.split("\n");
  const line = lines.findIndex((one) => one.includes(`${key}:`)) + 1;
  return { faults, line, column: (lines[line - 1] ?? "").indexOf(`${key}:`) + 1 };
}

describe.each([
  ["manifest", MANIFEST, parseManifest],
  ["guardrail", GUARDRAIL, parseGuardrail],
] as const)("unknown keys of a %s", (_noun, text, parse) => {
  test("the text that is walked is one", () => {
    expect(parse(text)).toMatchObject({ ok: true });
    expect(groupsOf(text).length).toBeGreaterThan(35);
  });

  test.each(groupsOf(text).map((path) => [pointerOf(path) || "/", path] as const))(
    "are errors in %s, at their line and column",
    (_name, path) => {
      const { faults, line, column } = faultsWith(text, path, "zzqy", parse);
      expect(faults).toContainEqual(
        expect.objectContaining({ code: "unknown_key", path: pointerOf([...path, "zzqy"]), line, column }),
      );
    },
  );

  test("every fault of broken values has a line and a column", () => {
    for (const path of groupsOf(text)) {
      if (path.length === 0) continue;
      const document = parseDocument(text);
      document.setIn(path, "nonsense");
      const { faults } = parse(document.toString()) as { faults: readonly Found[] }; // nonsense is refused
      for (const fault of faults) expect(fault).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
      expect(faults.length).toBeGreaterThan(0);
    }
  });
});
