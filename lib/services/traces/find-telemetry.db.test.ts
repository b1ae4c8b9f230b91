import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ingestPool } from "@/lib/data/ingest-pool";
import { pgIngestQueue } from "@/lib/data/pg-ingest-queue";
import { type AskingAgent, ask, givenAskingAgent } from "@/lib/testing/agent";
import { type SpanDraft, spanBody } from "@/lib/testing/otlp-bodies";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";
import { newEventId, newTraceId } from "@/lib/testing/trace-events";

import { findTelemetry } from "./find-telemetry";
import { joinExecutedCalls } from "./join-executed-calls";
import { listDeadLetters } from "./list-dead-letters";
import { takeTelemetry } from "./take-telemetry";
import { writeWaiting } from "./write-waiting";

afterAll(() => ingestPool.end());

let tenant: Tenant;
let viewer: Person;
let agent: AskingAgent;
let stranger: Person;
let otherAgent: AskingAgent;

beforeAll(async () => {
  tenant = await givenTenant();
  viewer = await tenant.person("viewer");
  agent = await agentOf(tenant);
  const other = await givenTenant();
  stranger = await other.person("admin");
  otherAgent = await agentOf(other);
});

async function agentOf(of: Tenant): Promise<AskingAgent> {
  return givenAskingAgent(of, {
    author: await of.person("admin"),
    handle: "found",
    tools: [{ name: "look", reversibility: "read", blast_radius: "none" }],
    manifest: 'tools:\n  allowed:\n    - name: "look"\n',
  });
}

const startNs = () => BigInt(Date.now()) * 1_000_000n;

async function sent(from: AskingAgent, ...spans: readonly SpanDraft[]): Promise<void> {
  const drafts = spans.map((span) => ({ startNs: startNs(), ...span }));
  const body = spanBody("json", drafts, { scope: "my.tracer", version: "3" });
  expect(await takeTelemetry(from, { inlet: "traces", encoding: "json", body })).toMatchObject({ ok: true });
}

async function written(from: AskingAgent, ...spans: readonly SpanDraft[]): Promise<void> {
  await sent(from, ...spans);
  await writeWaiting(AbortSignal.timeout(20_000));
}

const modelCall = (model: string, more: SpanDraft = {}): SpanDraft => ({
  ...more,
  attributes: {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": model,
    "gen_ai.usage.input_tokens": 1_200,
    "gen_ai.usage.output_tokens": 40,
    ...more.attributes,
  },
});

const toolCall = (traceId: string, attributes: SpanDraft["attributes"]): SpanDraft => ({
  traceId,
  spanId: newEventId(),
  attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "look", ...attributes },
});

