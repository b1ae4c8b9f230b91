import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { givenAgent, givenWorkspace, send } from "@/lib/testing/client";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

let replicas: Replicas;
let admin: string;
let key: string;
let url: string;

const manifest = (handle: string) => `
agent: { id: ${handle} }
tools:
  allowed:
    - { name: update_ticket_status, sources: [crm] }
    - { name: read_customer_record }
context:
  sources:
    - { name: crm, ttl_seconds: 600, scope_keys: [customer_id], max_change: 0.5, on_stale: refetch }
memory:
  scratchpad: { retain: none }
`;

beforeAll(async () => {
  replicas = await startReplicas(1);
  url = replicas.urls[0] ?? "";
  admin = (await givenWorkspace()).token;
  key = (await givenAgent(url, admin, { manifest })).key;
}, 60_000);
afterAll(async () => {
  await replicas.stop();
});

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();
const crm = (customer: string, balance: number, seconds = 5) => ({
  source: "crm",
  as_of: ago(seconds),
  scope: { customer_id: customer },
  values: { balance },
});
const update = (context: object, customer: string) => ({
  session_id: `s-${randomUUID()}`,
  run_id: "r-1",
  tool: "update_ticket_status",
  args: { customer_id: customer, status: "open" },
  context: [context],
});
const decide = async (call: object) => {
  const { body } = await send(url, "/api/v1/decisions", key, call);
  const [reason] = body["reasons"] as unknown as { code: string }[];
  return [body["verdict"], reason?.code ?? null];
};
const check = (body: object) => send(url, "/api/v1/context/checks", key, body);

describe("POST /api/v1/decisions with context", () => {
  test("holds each reading against the last accepted one of the same customer", async () => {
    expect(await decide(update(crm("C-1", 100, 60), "C-1"))).toEqual(["allow", null]);
    expect(await decide(update(crm("C-1", 400), "C-1"))).toEqual(["deny", "context_changed"]);
    expect(await decide(update(crm("C-1", 140, 30), "C-1"))).toEqual(["allow", null]);
    // From 140 on, not from 100 on; and an older record that comes late does not turn the clock back.
    expect(await decide(update(crm("C-1", 200, 20), "C-1"))).toEqual(["allow", null]);
    expect(await decide(update(crm("C-1", 150, 50), "C-1"))).toEqual(["allow", null]);
    expect(await decide(update(crm("C-1", 290), "C-1"))).toEqual(["allow", null]);
    expect(await decide(update(crm("C-2", 4_000), "C-2"))).toEqual(["allow", null]);
  });

  test("refuses customer A's context for customer B's call", async () => {
    expect(await decide(update(crm("C-5", 1), "C-6"))).toEqual(["deny", "out_of_scope"]);
  });
});

describe("POST /api/v1/context/checks", () => {
  test("answers for every source, and keeps what good ones say", async () => {
    const good = await check({ tool: "update_ticket_status", context: [crm("C-7", 100, 20)] });
    expect(good).toMatchObject({
      status: 200,
      body: { ok: true, sources: [{ source: "crm", ok: true, ttl_seconds: 600, faults: [] }] },
    });
    expect(await check({ context: [crm("C-7", 500)] })).toMatchObject({
      status: 409,
      body: { code: "stale_context", refetch: ["crm"], faults: [{ code: "context_changed" }] },
    });
    expect(await decide(update(crm("C-7", 500), "C-7"))).toEqual(["deny", "context_changed"]);
  });

  test("names what to fetch again, and of which kind the failure is", async () => {
    const answer = await check({
      context: [
        crm("C-8", 1, 3_600),
        { source: "memory.scratchpad", as_of: ago(1), scope: { run_id: "r-1" } },
        { source: "wiki", as_of: ago(1) },
      ],
    });
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: "stale_context",
        refetch: ["crm", "memory.scratchpad", "wiki"],
        sources: [
          { age_seconds: 3600, faults: [{ code: "stale_context", failure_class: "context_blindness" }] },
          { faults: [{ code: "memory_not_retained", failure_class: "memory_corruption" }] },
          { faults: [{ code: "context_unknown" }] },
        ],
      },
    });
  });

  test("says so when a tool's context is missing, and when nothing allows the tool", async () => {
    expect(await check({ tool: "update_ticket_status", context: [] })).toMatchObject({
      status: 409,
      body: { faults: [{ code: "context_missing" }] },
    });
    expect(await check({ tool: "drop_table", context: [] })).toMatchObject({
      status: 409,
      body: { code: "unknown_tool" },
    });
    expect(await check({ context: [{ source: "crm", as_of: "yesterday" }] })).toMatchObject({ status: 400 });
    expect(await send(url, "/api/v1/context/checks", admin, { context: [] })).toMatchObject({ status: 403 });
  });
});
