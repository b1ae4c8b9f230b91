import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import type { AgentEvent } from "./event";
import { TRACE_LIMITS } from "./limits";
import { readEvents } from "./read-events";

const sha256Hex = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");
const read = (text: string) => {
  const result = readEvents(new TextEncoder().encode(text), sha256Hex);
  if (!result.ok) throw new Error(result.fault.message);
  return result;
};
const one = (line: object): AgentEvent => {
  const { items, rejected } = read(JSON.stringify(line));
  expect(rejected.first).toEqual([]);
  const [event] = items;
  if (!event) throw new Error("no event");
  return event;
};

const MINIMAL =
  '{"ts":"2026-04-10T03:14:22Z","agent_id":"support-triage-v3","session_id":"a1f8...","model":"gpt-4.1-mini","retrieval":{"index":"kb-prod","doc_ids":["KB-1821","KB-4470"]},"tool_call":{"name":"crm.updateCase","args":{"caseId":"C-88319","priority":"P2"}},"policy":{"decision":"allow","rule":"case_priority_write"},"result":{"status":"ok"}}';

describe("a line of JSON", () => {
  test("may be the minimal event", () => {
    const [event] = read(MINIMAL).items;
    expect(event).toEqual({
      eventId: event?.eventId,
      traceId: sha256Hex("run a1f8...").slice(0, 32),
      parentEventId: null,
      links: [],
      source: "jsonl",
      dialect: "interlock",
      producer: null,
      startNs: "1775790862000000000",
      endNs: null,
      ttftMs: null,
      name: "crm.updateCase",
      kind: "tool",
      usageRole: "rollup",
      agentId: "support-triage-v3",
      agentName: "support-triage-v3",
      agentVersion: null,
      sessionId: "a1f8...",
      runId: "a1f8...",
      step: null,
      decisionId: null,
      provider: null,
      modelRequested: null,
      model: "gpt-4.1-mini",
      tokens: null,
      tokensRead: "unknown",
      costUsdGiven: null,
      finishReason: null,
      tool: { name: "crm.updateCase", callId: null, args: { caseId: "C-88319", priority: "P2" } },
      outcome: "success",
      outcomeSource: "explicit",
      error: null,
      retrieval: { index: "kb-prod", docIds: ["KB-1821", "KB-4470"], asOf: [null, null] },
      policy: { decision: "allow", rule: "case_priority_write", policyId: null },
      evaluations: [],
      dimensions: {
        customer: null,
        promptHash: null,
        environment: null,
        skill: null,
        subagent: null,
        mcpServer: null,
        serviceTier: null,
        batch: false,
        tags: [],
      },
      content: {},
      unread: {},
      flags: [],
    });
    expect(event?.eventId).toMatch(/^[0-9a-f]{16}$/);
  });

  test("has no end beyond the time that can be stored, however long it says it took", () => {
    const line = { ts: "2026-04-10T03:14:22Z", agent_id: "a", model: "m" };
    for (const more of [{ latency_ms: 9e15 }, { end_ts: "9999-01-01T00:00:00Z" }])
      expect(one({ ...line, ...more }).endNs).toBeNull();
  });

  test("has the same id in whatever order its keys are, and another if anything differs", () => {
    const turned = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(MINIMAL) as object).toReversed()));
    const ids = [MINIMAL, turned, MINIMAL.replace("P2", "P3")].map((line) => read(line).items[0]?.eventId);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test("carries usage, cost, a run, a score and an error", () => {
    const event = one({
      ts: "2026-04-10T03:14:22.123456789+02:00",
      agent_id: "a",
      run_id: "r-1",
      step: 0,
      model: "m",
      usage: { input_tokens: 1_200, output_tokens: 340, cached_tokens: 0, reasoning_tokens: 256 },
      cost_usd: 0.000717,
      latency_ms: 1_500,
      eval: { name: "tone", score: 0, label: "flat" },
      result: { status: "error", error: "no such case" },
      customer: "c-1",
      tags: ["beta"],
      colour: "red",
    });
    expect(event).toMatchObject({
      kind: "llm",
      usageRole: "leaf",
      startNs: "1775783662123456789",
      endNs: "1775783663623456789",
      runId: "r-1",
      step: 0,
      tokens: { input: 1_200, output: 340, cacheRead: 0, reasoning: 256 },
      costUsdGiven: "0.000717",
      evaluations: [{ name: "tone", score: 0, label: "flat" }],
      outcome: null,
      error: { type: "error", message: "no such case" },
      unread: { colour: "red" },
    });
    expect(event.dimensions).toMatchObject({ customer: "c-1", tags: ["beta"] });
  });

  test("finds its parent by whatever ids the sender uses", () => {
    const ts = "2026-04-10T03:14:22Z";
    const parent = one({ ts, event_id: "evt_1", trace_id: "t-1", name: "agent", kind: "agent" });
    const child = one({ ts, event_id: "evt_2", parent_event_id: "evt_1", trace_id: "t-1", model: "m" });
    expect([child.parentEventId, child.traceId]).toEqual([parent.eventId, parent.traceId]);
    const span = one({ ts, span_id: "B7AD6B7169203331", trace_id: "0af7651916cd43dd8448eb211c80319c" });
    expect([span.eventId, span.traceId]).toEqual(["b7ad6b7169203331", "0af7651916cd43dd8448eb211c80319c"]);
  });

  test("keeps what is hostile visible and out of the way", () => {
    const { items } = read(
      '{"ts":1775790862,"agent_id":"a\\u0000b","__proto__":{"x":1},"note":"\\ud800","unknown":{"deep":1}}',
    );
    expect(items[0]).toMatchObject({ agentId: "a\\u0000b", unread: { note: "\ufffd", unknown: "(nested)" } });
    expect(items[0]?.flags).toEqual(["characters_replaced", "key_blocked"]);
  });
});