describe("findTelemetry", () => {
  test("tells by which key it came, what was redacted, what has no price and why", async () => {
    const traceId = newTraceId();
    await written(
      agent,
      modelCall("gpt-4.1-mini", { traceId, spanId: newEventId(), attributes: { "app.note": "write to a@b.example" } }),
      modelCall("nobody-knows-7", { traceId, spanId: newEventId() }),
    );
    const found = await findTelemetry(viewer, traceId);
    expect(found).toMatchObject({ sought: { kind: "trace", value: traceId }, waiting: [], dead: [], check: null });
    const [trace] = found.traces;
    expect(trace).toMatchObject({ agent: "found", events: 2, conflicts: 0, calls: [] });
    expect(trace?.told?.senders).toEqual([
      expect.objectContaining({ producer: "my.tracer 3", credential_id: agent.actor.credentialId, events: 2 }),
    ]);
    expect(trace?.told?.senders[0]?.key_hint).toMatch(/^.{4}$/);
    expect(trace?.told?.redacted).toEqual([{ kind: "email", count: 1 }]);
    expect(trace?.told?.costs).toEqual({ given: 0, computed: 1, unpriced: 1 });
    expect(trace?.told?.unpriced).toEqual([{ model: "nobody-knows-7", why: "unknown_model", events: 1 }]);
  });

  test("finds by span, by run and by a run's name that was redacted at the door", async () => {
    const [traceId, spanId, run] = [newTraceId(), newEventId(), `run of c@d.example ${randomUUID()}`];
    await written(agent, modelCall("gpt-4.1-mini", { traceId, spanId, attributes: { "interlock.run.id": run } }));
    for (const text of [spanId, run, `00-${traceId}-${spanId}-01`]) {
      const { traces } = await findTelemetry(viewer, text);
      expect(traces.map(({ trace_id }) => trace_id)).toEqual([traceId]);
    }
  });

  test("tells which decision a call met, and why another met none", async () => {
    const { decision_id: decision } = await ask(agent, "look", { args: { n: 1 } });
    const traceId = newTraceId();
    const args = (n: number) => ({ "gen_ai.tool.call.arguments": JSON.stringify({ n }) });
    await written(
      agent,
      toolCall(traceId, { ...args(1), "interlock.decision_id": decision }),
      toolCall(traceId, { ...args(2), "interlock.decision_id": randomUUID() }),
    );
    const waits = await findTelemetry(viewer, traceId);
    expect(waits.traces[0]?.calls.map(({ why }) => why)).toEqual(
      Array(2).fill(expect.stringMatching(/not been looked/)),
    );
    await joinExecutedCalls(tenant.system);
    const found = await findTelemetry(viewer, decision);
    expect(found.decision).toMatchObject({ decision_id: decision, agent: "found", tool: "look", verdict: "allow" });
    const calls = found.traces[0]?.calls ?? [];
    expect(calls.find(({ decision_id: met }) => met === decision)?.why).toBeNull();
    expect(calls.find(({ decision_id: met }) => met === null)?.why).toBe(
      "The decision it names does not exist in this workspace.",
    );
  });

  test("tells that something waits, or could not be written and why", async () => {
    const traceId = newTraceId();
    await sent(agent, modelCall("gpt-4.1-mini", { traceId, spanId: newEventId() }));
    const waits = await findTelemetry(viewer, traceId);
    expect(waits).toMatchObject({ traces: [], dead: [], check: null });
    expect(waits.waiting).toEqual([
      expect.objectContaining({ agent: "found", inlet: "traces", events: 1, attempts: 0 }),
    ]);
    await pgIngestQueue.bury(tenant.workspaceId, waits.waiting[0]?.id ?? "", "It was too odd.");
    const dead = await findTelemetry(viewer, traceId);
    expect(dead).toMatchObject({ traces: [], waiting: [], check: null, dead: [{ reason: "It was too odd." }] });
    expect((await listDeadLetters(viewer)).map(({ id }) => id)).toEqual(dead.dead.map(({ id }) => id));
  });

  test("says what to check where nothing arrived", async () => {
    const { traces, check } = await findTelemetry(viewer, newTraceId());
    expect(traces).toEqual([]);
    expect(check?.last).toMatchObject({ agent: "found", producer: "my.tracer 3" });
    expect(check?.keys).toEqual([
      expect.objectContaining({ agent: "found", scopes: expect.arrayContaining(["ingest"]) }),
    ]);
  });

  test("tells another workspace nothing, not even of what waits or was put aside", async () => {
    const [written1, waiting, spanId, run] = [newTraceId(), newTraceId(), newEventId(), `r-${randomUUID()}`];
    const { decision_id: decision } = await ask(agent, "look", { args: { n: 9 } });
    const named = { "interlock.run.id": run, "interlock.decision_id": decision };
    await written(agent, { ...toolCall(written1, named), spanId });
    await sent(agent, modelCall("gpt-4.1-mini", { traceId: waiting, spanId: newEventId() }));
    for (const text of [written1, waiting, spanId, run, decision]) {
      const found = await findTelemetry(stranger, text);
      expect(found).toMatchObject({ decision: null, traces: [], waiting: [], dead: [] });
      expect(found.check).toMatchObject({ last: null, keys: [{ agent: "found", last_received_at: null }] });
      const own = await findTelemetry(viewer, text);
      expect(own.traces.length + own.waiting.length).toBe(1);
    }
    expect(await listDeadLetters(stranger)).toEqual([]);
  });

  test("is for people, and for some text", async () => {
    await expect(findTelemetry(otherAgent, newTraceId())).rejects.toMatchObject({ code: "forbidden" });
    await expect(findTelemetry(viewer, " ")).rejects.toMatchObject({ code: "invalid_input" });
  });
});
