import { describe, expect, test } from "vitest";

import { compile } from "@/lib/core/manifests/compile";
import { EXAMPLE_MANIFEST } from "@/lib/core/manifests/example";
import { parseManifest } from "@/lib/core/manifests/parse";
import { createValidators } from "@/lib/core/tools/validators";

import { FIRST_CALL } from "./bounds";
import { decide } from "./decide";
import { Call, type Facts } from "./schema";

const validators = createValidators();
const compiledFrom = (text: string) => {
  const parsed = parseManifest(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return compile({ manifest: parsed.manifest, version: 1, hash: "h", catalogue: new Map(), validators });
};
const call = Call.parse({ session_id: "s", run_id: "r", tool: "read_customer_record" });
const facts: Facts = {
  now: new Date("2026-04-10T03:14:22Z"),
  workspace: { stopped: false, readsOnly: false },
  agent: { handle: "a", status: "active", environment: "production", level: 4 },
  run: FIRST_CALL,
  history: null,
  tallies: null,
  reach: null,
  readings: null,
};

describe("decide without something to enforce (T36)", () => {
  test("refuses every call while no manifest is published", () => {
    expect(decide(null, call, facts)).toMatchObject({
      verdict: "deny",
      rule: null,
      reasons: [{ code: "no_active_manifest" }],
    });
  });

  test("says that the workspace is stopped or the agent suspended before it says that", () => {
    expect(decide(null, call, { ...facts, workspace: { stopped: true, readsOnly: false } }).verdict).toBe("halt");
    expect(decide(null, call, { ...facts, agent: { ...facts.agent, status: "suspended" } }).rule).toBe("agent.status");
  });

  test("refuses every call under a manifest that allows nothing", () => {
    expect(decide(compiledFrom("agent: {id: a}\ntools: {}"), call, facts)).toMatchObject({
      verdict: "deny",
      reasons: [{ code: "unknown_tool" }],
    });
  });
});

test("keeps every check that ran, in order, and ends at the first refusal but for the bounds", () => {
  const ran = (tool: string) =>
    decide(compiledFrom(EXAMPLE_MANIFEST), { ...call, tool }, facts).checks.map(({ check }) => check);

  expect(ran("read_customer_record")).toEqual([
    "control",
    "blocked",
    "allowed",
    "environment",
    "arguments",
    "constraints",
    "context",
    "bounds",
    "sequences",
    "level",
    "approval",
  ]);
  expect(ran("delete_customer_record")).toEqual(["control", "blocked", "bounds"]);
});

test("every decision has the same members in the same order, however it was settled", () => {
  const compiled = compiledFrom(EXAMPLE_MANIFEST);
  const decisions = [
    decide(compiled, call, facts),
    decide(compiled, { ...call, tool: "delete_customer_record" }, facts),
    decide(compiled, { ...call, tool: "nobody_knows" }, facts),
    decide(null, call, facts),
    // A fact that no caller can give, so that judging fails.
    decide(compiled, call, { ...facts, agent: null as never }),
  ];
  expect(new Set(decisions.map(({ rule }) => rule)).size).toBeGreaterThan(2);
  for (const decision of decisions) expect(Object.keys(decision)).toEqual(Object.keys(decisions[0] ?? {}));
});
