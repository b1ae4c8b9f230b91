import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { givenAgent, givenMember, givenWorkspace, send } from "@/lib/testing/client";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

let replicas: Replicas;
let admin: string;
let second: string;
let key: string;
const url = (index: number): string => replicas.urls[index % replicas.urls.length] ?? "";

beforeAll(async () => {
  replicas = await startReplicas(2);
}, 60_000);
afterAll(async () => {
  await replicas.stop();
});
beforeEach(async () => {
  admin = (await givenWorkspace()).token;
  key = (await givenAgent(url(0), admin)).key;
  const member = { email: `second-${randomUUID()}@example.com`, name: "Second", roles: ["policy_admin"] };
  second = (await givenMember(url(0), admin, member)).token;
});

const yaml = { headers: { "content-type": "application/yaml" } };
const publish = (text: string, token = admin, index = 0) =>
  send(url(index), "/api/v1/guardrails?publish=true", token, text, yaml);
const call = (tool: string, args: object = { customer_id: "C-1" }) => ({
  session_id: `s-${randomUUID()}`,
  run_id: "r-1",
  tool,
  args,
});
const decide = (tool: string, index = 0) => send(url(index), "/api/v1/decisions", key, call(tool));

describe("the workspace's guardrail", () => {
  test("takes away from every agent at once, on every replica, and is named in the answer", async () => {
    expect((await decide("read_customer_record", 1)).body).toMatchObject({ verdict: "allow" });
    const answer = await publish("tools: {blocked: ['read_*']}");
    expect(answer).toMatchObject({ status: 201, body: { status: "published", version: 1, change: "first" } });
    expect((await decide("read_customer_record", 1)).body).toMatchObject({
      verdict: "deny",
      rule: "guardrails.tools.blocked[0]",
      reasons: [{ code: "tool_blocked", path: "/guardrails/tools/blocked/0" }],
    });
  });

  test("narrows at once and widens only with a second person", async () => {
    await publish("tools: {blocked: [update_ticket_status]}");
    const narrower = await publish("tools: {blocked: [update_ticket_status, read_customer_record]}");
    expect(narrower).toMatchObject({ status: 201, body: { status: "published", version: 2, change: "narrowing" } });
    const wider = await publish("tools: {blocked: [update_ticket_status]}");
    expect(wider).toMatchObject({
      status: 202,
      body: { status: "needs_second_person", version: 3, change: "widening" },
    });
    expect((await decide("read_customer_record")).body).toMatchObject({ verdict: "deny" });

    expect(await send(url(0), "/api/v1/guardrails/3/publish", admin, undefined, { method: "POST" })).toMatchObject({
      status: 409,
      body: { code: "needs_second_person" },
    });
    expect(await send(url(1), "/api/v1/guardrails/3/publish", second, undefined, { method: "POST" })).toMatchObject({
      status: 200,
      body: { status: "published", version: 3 },
    });
    expect((await decide("read_customer_record", 1)).body).toMatchObject({ verdict: "allow" });
    const list = await send(url(0), "/api/v1/guardrails", admin);
    expect(list.body["items"]).toMatchObject([
      { version: 3, state: "published" },
      { version: 2, state: "superseded" },
      { version: 1, state: "superseded" },
    ]);
  });

  test("refuses a faulty text with line and column, and stores nothing", async () => {
    const answer = await publish("tools:\n  blockd: [x]\nexecution:\n  max_step: 3\n");
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: "invalid_guardrail",
        faults: [
          { code: "unknown_key", line: 2, column: 3 },
          { code: "unknown_key", line: 4, column: 3 },
        ],
      },
    });
    expect((await send(url(0), "/api/v1/guardrails", admin)).body["items"]).toEqual([]);
  });

  test("checks a text without storing it, and keeps its pinned cases", async () => {
    const text = "tools: {blocked: [drop_table]}\ntests: [{call: {tool: drop_table}, expect: allow}]\n";
    const checked = await send(url(0), "/api/v1/guardrails/check", admin, text, yaml);
    expect(checked.body).toMatchObject({
      ok: false,
      change: "first",
      notes: [{ code: "failing_test", line: 2, column: 9 }, { code: "unknown_block" }],
    });
    expect((await publish(text)).status).toBe(422);
  });

  test("is written by policy administrators only, seen by every member of its workspace and by nobody else", async () => {
    const viewer = { email: `viewer-${randomUUID()}@example.com`, name: "Viewer", roles: ["viewer"] };
    const { token } = await givenMember(url(0), admin, viewer);
    expect((await publish("tools: {blocked: [x]}", token)).status).toBe(403);
    await publish("tools: {blocked: [x]}");
    expect((await send(url(0), "/api/v1/guardrails/current", token)).body).toMatchObject({ version: 1 });
    const other = (await givenWorkspace()).token;
    expect((await send(url(0), "/api/v1/guardrails/current", other)).status).toBe(404);
  });

  test("closes open approvals, which were asked for under looser terms", async () => {
    const asked = await decide("send_customer_email");
    const { id } = asked.body["approval"] as unknown as { id: string };
    await publish("approval: {quorum: 2}");
    expect((await send(url(1), `/api/v1/approvals/${id}`, admin)).body).toMatchObject({ state: "superseded" });
    const again = await decide("send_customer_email");
    expect(again.body).toMatchObject({ verdict: "require_approval" });
  });

  test("nothing it blocks is allowed after it has answered, however busy both replicas are", async () => {
    let running = true;
    let answeredAt = Number.POSITIVE_INFINITY;
    const late: string[] = [];
    const worker = async (index: number) => {
      while (running) {
        const startedAt = performance.now();
        const { body } = await decide("read_customer_record", index);
        if (startedAt > answeredAt && body["verdict"] !== "deny") late.push(String(body["verdict"]));
      }
    };
    const workers = Array.from({ length: 8 }, (_, index) => worker(index));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const published = await publish("tools: {blocked: [read_customer_record]}");
    answeredAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 200));
    running = false;
    await Promise.all(workers);
    expect(published.status).toBe(201);
    expect(late).toEqual([]);
  });

  test("believes a tool's server against the tool, and closes what was asked for under another definition", async () => {
    const tool = { name: "update_ticket_status", reversibility: "reversible", blast_radius: "low" };
    const ask = { ...call("update_ticket_status", { status: "open" }) };
    expect((await send(url(0), "/api/v1/decisions", key, ask)).body).toMatchObject({ verdict: "allow" });
    const hinted = await send(url(0), "/api/v1/tools", admin, { ...tool, hints: { destructiveHint: true } });
    expect(hinted.status).toBe(201);
    const again = { ...call("update_ticket_status", { status: "open" }) };
    expect((await send(url(1), "/api/v1/decisions", key, again)).body).toMatchObject({
      verdict: "require_approval",
      rule: "level.3.reversible",
    });
    // Registered again without a word about hints, as the form does it: they stay.
    expect((await send(url(0), "/api/v1/tools", admin, tool)).status).toBe(201);
    const third = { ...call("update_ticket_status", { status: "open" }) };
    expect((await send(url(1), "/api/v1/decisions", key, third)).body).toMatchObject({ verdict: "require_approval" });
  });
});
