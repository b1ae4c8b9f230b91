import { randomUUID } from "node:crypto";

import { beforeAll, describe, expect, test } from "vitest";

import type { MemberId } from "@/lib/core/shared/brand";
import { ROLES } from "@/lib/core/workspaces/roles";
import { workspaceDb } from "@/lib/data/db";
import { registerAgent } from "@/lib/services/agents/register-agent";
import type { ServiceContext } from "@/lib/services/context";
import { changeSettings } from "@/lib/services/workspaces/change-settings";
import { registerTools } from "@/lib/services/tools/register-tools";
import { givenWorkspace } from "@/lib/testing/client";
import { RegisterToolInput } from "@/lib/core/tools/schema";

import { createApp } from "./app";
import { isApiPath } from "./front";

const app = createApp({ draining: false });
const handle = `agent-${randomUUID().slice(0, 8)}`;
let key: string;
let token: string;
let ctx: ServiceContext;

// The fixture of the certification scenario as far as it fits: `read`, `write` unless archived, `delete` only softly.
const manifest = `
agent: { id: ${handle} }
tools:
  allowed:
    - { name: read }
    - { name: write, constraints: { denied_statuses: [archived] } }
    - { name: delete, when: { arg: soft, equals: true } }
    - { name: send }
`;

beforeAll(async () => {
  const account = await givenWorkspace();
  token = account.token;
  const { workspaceId, memberId } = account;
  const actor = { kind: "member", memberId, roles: ROLES, via: "token" } as const;
  ctx = { workspaceId, actor, requestId: "test", now: new Date(), db: workspaceDb(workspaceId) };
  const classes = [
    { name: "read", reversibility: "read", blast_radius: "none" },
    { name: "write", reversibility: "reversible", blast_radius: "low" },
    { name: "delete", reversibility: "reversible", blast_radius: "low" },
    { name: "send", reversibility: "irreversible", blast_radius: "low" },
  ];
  await registerTools(
    ctx,
    classes.map((tool) => RegisterToolInput.parse(tool)),
  );
  const agent = { id: handle, task: "t", dri: memberId, environment: "production", level: 3, manifest } as const;
  key = (await registerAgent(ctx, agent)).key;
});

type Sent = { readonly secret?: string; readonly headers?: Record<string, string>; readonly target?: string };

