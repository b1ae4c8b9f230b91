import { expect, test } from "vitest";

import { createValidators } from "@/lib/core/tools/validators";

import { compile } from "./compile";
import { parseManifest } from "./parse";
import { runPinnedTests } from "./pinned";

const agent = { handle: "a", level: 2, environment: "production" } as const;
const now = new Date("2026-04-10T03:14:22Z");

test("runs the cases a manifest carries, and says which give another answer", () => {
  const text = [
    "agent: {id: a}",
    "tools: {allowed: [{name: t, constraints: {max_amount: 5}, environments: [staging]}], blocked: [drop]}",
    "execution: {max_steps: 3}",
    "tests:",
    "  - {call: {tool: drop}, expect: deny}",
    "  - {name: asks in staging, given: {environment: staging, level: 3}, call: {tool: t, args: {amount: 5}}, expect: require_approval}",
    "  - {call: {tool: t, args: {amount: 6}}, given: {environment: staging}, expect: {verdict: deny, codes: [constraint_unmet], rule: 'tools.allowed[0].constraints.max_amount'}}",
    "  - {call: {tool: t}, given: {steps: 3}, expect: halt}",
    "  - {call: {tool: drop}, expect: allow}",
    "  - {call: {tool: drop}, expect: {verdict: deny, codes: [unknown_tool]}}",
  ].join("\n");
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const compiled = compile({
    manifest: parsed.manifest,
    version: 1,
    hash: "h",
    catalogue: new Map(),
    validators: createValidators(),
  });

  const results = runPinnedTests(compiled, parsed.manifest, { agent, now });

  expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true, false, false]);
  expect(results[1]?.name).toBe("asks in staging");
  expect(results[4]).toMatchObject({ path: "/tests/4", message: "Wanted allow, got deny: `drop` is blocked." });
  expect(results[5]?.message).toBe("Wanted unknown_tool, got tool_blocked.");
});