describe("a body of events", () => {
  const ts = "2026-04-10T03:14:22Z";

  test("may be lines, an array or one document", () => {
    const lines = [1, 2].map((n) => ({ ts, agent_id: `a${n}` }));
    const ids = (text: string) => read(text).items.map(({ agentId }) => agentId);
    expect(ids(`${lines.map((line) => JSON.stringify(line)).join("\n")}\r\n\n`)).toEqual(["a1", "a2"]);
    expect(ids(JSON.stringify(lines))).toEqual(["a1", "a2"]);
    expect(ids(JSON.stringify(lines[0], null, 2))).toEqual(["a1"]);
    expect(ids("")).toEqual([]);
  });

  test.each([
    ["not JSON", "{", "malformed"],
    ["not an object", "7", "not_an_object"],
    ["no time", '{"agent_id":"a"}', "time_invalid"],
    ["no such time", '{"ts":"yesterday"}', "time_invalid"],
    ["before 1970", '{"ts":"1969-12-31T23:59:59Z"}', "time_invalid"],
    ["negative tokens", `{"ts":"${ts}","usage":{"input_tokens":-1}}`, "tokens_out_of_range"],
    ["cost of 1e30", `{"ts":"${ts}","cost_usd":1e30}`, "cost_out_of_range"],
    ["64 levels", `{"ts":"${ts}","a":${"[".repeat(64)}${"]".repeat(64)}}`, "too_deep"],
  ])("refuses a faulty line alone: %s", (_, line, code) => {
    const { items, rejected } = read(`{"ts":"${ts}","agent_id":"a"}\n${line}\n{"ts":"${ts}","agent_id":"b"}`);
    expect(items.map(({ agentId }) => agentId)).toEqual(["a", "b"]);
    expect([...rejected.byCode]).toEqual([[code, 1]]);
    expect(rejected.first[0]?.message).toMatch(/^Event 2: /);
  });

  test("is refused whole where nothing in it can be read", () => {
    expect(readEvents(Uint8Array.of(0xff), sha256Hex)).toMatchObject({ ok: false, fault: { code: "malformed_json" } });
    expect(readEvents(new TextEncoder().encode("[{]"), sha256Hex)).toMatchObject({ ok: false });
  });

  test("is taken up to its limit", () => {
    const { items, rejected } = read(`7\n`.repeat(TRACE_LIMITS.items + 3));
    expect([items.length, ...rejected.byCode]).toEqual([
      0,
      ["not_an_object", TRACE_LIMITS.items],
      ["too_many_items", 3],
    ]);
  });
});
