import { createHash, randomBytes } from "node:crypto";
import http from "node:http";
import { gzipSync } from "node:zlib";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { Json } from "@/lib/core/shared/json";
import { workspaceDb } from "@/lib/data/db";
import { ingestPool } from "@/lib/data/ingest-pool";
import { writeWaiting } from "@/lib/services/traces/write-waiting";
import { givenAgent, givenWorkspace, type Registered, send } from "@/lib/testing/client";
import { connectOwner } from "@/lib/testing/owner";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";
import { newEventId, newTraceId, nsOf } from "@/lib/testing/trace-events";

const MINIMAL =
  '{"ts":"2026-04-10T03:14:22Z","agent_id":"support-triage-v3","session_id":"a1f8...","model":"gpt-4.1-mini","retrieval":{"index":"kb-prod","doc_ids":["KB-1821","KB-4470"]},"tool_call":{"name":"crm.updateCase","args":{"caseId":"C-88319","priority":"P2"}},"policy":{"decision":"allow","rule":"case_priority_write"},"result":{"status":"ok"}}';

let replicas: Replicas;
let agent: Registered;
let admin: string;
let workspaceId: WorkspaceId;
let url: string;

beforeAll(async () => {
  replicas = await startReplicas(2);
  url = replicas.urls[0] ?? "";
  const account = await givenWorkspace();
  admin = account.token ?? "";
  workspaceId = account.workspaceId;
  agent = await givenAgent(url, admin);
}, 120_000);
afterAll(async () => {
  await replicas.stop();
  await ingestPool.end();
});

const attribute = (key: string, value: Json) => ({
  key,
  value: typeof value === "number" ? { intValue: String(value) } : { stringValue: String(value) },
});

function span(attributes: Readonly<Record<string, Json>>, more: object = {}) {
  const at = new Date();
  return {
    traceId: newTraceId(),
    spanId: newEventId(),
    name: "chat gpt-4.1-mini",
    startTimeUnixNano: nsOf(at),
    endTimeUnixNano: nsOf(new Date(at.getTime() + 100)),
    attributes: Object.entries({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4.1-mini",
      "gen_ai.usage.input_tokens": 1200,
      "gen_ai.usage.output_tokens": 340,
      ...attributes,
    }).map(([key, value]) => attribute(key, value)),
    ...more,
  };
}
const traces = (...spans: readonly object[]) =>
  JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "test", version: "1" }, spans }] }] });

