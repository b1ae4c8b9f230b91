import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { RunFilter } from "@/lib/core/runs/schema";
import { ingestPool } from "@/lib/data/ingest-pool";
import { type AskingAgent, ask, givenAskingAgent } from "@/lib/testing/agent";
import { type SpanDraft, spanBody } from "@/lib/testing/otlp-bodies";
import { givenTenant, type Person } from "@/lib/testing/tenant";
import { newEventId, newTraceId } from "@/lib/testing/trace-events";

import { takeTelemetry } from "../traces/take-telemetry";
import { writeWaiting } from "../traces/write-waiting";
import { listRuns } from "./list-runs";
import { listUndecided } from "./list-undecided";

afterAll(() => ingestPool.end());

let agent: AskingAgent;
let viewer: Person;
let stranger: Person;
const undecided = newTraceId();

beforeAll(async () => {
  const tenant = await givenTenant();
  viewer = await tenant.person("viewer");
  stranger = await (await givenTenant()).person("admin");
  agent = await givenAskingAgent(tenant, {
    author: await tenant.person("admin"),
    handle: "listed",
    tools: ["look", "find"].map((name) => ({ name, reversibility: "read", blast_radius: "none" })),
    manifest: 'tools:\n  allowed:\n    - name: "look"\n    - name: "find"\n',
  });
  await ask(agent, "look", { run_id: "told" });
  await ask(agent, "find", { run_id: "silent" });
  const call = (traceId: string, run: string, model: string, more: SpanDraft["attributes"] = {}): SpanDraft => ({
    traceId,
    spanId: newEventId(),
    startNs: BigInt(Date.now()) * 1_000_000n,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": model,
      "gen_ai.usage.input_tokens": 10,
      "session.id": "s-1",
      "interlock.run.id": run,
      ...more,
    },
  });
  const spans = [
    call(newTraceId(), "told", "gpt-4.1-mini", { "interlock.customer": "northwind" }),
    call(undecided, "never-asked", "gpt-4.1"),
  ];
  await written(spans);
});

async function written(spans: readonly SpanDraft[]): Promise<void> {
  const body = spanBody("json", spans, { scope: "my.tracer", version: "3" });
  const taken = await takeTelemetry(agent, { inlet: "traces", encoding: "json", body });
  if (!taken.ok) throw new Error("the telemetry was refused");
  await writeWaiting(AbortSignal.timeout(20_000));
}

const runs = async (query: object, by = viewer) =>
  (await listRuns(by, RunFilter.parse(query))).items.map(({ run }) => run).toSorted();
const traces = async (query: object, by = viewer) =>
  (await listUndecided(by, RunFilter.parse(query))).map(({ trace_id: id }) => id);

describe("listRuns", () => {
  test("narrows to what the telemetry of a run has, all of it in one event", async () => {
    expect(await runs({})).toEqual(["silent", "told"]);
    expect(await runs({ model: "gpt-4.1-mini" })).toEqual(["told"]);
    expect(await runs({ provider: "openai", customer: "northwind" })).toEqual(["told"]);
    expect(await runs({ model: "gpt-4.1-mini", customer: "southwind" })).toEqual([]);
    expect(await runs({ tag: "x" })).toEqual([]);
    expect(await runs({ outcome: "error" })).toEqual([]);
  });

  test("narrows to a tool by decided calls as well", async () => {
    expect(await runs({ tool: "find" })).toEqual(["silent"]);
    expect(await runs({ tool: "find", from: "now-1h" })).toEqual(["silent"]);
    expect(await runs({ tool: "find", from: "2026-01-01", to: "2026-01-02" })).toEqual([]);
  });

  test("narrows to a range", async () => {
    expect(await runs({ from: "now-1h" })).toEqual(["silent", "told"]);
    expect(await runs({ from: "2026-01-01", to: "2026-01-02" })).toEqual([]);
    expect(await runs({ from: "now-1h", model: "gpt-4.1-mini" })).toEqual(["told"]);
  });
});

describe("listUndecided", () => {
  test("lists the traces in whose run no call was decided, narrowed like the runs", async () => {
    expect(await traces({})).toEqual([undecided]);
    expect(await traces({ from: "now-1h", model: "gpt-4.1" })).toEqual([undecided]);
    expect(await traces({ model: "gpt-4.1-mini" })).toEqual([]);
    expect(await traces({ from: "2026-01-01", to: "2026-01-02" })).toEqual([]);
    expect(await traces({ agent: "somebody-else" })).toEqual([]);
  });

  test("shows another workspace nothing", async () => {
    expect(await traces({}, stranger)).toEqual([]);
    expect(await runs({}, stranger)).toEqual([]);
  });
});
