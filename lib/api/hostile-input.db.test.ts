import { randomUUID } from "node:crypto";

import { beforeAll, describe, expect, test } from "vitest";

import { workspaceDb } from "@/lib/data/db";
import { registerAgent } from "@/lib/services/agents/register-agent";
import type { ServiceContext } from "@/lib/services/context";
import { givenWorkspace, supportManifest } from "@/lib/testing/client";
import { ROLES } from "@/lib/core/workspaces/roles";

import { createApp } from "./app";
import { operations } from "./operations";

const app = createApp({ draining: false });
let key: string;
let token: string;
let ctx: ServiceContext;

beforeAll(async () => {
  const account = await givenWorkspace();
  token = account.token;
  const { workspaceId, memberId } = account;
  ctx = {
    workspaceId,
    actor: { kind: "member", memberId, roles: ROLES, via: "token" },
    requestId: "test",
    now: new Date(),
    db: workspaceDb(workspaceId),
  };
  const id = `agent-${randomUUID().slice(0, 8)}`;
  key = (
    await registerAgent(ctx, {
      id,
      task: "t",
      dri: memberId,
      environment: "production",
      level: 3,
      manifest: supportManifest(id),
    })
  ).key;
});

async function post(target: string, body: string | Uint8Array<ArrayBuffer>, secret = key, type = "application/json") {
  const response = await app.request(target, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": type },
    body,
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get("content-type"), body: JSON.parse(text) };
}

const call = (args: string) => `{"session_id":"s","run_id":"r","tool":"read_customer_record","args":${args}}`;
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

/** What must be refused, by the row of the threat list, with the code a program can match on. */
const REFUSED: readonly (readonly [name: string, body: string, status: number, code: string])[] = [
  ["T45 a duplicate key", call('{"amount":1,"amount":1000000}'), 400, "duplicate_key"],
  ["T45 a duplicate key in disguise", call('{"amount":1,"\\u0061mount":2}'), 400, "duplicate_key"],
  ["T46 a number that would change", call('{"n":9007199254740993}'), 400, "number_not_exact"],
  ["T46 a number without a value", call('{"n":1E400}'), 400, "number_not_exact"],
  ["T47 a prototype", call('{"__proto__":{"admin":true}}'), 400, "forbidden_key"],
  ["T48 half a character", call('{"a":"\\ud800"}'), 400, "malformed_unicode"],
  ["T49 a NUL", call('{"a":"\\u0000"}'), 400, "nul_character"],
  ["T50 sixty-five levels", call(`{"a":${deep(65)}}`), 400, "too_deep"],
  ["T50 a hundred thousand levels", call(`{"a":${deep(100_000)}}`), 400, "too_deep"],
  [
    "T51 too many keys",
    call(`{${Array.from({ length: 10_001 }, (_, i) => `"k${i}":1`).join(",")}}`),
    400,
    "too_many_keys",
  ],
  ["T51 too large a body", call(`{"a":"${"x".repeat(1_100_000)}"}`), 413, "body_too_large"],
  ["no JSON", "{", 400, "malformed_json"],
  ["nothing", "", 400, "malformed_json"],
  ["a list", "[]", 400, "invalid_input"],
  ["arguments that are no object", call("[1]"), 400, "invalid_input"],
  ["an unknown key", '{"session_id":"s","run_id":"r","tool":"t","args":{},"admin":true}', 400, "invalid_input"],
  ["a missing key", '{"run_id":"r","tool":"t","args":{}}', 400, "invalid_input"],
  [
    "a negative estimate",
    '{"session_id":"s","run_id":"r","tool":"t","args":{},"estimate":{"cost_usd":-5}}',
    400,
    "invalid_input",
  ],
];

describe("hostile input", () => {
  test.each(REFUSED)("%s is refused with its place, and nothing is stored", async (_name, body, status, code) => {
    const before = await ctx.db.decision.count({ where: { workspaceId: ctx.workspaceId } });
    const answer = await post("/api/v1/decisions", body);
    expect(answer).toMatchObject({ status, type: "application/problem+json; charset=utf-8", body: { status, code } });
    if (status === 400)
      expect(answer.body.faults[0]).toMatchObject({ path: expect.any(String), message: expect.any(String) });
    expect(await ctx.db.decision.count({ where: { workspaceId: ctx.workspaceId } })).toBe(before);
    expect(Object.hasOwn(Object.prototype, "admin")).toBe(false);
  });

  test("another media type, a content encoding and bytes that are no UTF-8 are refused", async () => {
    expect(await post("/api/v1/decisions", "{}", key, "text/plain")).toMatchObject({ status: 415 });
    expect(await post("/api/v1/decisions", new Uint8Array([0x7b, 0xff, 0x7d]))).toMatchObject({
      status: 400,
      body: { code: "malformed_unicode" },
    });
  });

  test.each([
    "{}",
    "[]",
    "null",
    '"text"',
    "0",
    '{"a":{"b":[{"c":null}]}}',
    `{"id":${"9".repeat(400)}}`,
    '{"name":"\\u202e"}',
  ])("no operation answers %s with a failure of ours", async (body) => {
    for (const operation of operations.filter(
      ({ method }) => method === "post" || method === "put" || method === "patch",
    )) {
      const target = operation.path.replaceAll(/\{\w+\}/g, "01a1f000-0000-7000-8000-000000000000");
      for (const secret of [key, token, "ilp_nobody-nobody-nobody-nobody"]) {
        const response = await app.request(target, {
          method: operation.method.toUpperCase(),
          headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
          ...(operation.body && { body }),
        });
        expect({ target, failed: response.status >= 500 }).toEqual({ target, failed: false });
      }
    }
  });

  test.each([
    ["an alias bomb", "a: &a [1,1]\nb: [*a,*a,*a]"],
    ["a foreign tag", 'agent: !!js/function "x"'],
    ["a merge key", "agent:\n  <<: {id: x}\n  id: y"],
    ["a duplicate key", "agent:\n  id: x\n  id: y\ntools: {}"],
    ["two documents", "agent: {id: x}\n---\nagent: {id: y}"],
    ["an unknown key", "agent:\n  id: x\ntools:\n  allowed:\n    - name: a\n      requires_aproval: true"],
  ])("T53 a manifest with %s is refused with its line", async (_name, manifest) => {
    const id = `bad-${randomUUID().slice(0, 8)}`;
    const body = JSON.stringify({
      id,
      task: "t",
      dri: ctx.actor.kind === "member" ? ctx.actor.memberId : "",
      environment: "production",
      level: 3,
      manifest,
    });
    const answer = await post("/api/v1/agents", body, token);
    expect(answer.status).toBe(422);
    expect(answer.body.faults.some((fault: { line?: number }) => (fault.line ?? 0) > 0)).toBe(true);
    expect(await ctx.db.agent.count({ where: { workspaceId: ctx.workspaceId, handle: id } })).toBe(0);
  });

  test("a query parameter given twice and an unknown one are refused", async () => {
    const headers = { authorization: `Bearer ${token}` };
    expect((await app.request("/api/v1/agents?limit=1&limit=2", { headers })).status).toBe(400);
    expect((await app.request("/api/v1/agents?admin=1", { headers })).status).toBe(400);
  });
});
