import { expect, test } from "vitest";

import { type CatalogueTool, RegisterToolInput, type ToolStatus } from "@/lib/core/tools/schema";
import { prepareTool } from "@/lib/core/tools/register";
import { createValidators } from "@/lib/core/tools/validators";

import { compile } from "./compile";
import { parseManifest } from "./parse";
import { createToolPool } from "./tool-pool";

const validators = createValidators();
const pool = createToolPool();

/** Compiled from texts and schemas of its own, as another agent's manifest would be. */
function compiled(
  over: { readonly agent?: string; readonly max?: number; readonly more?: string; readonly status?: ToolStatus } = {},
) {
  const { agent = "a", max = 5, more = "", status = "active" } = over;
  const parsed = parseManifest(
    `agent: {id: ${agent}}\ntools:\n  allowed:\n    - {name: pay, constraints: {max_amount: ${max}}}\n    - {name: read}\n${more}`,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const prepared = prepareTool(
    (text) => text,
    RegisterToolInput.parse({
      name: "pay",
      args_schema: { type: "object", properties: { amount: { type: "number" } }, required: ["amount"] },
    }),
    validators,
  );
  if (!prepared.ok) throw new Error("the tool is refused");
  const catalogue = new Map<string, CatalogueTool>([["pay", { ...prepared.tool, status }]]);
  return compile({ manifest: parsed.manifest, version: 1, hash: agent, catalogue, validators, pool });
}

test("two manifests with equal tools share them, validators and rules included", () => {
  const one = compiled({ agent: "a" });
  const other = compiled({ agent: "b" });
  expect(other.agentId).toBe("b");
  expect(other.tools).toBe(one.tools);
});

test("a tool that is equal is shared beside one that is not, and equal schemas share one validator", () => {
  const one = compiled();
  const other = compiled({ max: 6 });
  expect(other.tools.get("read")).toBe(one.tools.get("read"));
  expect(other.tools.get("pay")).not.toBe(one.tools.get("pay"));
  expect(other.tools.get("pay")?.schemas[0]?.schema).toBe(one.tools.get("pay")?.schemas[0]?.schema);
});

test.each<[string, Parameters<typeof compiled>[0]]>([
  ["its catalogue entry's status", { status: "quarantined" }],
  ["a block", { more: "  blocked: [pay]\n" }],
  ["the terms of approvals", { more: "approval: {timeout_seconds: 60}\n" }],
  ["the weights of risk", { more: "risk: {weights: {environment: 1}}\n" }],
  [
    "a freeze",
    { more: 'freezes: [{name: f, from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z", decide: deny}]\n' },
  ],
  ["a sequence", { more: "sequences: [{name: s, count: {tool: pay, over: 1}, within: run, decide: deny}]\n" }],
])("a tool is not shared where %s differs", (_, over) => {
  expect(compiled(over).tools.get("pay")).not.toBe(compiled().tools.get("pay"));
});

test("without a pool every manifest has tools of its own", () => {
  const parsed = parseManifest("agent: {id: a}\ntools: {allowed: [{name: read}]}");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const make = () =>
    compile({ manifest: parsed.manifest, version: 1, hash: "h", catalogue: new Map(), validators }).tools.get("read");
  expect(make()).not.toBe(make());
  expect(make()).toEqual(make());
});