async function post(path: string, body: string | Uint8Array, headers: Record<string, string> = {}, to = url) {
  const response = await fetch(new URL(path, to), {
    method: "POST",
    headers: { authorization: `Bearer ${agent.key}`, "content-type": "application/json", ...headers },
    body: body as BodyInit,
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const type = response.headers.get("content-type") ?? "";
  return {
    status: response.status,
    type,
    bytes,
    json: type.includes("json") ? JSON.parse(bytes.toString() || "{}") : {},
  };
}

const written = async (where: object = {}) => {
  await writeWaiting(AbortSignal.timeout(20_000));
  return workspaceDb(workspaceId).agentEvent.findMany({ where: { workspaceId, ...where } });
};
const idOf = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

describe("who may send", () => {
  test("an agent's key with the scope ingest and nobody else", async () => {
    const body = traces(span({}));
    expect((await post("/v1/traces", body, { authorization: `Bearer ilk_${"x".repeat(40)}` })).status).toBe(401);
    expect((await post("/v1/traces", body, { authorization: `Bearer ${admin}` })).status).toBe(403);
    const path = `/api/v1/agents/${agent.handle}/credentials`;
    const { body: credential } = await send(url, path, admin, { scopes: ["decide"] });
    const decideOnly = { authorization: `Bearer ${String(credential["key"])}` };
    for (const inlet of ["/v1/traces", "/v1/logs", "/v1/metrics", "/api/v1/events"])
      expect([inlet, (await post(inlet, body, decideOnly)).status]).toEqual([inlet, 403]);
    const feedback = JSON.stringify({ run_id: "r", rating: 1 });
    expect((await post("/api/v1/feedback", feedback, decideOnly)).status).toBe(403);
    const refusal = await post("/v1/traces", body, decideOnly);
    expect(refusal.json).toEqual({ code: 7, message: "This key may not be used to ingest." });
  });
});

describe("POST /v1/traces", () => {
  test("takes JSON, packed or not, under both addresses, and prices and keeps it", async () => {
    const one = span({});
    const other = span({ "gen_ai.request.model": "gpt-4.1-mini" });
    expect(await post("/v1/traces", traces(one))).toMatchObject({ status: 200, json: {} });
    const packed = gzipSync(traces(other));
    const reply = await post("/api/public/otel/v1/traces", packed, { "content-encoding": "gzip" });
    expect(reply).toMatchObject({ status: 200, type: "application/json" });
    const [event] = await written({ traceId: idOf(one.traceId) });
    expect(event).toMatchObject({ kind: "llm", tokensInput: 1200n, costStatus: "computed", inWindow: true });
    expect(event?.costPicos).toBeGreaterThan(0n);
    expect(await written({ traceId: idOf(other.traceId) })).toHaveLength(1);
  });

  test("takes a body in chunks without a length", async () => {
    const one = span({});
    const text = traces(one);
    const status = await new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${agent.key}`, "content-type": "application/json; charset=utf-8" };
      const request = http.request(new URL("/v1/traces", url), { method: "POST", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      request.once("error", reject);
      for (let at = 0; at < text.length; at += 100) request.write(text.slice(at, at + 100));
      request.end();
    });
    expect(status).toBe(200);
    expect(await written({ traceId: idOf(one.traceId) })).toHaveLength(1);
  });

  test("answers protobuf in protobuf", async () => {
    const type = { "content-type": "application/x-protobuf" };
    expect(await post("/v1/traces", new Uint8Array(), type)).toMatchObject({ status: 200, type: type["content-type"] });
    const refusal = await post("/v1/traces", Uint8Array.of(0x0a, 0xff, 0x01), type);
    expect(refusal).toMatchObject({ status: 400, type: type["content-type"] });
    expect(refusal.bytes.subarray(0, 3)).toEqual(Buffer.of(0x08, 3, 0x12)); // google.rpc.Status: INVALID_ARGUMENT, message
  });

  test("leaves out what cannot be, says so, and takes the rest", async () => {
    const good = span({});
    const body = traces(
      good,
      span({ "gen_ai.usage.input_tokens": -1 }),
      span({ "gen_ai.usage.cost": "NaN" }),
      span({}, { traceId: "12" }),
    );
    const { status, json } = await post("/v1/traces", body);
    expect(status).toBe(200);
    expect(Number(json.partialSuccess.rejectedSpans)).toBeGreaterThanOrEqual(2);
    expect(json.partialSuccess.errorMessage).toContain("tokens_out_of_range");
    expect(await written({ traceId: idOf(good.traceId) })).toHaveLength(1);
  });

  test("the same batch again, from two processes at once, changes nothing and gets the same answer", async () => {
    const spans = Array.from({ length: 30 }, () => span({}));
    const replies = await Promise.all(
      Array.from({ length: 6 }, (_, n) => post("/v1/traces", traces(...spans), {}, replicas.urls[n % 2])),
    );
    expect(new Set(replies.map(({ status, bytes }) => `${status} ${bytes.toString()}`))).toEqual(new Set(["200 {}"]));
    await written();
    await post("/v1/traces", traces(...spans.toReversed()));
    const ids = spans.map(({ traceId }) => idOf(traceId));
    expect(await written({ traceId: { in: ids } })).toHaveLength(30);
    const counted = await workspaceDb(workspaceId).trace.findMany({ where: { workspaceId, traceId: { in: ids } } });
    expect(counted.map(({ events, conflicts }) => [events, conflicts])).toEqual(spans.map(() => [1n, 0n]));
  });

  test("files events under the credential's agent, whatever they claim", async () => {
    const { handle } = await givenAgent(url, admin);
    const one = span({ "gen_ai.agent.id": handle });
    await post("/v1/traces", traces(one));
    const [event] = await written({ traceId: idOf(one.traceId) });
    const own = await workspaceDb(workspaceId).agent.findFirst({ where: { workspaceId, handle: agent.handle } });
    expect(event).toMatchObject({ agentId: own?.id, claimsOther: true, detail: { agentId: handle } });
  });

  test("keeps what is dated far off, and does not count it as evidence", async () => {
    const year = (y: number) => span({}, { startTimeUnixNano: nsOf(new Date(Date.UTC(y, 1))), endTimeUnixNano: "0" });
    const [old, far] = [year(1971), year(2090)];
    expect((await post("/v1/traces", traces(old, far))).status).toBe(200);
    for (const { traceId } of [old, far])
      expect(await written({ traceId: idOf(traceId) })).toMatchObject([{ inWindow: false }]);
  });
});

describe("bodies", () => {
  const headers = { "content-encoding": "gzip" };

  test("that are no telemetry are refused with what to send instead", async () => {
    expect((await post("/v1/traces", "{}", { "content-type": "text/plain" })).status).toBe(415);
    expect((await post("/v1/traces", "{}", { "content-encoding": "br" })).status).toBe(415);
    expect((await post("/v1/traces", "{}", { "content-encoding": "gzip, gzip" })).status).toBe(415);
    expect((await post("/v1/traces", "{}", headers)).status).toBe(400);
    expect((await post("/v1/traces", gzipSync("{}").subarray(0, 15), headers)).status).toBe(400);
    expect((await post("/v1/traces", "{")).status).toBe(400);
    expect((await post("/v1/traces", JSON.stringify({ resourceLogs: [] }))).json.message).toContain("/v1/logs");
  });

  test("that are too large end at the limit, and their sender reads why", async () => {
    const reply = await post("/v1/traces", Buffer.alloc(21 * 1024 * 1024, " "));
    expect(reply.status).toBe(413);
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, " "));
    const packed = await post("/v1/traces", bomb, headers);
    expect(packed).toMatchObject({ status: 413, json: { code: 8 } });
    expect(packed.json.message).toContain("20971520");
  });
});

describe("POST /api/v1/events", () => {
  test("takes the minimal event as it is, as a line, in an array and among faulty ones", async () => {
    const lines = { "content-type": "application/x-ndjson" };
    expect(await post("/api/v1/events", MINIMAL)).toMatchObject({ status: 200, json: { accepted: 1, rejected: 0 } });
    expect((await post("/api/v1/events", `[${MINIMAL}]`)).json).toMatchObject({ accepted: 1 });
    const mixed = await post("/api/v1/events", `${MINIMAL}\n{"ts":7,\n`, lines);
    expect(mixed).toMatchObject({ status: 200, json: { accepted: 1, rejected: 1 } });
    const events = await written({ tool: "crm.updateCase" });
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ inWindow: false, outcome: "success", session: "a1f8..." });
  });
});

describe("POST /api/v1/feedback", () => {
  test("is kept once, by run or trace, without what people wrote", async () => {
    const said = JSON.stringify({ run_id: "r-7", rating: -1, comment: "wrong customer", user_id: "ann@example.com" });
    const [one, again] = [await post("/api/v1/feedback", said), await post("/api/v1/feedback", said)];
    expect([one.status, again.json]).toEqual([201, one.json]);
    const facts = await workspaceDb(workspaceId).eventFact.findMany({ where: { workspaceId } });
    expect(facts).toHaveLength(1);
    expect(facts[0]?.body).toMatchObject({ rating: -1 });
    expect(JSON.stringify(facts)).not.toMatch(/wrong customer|ann@/);
    expect((await post("/api/v1/feedback", JSON.stringify({ rating: 1 }))).status).toBe(400);
  });
});

describe("POST /v1/metrics", () => {
  test("keeps each point once", async () => {
    const at = nsOf(new Date());
    const sum = {
      aggregationTemporality: 1,
      isMonotonic: true,
      dataPoints: [{ startTimeUnixNano: at, timeUnixNano: at, asInt: "17", attributes: [attribute("type", "input")] }],
    };
    const metrics = [{ name: "claude_code.token.usage", unit: "tokens", sum }];
    const body = JSON.stringify({ resourceMetrics: [{ resource: {}, scopeMetrics: [{ scope: {}, metrics }] }] });
    expect((await post("/v1/metrics", body)).status).toBe(200);
    expect((await post("/v1/metrics", body)).status).toBe(200);
    const points = await workspaceDb(workspaceId).usagePoint.findMany({ where: { workspaceId } });
    expect(points).toMatchObject([{ metric: "claude_code.token.usage", point: { value: "17" } }]);
  });
});

describe("secrets", () => {
  test("that were sent through any inlet are in no table", async () => {
    const key = `sk-proj-${createHash("sha512").update(randomBytes(9)).digest("base64url").slice(0, 48)}T3BlbkFJ`;
    const secrets = [
      key,
      "4111111111111111",
      "jane.roe@corp.example",
      `ghp_${randomBytes(27).toString("hex").slice(0, 36)}`,
    ];
    const text = secrets.join(" ");
    const tool = {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "t",
      "gen_ai.tool.call.arguments": `{"q":"${text}"}`,
    };
    const said = {
      "custom.note": text,
      "gen_ai.conversation.id": text,
      "gen_ai.input.messages": text,
      "gen_ai.agent.name": text,
    };
    expect((await post("/v1/traces", traces(span({ ...tool, ...said }, { name: `call ${text}` })))).status).toBe(200);
    expect(
      (await post("/api/v1/events", JSON.stringify({ ...JSON.parse(MINIMAL), session_id: text, note: text }))).status,
    ).toBe(200);
    expect(
      (await post("/api/v1/feedback", JSON.stringify({ run_id: text.slice(0, 150), label: key, comment: text })))
        .status,
    ).toBe(201);
    const owner = await connectOwner();
    const tables = await owner.query<{ name: string }>(
      "SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition",
    );
    const look = async () => {
      for (const { name } of tables.rows) {
        for (const secret of secrets) {
          const { rows } = await owner.query(`SELECT 1 FROM ${name} t WHERE strpos(t::text, $1) > 0 LIMIT 1`, [secret]);
          expect([name, secret, rows.length]).toEqual([name, secret, 0]);
        }
      }
    };
    await look(); // while batches wait
    await written();
    await look();
    await owner.end();
  });
});