async function ask(body: unknown, { secret = key, headers = {}, target = "evaluation" }: Sent = {}) {
  const response = await app.request(`/access/v1/${target}`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}
const many = (body: unknown, sent: Sent = {}) => ask(body, { ...sent, target: "evaluations" });

const subject = { type: "agent", id: handle };
const record1 = { type: "record", id: "record-1" };
const archived = { type: "record", id: "record-2", properties: { status: "archived" } };
const active = { type: "record", id: "record-1", properties: { status: "active" } };
const readRecord = { subject, action: { name: "read" }, resource: record1 };
const decisionsOf = (body: { evaluations: { decision: boolean }[] }) =>
  body.evaluations.map(({ decision }) => decision);

describe("POST /access/v1/evaluation", () => {
  test.each([
    ["a permit", readRecord, true],
    ["a permit by a property", { subject, action: { name: "write" }, resource: active }, true],
    ["a denial by a resource's property", { subject, action: { name: "write" }, resource: archived }, false],
    [
      "a permit by an action's property",
      { ...readRecord, action: { name: "delete", properties: { soft: true } } },
      true,
    ],
    ["a denial by it", { ...readRecord, action: { name: "delete", properties: { soft: false } } }, false],
    ["a tool nobody allows", { ...readRecord, action: { name: "can_read", properties: { method: "GET" } } }, false],
    ["what a person must approve", { ...readRecord, action: { name: "send" } }, false],
    ["the tool as its own resource", { ...readRecord, resource: { type: "tool", id: "read" } }, true],
    ["a context of anything", { ...readRecord, context: { time: "1985-10-26T01:22-07:00", ip: "192.168.1.1" } }, true],
    ["members nobody knows", { ...readRecord, foo: "bar", futureField: { nested: true } }, true],
    ["another agent", { ...readRecord, subject: { type: "agent", id: "someone-else" } }, false],
    ["a user", { ...readRecord, subject: { type: "user", id: "alice@acmecorp.com" } }, false],
  ])("answers %s", async (_what, request, decision) => {
    const answers = [await ask(request), await ask(request)];
    for (const { status, body } of answers) {
      expect({ status, decision: body.decision }).toEqual({ status: 200, decision });
      expect(body.context).toMatchObject({ committed: false });
    }
  });

  test("tells administrators the rule and users only what follows from it", async () => {
    const { body } = await ask({ subject, action: { name: "write" }, resource: archived });
    expect(body.context).toMatchObject({
      id: "constraint_unmet",
      verdict: "deny",
      rule: "tools.allowed[1].constraints.denied_statuses",
      codes: ["constraint_unmet"],
      reason_user: { en: "This is not permitted." },
    });
    expect(body.context.reason_admin.en).toContain("archived");
  });

  test("is a question unless it says that it commits", async () => {
    const run = { session_id: `s-${randomUUID()}`, run_id: "r-1" };
    const asked = { ...readRecord, context: { interlock: run } };
    expect((await ask(asked)).body).toMatchObject({ decision: true, context: { committed: false } });
    const made = { ...readRecord, context: { interlock: { ...run, commit: true } } };
    const headers = { "idempotency-key": randomUUID() };
    const first = await ask(made, { headers });
    expect(first.body).toMatchObject({ decision: true, context: { committed: true, receipt: expect.any(String) } });
    expect((await ask(made, { headers })).body).toEqual(first.body);
    const waiting = { ...made, action: { name: "send" } };
    expect((await ask(waiting)).body).toMatchObject({
      decision: false,
      context: { verdict: "require_approval", committed: true, approval: { id: expect.any(String) } },
    });
    const { db, workspaceId } = ctx;
    const run1 = await db.run.findFirstOrThrow({ where: { workspaceId, externalId: "r-1" }, select: { steps: true } });
    expect(run1.steps).toBe(2);
    const entries = await db.ledgerEntry.count({ where: { workspaceId, kind: "access.evaluate" } });
    expect(entries).toBeGreaterThan(0);
  });

  test("lets a policy administrator ask about any agent, and commit for none", async () => {
    expect((await ask(readRecord, { secret: token })).body).toMatchObject({ decision: true });
    const made = { ...readRecord, context: { interlock: { session_id: "s", run_id: "r", commit: true } } };
    expect(await ask(made, { secret: token })).toMatchObject({ status: 403, body: { decision: false } });
    expect(
      (await ask({ ...readRecord, subject: { type: "agent", id: "nobody" } }, { secret: token })).body,
    ).toMatchObject({
      decision: false,
      context: { id: "subject_unknown" },
    });
  });

  test.each([
    ["no subject", { action: readRecord.action, resource: record1 }],
    ["no action", { subject, resource: record1 }],
    ["no resource", { subject, action: readRecord.action }],
    ["a subject without type", { ...readRecord, subject: { id: handle } }],
    ["a subject without id", { ...readRecord, subject: { type: "agent" } }],
    ["an action without name", { ...readRecord, action: {} }],
    ["a resource without type", { ...readRecord, resource: { id: "record-1" } }],
    ["a resource without id", { ...readRecord, resource: { type: "record" } }],
    ["a subject that is a text", { ...readRecord, subject: "alice" }],
    ["a name that is a number", { ...readRecord, action: { name: 123 } }],
    [
      "a property that is said twice",
      { ...readRecord, action: { name: "write", properties: { record_id: "record-9" } } },
    ],
    ["another tool as the resource", { ...readRecord, resource: { type: "tool", id: "write" } }],
    ["a misspelt extension", { ...readRecord, context: { interlock: { comit: true } } }],
    ["a commit for no run", { ...readRecord, context: { interlock: { commit: true } } }],
    ["no JSON", "{"],
    ["nothing", ""],
    ["a key twice", `{"subject":{},"subject":{}}`],
    ["a prototype", `{"subject":{"type":"agent","id":"a","properties":{"__proto__":{}}}}`],
  ])("refuses %s with 400", async (_what, body) => {
    expect((await ask(body)).status).toBe(400);
  });

  test("gives the request's id back, takes JSON only and knows its callers", async () => {
    const id = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716";
    const headers = { "x-request-id": id };
    expect((await ask(readRecord, { headers })).headers.get("x-request-id")).toBe(id);
    expect((await ask({}, { headers })).headers.get("x-request-id")).toBe(id);
    for (const long of ["x".repeat(500), `~!"#${" y".repeat(4_000)}`]) {
      const sent = { headers: { "x-request-id": long } };
      expect((await ask(readRecord, sent)).headers.get("x-request-id")).toBe(long);
    }
    expect((await ask(readRecord, { headers: { "content-type": "text/plain" } })).status).toBe(400);
    expect((await ask(readRecord, { secret: `ilk_${"x".repeat(43)}` })).status).toBe(401);
    expect((await ask(readRecord)).headers.get("content-type")).toContain("application/json");
  });
});

describe("POST /access/v1/evaluations", () => {
  test("answers each in order with its defaults", async () => {
    const shared = { subject, action: { name: "write" }, resource: { type: "record" } };
    const { body, status } = await many({
      ...shared,
      evaluations: [{ resource: active }, { resource: archived }, { action: { name: "read" }, resource: archived }],
    });
    expect({ status, decisions: decisionsOf(body) }).toEqual({ status: 200, decisions: [true, false, true] });
    expect(Object.keys(body)).toEqual(["evaluations"]);
  });

  test("an evaluation's own member replaces the default whole", async () => {
    const { body } = await many({
      subject,
      action: { name: "read" },
      resource: record1,
      evaluations: [
        { resource: { type: "record", properties: { status: "active" } } },
        { resource: { id: "record-1" } },
        { action: { properties: {} } },
        { subject: { type: "agent" } },
        { resource: { ...archived, properties: {} } },
        {},
      ],
    });
    expect(decisionsOf(body)).toEqual([false, false, false, false, true, true]);
    for (const { context } of body.evaluations.slice(0, 4)) expect(context.error).toMatchObject({ status: 400 });
  });

  test("answers for the subjects that the workspace maps to agents", async () => {
    const admin = `${handle}-admin`;
    const allowing = manifest
      .replace(`id: ${handle} `, `id: ${admin} `)
      .replace("constraints: { denied_statuses: [archived] }", "");
    const { memberId } = ctx.actor as { memberId: MemberId };
    await registerAgent(ctx, {
      id: admin,
      task: "t",
      dri: memberId,
      environment: "production",
      level: 3,
      manifest: allowing,
    });
    await changeSettings(ctx, {
      access_subjects: [
        { type: "user", id: "bob", properties: { role: "admin" }, agent: admin },
        { type: "user", id: "alice", agent: handle },
      ],
    });
    const [alice, bob] = [
      { type: "user", id: "alice" },
      { type: "user", id: "bob" },
    ];
    const evaluations = [
      { subject: alice },
      { subject: { ...alice, properties: { role: "admin" } } },
      { subject: bob },
      { subject: { ...bob, properties: { role: "Admin" } } },
      { subject: { ...bob, properties: { role: "admin", department: "Sales" } } },
      { subject: { type: "User", id: "alice" } },
      { subject: { type: "agent", id: "alice" } },
    ];

    const { body } = await many({ action: { name: "write" }, resource: archived, evaluations }, { secret: token });
    expect(decisionsOf(body)).toEqual([false, false, false, false, true, false, false]);
    expect((await ask({ ...readRecord, subject: alice })).body.decision).toBe(true);
    // An agent asks about itself only, whatever the subject is called.
    const other = { subject: { ...bob, properties: { role: "admin" } }, action: { name: "write" }, resource: archived };
    expect((await ask(other)).body.decision).toBe(false);
  });

  test.each([
    ["execute_all", [true, false, true]],
    ["deny_on_first_deny", [true, false]],
    ["permit_on_first_permit", [true]],
  ])("ends as %s asks", async (semantic, decisions) => {
    const evaluations = [{ resource: active }, { resource: archived }, { resource: active }];
    const options = { evaluations_semantic: semantic, another_option: "value" };
    const { body } = await many({ subject, action: { name: "write" }, options, evaluations });
    expect(decisionsOf(body)).toEqual(decisions);
  });

  test("tells what is wrong with one in its place", async () => {
    const { status, body } = await many({
      subject,
      action: { name: "read" },
      evaluations: [{ resource: record1 }, {}, "x", null],
    });
    expect({ status, decisions: decisionsOf(body) }).toEqual({ status: 200, decisions: [true, false, false, false] });
    expect(body.evaluations[1].context.error).toMatchObject({ status: 400 });
  });

  test("without evaluations it is a single one", async () => {
    expect((await many(readRecord)).body).toMatchObject({ decision: true });
    expect((await many({ ...readRecord, evaluations: [] })).body).toMatchObject({ decision: true });
    expect((await many({ evaluations: [] })).status).toBe(400);
  });

  test("takes a hundred and no more, and no semantic it does not know", async () => {
    const evaluations = (count: number) => ({ ...readRecord, evaluations: Array.from({ length: count }, () => ({})) });
    expect(decisionsOf((await many(evaluations(100))).body)).toHaveLength(100);
    expect((await many(evaluations(101))).status).toBe(400);
    expect((await many({ ...evaluations(1), options: { evaluations_semantic: "first" } })).status).toBe(400);
  });
});

test("GET /.well-known/authzen-configuration names the endpoints, for everybody", async () => {
  const response = await app.request("/.well-known/authzen-configuration");
  const body = JSON.parse(await response.text());
  expect(response.status).toBe(200);
  expect(body.access_evaluation_endpoint).toBe(`${body.policy_decision_point}/access/v1/evaluation`);
  expect(body.access_evaluations_endpoint).toBe(`${body.policy_decision_point}/access/v1/evaluations`);
  for (const path of ["/.well-known/authzen-configuration", "/access/v1/evaluation"])
    expect(isApiPath(path)).toBe(true);
  expect(isApiPath("/.well-known/other")).toBe(false);
});
