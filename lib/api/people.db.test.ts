import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { givenMember, givenWorkspace, send } from "@/lib/testing/client";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

let replicas: Replicas;
const url = (index: number): string => replicas.urls[index % replicas.urls.length] ?? "";

beforeAll(async () => {
  replicas = await startReplicas(2);
}, 90_000);
afterAll(async () => {
  await replicas.stop();
});

const Asked = z.looseObject({ approval: z.looseObject({ id: z.string() }) });
const Approving = z.looseObject({ approving: z.looseObject({ parts: z.array(z.string()), seconds: z.number() }) });
const People = z.looseObject({
  people: z.array(z.looseObject({ memberId: z.string(), waits: z.array(z.looseObject({ words: z.string() })) })),
  duties: z.array(z.looseObject({ pair: z.array(z.string()).nullable() })),
});
const PASSWORD = "correct horse battery staple";
const WIPE = { name: "wipe", reversibility: "irreversible", blast_radius: "high", args_schema: { type: "object" } };
const someone = (...roles: string[]) => ({ email: `p-${randomUUID()}@example.com`, name: "P", roles });

/** A workspace of two people who installed it together, an agent that asks for two, and what waits for them. */
async function givenTwo({ quorum = 2, environment = "development" } = {}) {
  const second = `second-${randomUUID()}@example.com`;
  const { token: admin, links } = await givenWorkspace({ coolingOffHours: 72, second });
  const code = links[0]?.url.split("/").at(-1) ?? "";
  const joined = await send(url(1), `/api/v1/invitations/${code}`, "", { password: PASSWORD });
  expect(joined.status).toBe(201);
  const handle = `agent-${randomUUID().slice(0, 8)}`;
  const { member_id: dri } = await givenMember(url(0), admin, someone("viewer"));
  await send(url(0), "/api/v1/tools", admin, WIPE);
  const manifest = { agent: { id: handle }, tools: { allowed: [{ name: "wipe", requires_approval: true, quorum }] } };
  const agent = { id: handle, task: "t", dri, environment, level: 3, manifest };
  const made = await send(url(0), "/api/v1/agents", admin, agent);
  expect(made).toMatchObject({ status: 201 });
  const key = String(made.body["key"]);
  await send(url(0), "/api/v1/settings", admin, { high_by_token: true }, { method: "PATCH" });
  return { admin, second: String(joined.body["token"]), handle, key, dri };
}

type Two = Awaited<ReturnType<typeof givenTwo>>;

const call = () => ({ session_id: `s-${randomUUID()}`, run_id: "r", tool: "wipe", args: { path: randomUUID() } });

/** A call that waits for people, and how to go on with it. */
async function asked({ key }: Two) {
  const body = call();
  const { body: answer } = await send(url(0), "/api/v1/decisions", key, body);
  const { id } = Asked.parse(answer).approval;
  const again = () => send(url(1), "/api/v1/decisions", key, { ...body, approval_id: id });
  return { id, again };
}

/** Votes as a person whose token a program holds: reads what is asked, takes the time it takes, answers. */
async function approve(index: number, token: string, id: string) {
  const { body } = await send(url(index), `/api/v1/approvals/${id}`, token);
  const { parts, seconds } = Approving.parse(body).approving;
  if (seconds > 0) await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  return send(url(index), `/api/v1/approvals/${id}/votes`, token, {
    verdict: "approve",
    display_digest: body["display_digest"],
    note: "compared the path with the ticket",
    ...(parts.length > 0 && { evidence: { parts_viewed: parts } }),
  });
}

describe("one administrator alone", () => {
  test("people-1 gets no second vote: no token for others, and whom they invite is no second", {
    timeout: 90_000,
  }, async () => {
    const two = await givenTwo();
    const first = await givenMember(url(0), two.admin, someone("reviewer"));
    const other = await givenMember(url(0), two.admin, someone("reviewer"));
    for (const member of [first.member_id, "p@example.com"]) {
      const body = { name: "x", member, days: 1 };
      expect((await send(url(0), "/api/v1/tokens", two.admin, body)).status).toBe(400);
    }
    const { id, again } = await asked(two);
    expect(await approve(0, first.token, id)).toMatchObject({ status: 200, body: { state: "waiting" } });
    for (const token of [other.token, two.admin])
      expect(await approve(1, token, id)).toMatchObject({ status: 403, body: { code: "not_independent" } });
    expect((await again()).body).toMatchObject({ verdict: "deny" });
    expect(await approve(1, two.second, id)).toMatchObject({ status: 200, body: { state: "approved" } });
    expect((await again()).body).toMatchObject({ verdict: "allow" });
  });

  test("people-1 two at once on two processes: one vote of those who count as one", { timeout: 90_000 }, async () => {
    const two = await givenTwo();
    const people = await Promise.all([1, 2, 3].map(() => givenMember(url(0), two.admin, someone("reviewer"))));
    const { id, again } = await asked(two);
    const votes = await Promise.all(people.map(({ token }, index) => approve(index, token, id)));
    expect(votes.map(({ status }) => status).toSorted()).toEqual([200, 403, 403]);
    expect((await again()).body).toMatchObject({ verdict: "deny" });
  });

  test("people-2 resumes no stop, and people-8 stops alone", { timeout: 90_000 }, async () => {
    const { admin, second } = await givenTwo();
    const stopped = await send(url(0), "/api/v1/stops", admin, { scope: "workspace", reason: "drill" });
    expect(stopped.status).toBe(201);
    const target = `/api/v1/stops/${String(stopped.body["stop_id"])}`;
    const resume = (token: string, index = 0) => send(url(index), target, token, undefined, { method: "DELETE" });
    expect((await resume(admin)).status).toBe(202);
    const puppet = await givenMember(url(1), admin, someone("operator"));
    const both = await Promise.all([resume(puppet.token, 0), resume(puppet.token, 1)]);
    for (const answer of both) expect(answer).toMatchObject({ status: 409, body: { code: "not_independent" } });
    expect((await send(url(0), "/api/v1/stops/recovery", admin, {})).status).toBe(409);
    expect(await resume(second, 1)).toMatchObject({ status: 200, body: { resumed: true } });
  });

  test("publishes no widening, of a manifest or a guardrail", { timeout: 90_000 }, async () => {
    const { admin, second, handle } = await givenTwo();
    const puppet = await givenMember(url(0), admin, someone("policy_admin"));
    const wider = { agent: { id: handle }, tools: { allowed: [{ name: "wipe" }] } };
    const proposed = await send(url(0), `/api/v1/agents/${handle}/manifests?publish=true`, admin, { manifest: wider });
    expect(proposed).toMatchObject({ status: 202, body: { status: "needs_second_person" } });
    const publish = (token: string, index: number) =>
      send(url(index), `/api/v1/agents/${handle}/manifests/2/publish`, token, undefined, { method: "POST" });
    expect(await publish(admin, 0)).toMatchObject({ status: 409, body: { code: "needs_second_person" } });
    expect(await publish(puppet.token, 1)).toMatchObject({ status: 409, body: { code: "not_independent" } });
    expect((await publish(second, 1)).status).toBe(200);

    const guardrail = (text: string) =>
      send(url(0), "/api/v1/guardrails?publish=true", admin, text, { headers: { "content-type": "application/yaml" } });
    expect((await guardrail('tools:\n  blocked: ["delete_*"]\n')).status).toBe(201);
    expect((await guardrail('tools:\n  blocked: ["delete_all"]\n')).status).toBe(202);
    const loosen = (token: string) =>
      send(url(1), "/api/v1/guardrails/2/publish", token, undefined, { method: "POST" });
    expect(await loosen(puppet.token)).toMatchObject({ status: 409, body: { code: "not_independent" } });
    expect((await loosen(second)).status).toBe(200);
  });
});

describe("what loosens", () => {
  test("is done by two people on two processes and by no two accounts of one", { timeout: 120_000 }, async () => {
    const { admin, second, handle } = await givenTwo();
    const puppet = await givenMember(url(0), admin, someone("policy_admin"));
    const raise = (token: string, index: number, level = 4) =>
      send(url(index), `/api/v1/agents/${handle}/level`, token, { level, reason: "It behaved." }, { method: "PUT" });
    const alone = await Promise.all([raise(admin, 0), raise(puppet.token, 1), raise(admin, 1), raise(puppet.token, 0)]);
    expect(alone.every(({ status }) => status === 202 || status === 409)).toBe(true);
    expect((await send(url(1), `/api/v1/agents/${handle}`, admin)).body).toMatchObject({ level: 3 });
    for (let round = 0; round < 3; round += 1) {
      const both = await Promise.all([raise(admin, 0), raise(second, 1)]);
      expect(both.map(({ status }) => status).toSorted()[0]).toBe(200);
      expect((await send(url(1), `/api/v1/agents/${handle}`, admin)).body).toMatchObject({ level: 4 });
      expect((await raise(puppet.token, round, 3)).status).toBe(200);
    }

    const looser = { ...WIPE, reversibility: "read", blast_radius: "none" };
    const define = (token: string, index: number) => send(url(index), "/api/v1/tools", token, looser);
    const defined = await Promise.all([define(admin, 0), define(puppet.token, 1), define(admin, 1)]);
    expect(defined.every(({ status }) => status === 202 || status === 409)).toBe(true);
    const own = await send(url(0), "/api/v1/decisions", (await rekeyed(handle, admin)).key, call());
    expect(own.body).toMatchObject({ verdict: "require_approval" });
    expect(await define(second, 1)).toMatchObject({ status: 201, body: { items: [{ changed: true }] } });
  });
});

/** Another key of an agent. */
async function rekeyed(handle: string, admin: string) {
  const { body } = await send(url(0), `/api/v1/agents/${handle}/credentials`, admin, { days: 1 });
  return { key: String(body["key"]) };
}

describe("people-5 High by token", () => {
  test("is refused until a workspace switches it on, and then takes what the screen takes", {
    timeout: 120_000,
  }, async () => {
    const two = await givenTwo({ quorum: 1, environment: "production" });
    const set = (high_by_token: boolean) =>
      send(url(1), "/api/v1/settings", two.admin, { high_by_token }, { method: "PATCH" });
    await set(false);
    const { id, again } = await asked(two);
    const shown = await send(url(0), `/api/v1/approvals/${id}`, two.second);
    expect(shown.body).toMatchObject({ band: "high", approving: { on_screen_only: true } });
    const digest = shown.body["display_digest"];
    const whole = (parts: readonly string[]) => ({
      verdict: "approve",
      display_digest: digest,
      note: "compared the path with the ticket",
      evidence: { parts_viewed: parts },
    });
    const vote = (body: object, index = 0) => send(url(index), `/api/v1/approvals/${id}/votes`, two.second, body);
    expect(await vote(whole([]))).toMatchObject({ status: 403, body: { code: "screen_only" } });
    await set(true);
    const open = await send(url(1), `/api/v1/approvals/${id}`, two.second);
    const { parts, seconds } = Approving.parse(open.body).approving;
    expect([parts.length > 0, seconds > 1]).toEqual([true, true]);
    // Not yet the time it takes, whatever a program says of itself.
    const early = await vote({ ...whole(parts), evidence: { parts_viewed: parts, looking: true } }, 1);
    expect(early.status).toBeGreaterThanOrEqual(400);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    const lacking: readonly (readonly [number, object])[] = [
      [422, { ...whole(parts), display_digest: undefined }],
      [409, { ...whole(parts), display_digest: "0".repeat(64) }],
      [422, whole(parts.slice(1))],
      [422, { ...whole(parts), evidence: undefined }],
      ...[
        "",
        "too short",
        " ".repeat(40),
        "\u200b".repeat(40),
        "\u3164\u2800\u00ad".repeat(20),
        "\u0301".repeat(40),
      ].map((note) => [422, { ...whole(parts), note }] as const),
    ];
    for (const [status, body] of lacking) expect(await vote(body)).toMatchObject({ status });
    expect((await again()).body).toMatchObject({ verdict: "deny" });
    expect(await vote({ ...whole(parts), note: "σύγκρινα με το αίτημα" }, 1)).toMatchObject({ status: 200 });
    expect((await again()).body).toMatchObject({ verdict: "allow" });
  });
});

describe("people-3 a DRI who hands the agent over", () => {
  test("approves its next action neither then nor at the same moment on another process", {
    timeout: 90_000,
  }, async () => {
    const two = await givenTwo({ quorum: 1 });
    const owner = await givenMember(url(0), two.admin, someone("reviewer", "policy_admin"));
    const target = `/api/v1/agents/${two.handle}`;
    const hand = (dri: string, token = two.admin) => send(url(1), target, token, { dri }, { method: "PATCH" });
    const votes = [];
    for (let round = 0; round < 4; round += 1) {
      expect((await hand(owner.member_id)).status).toBe(200);
      const { id } = await asked(two);
      const [vote, handed] = await Promise.all([approve(0, owner.token, id), hand(two.dri, owner.token)]);
      expect(handed.status).toBe(200);
      votes.push(vote.body["code"], (await approve(1, owner.token, id)).body["code"]);
    }
    expect(new Set(votes)).toEqual(new Set(["self_approval"]));
    const next = await asked(two);
    expect(await approve(0, owner.token, next.id)).toMatchObject({ status: 403, body: { code: "self_approval" } });
    expect((await next.again()).body).toMatchObject({ verdict: "deny" });
    // Control: somebody else's approval is enough where one is asked for.
    expect(await approve(0, two.second, next.id)).toMatchObject({ status: 200, body: { state: "approved" } });
    expect((await next.again()).body).toMatchObject({ verdict: "allow" });
  });
});

describe("an invitation", () => {
  test("is used by one of two processes at once, and opens nothing else", { timeout: 60_000 }, async () => {
    const { token: admin } = await givenWorkspace({ coolingOffHours: 72 });
    const { body } = await send(url(0), "/api/v1/members", admin, someone("reviewer"));
    expect(Object.keys(body).toSorted()).toEqual([
      "code",
      "email",
      "expires_at",
      "invitation_url",
      "mailed",
      "member_id",
    ]);
    const code = String(body["code"]);
    expect(body["invitation_url"]).toContain(`/invitation/${code}`);
    for (const target of ["/api/v1/members", "/api/v1/approvals"])
      expect((await send(url(0), target, code)).status).toBe(401);
    const accept = (index: number, password: unknown = PASSWORD) =>
      send(url(index), `/api/v1/invitations/${code}`, "", { password });
    expect((await accept(0, "short")).status).toBe(400);
    const answers = await Promise.all([0, 1, 2, 3].map((index) => accept(index)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 404, 404, 404]);
    const joined = answers.find(({ status }) => status === 201);
    expect(joined?.body).toEqual({ member_id: body["member_id"], token: expect.stringMatching(/^ilp_/) });
    expect((await send(url(1), "/api/v1/members", String(joined?.body["token"]))).status).toBe(200);
    expect(
      (await send(url(0), "/api/v1/invitations/ili_nobody_knows_this_one", "", { password: PASSWORD })).status,
    ).toBe(404);
  });

  test("of an administrator who is disabled at the same moment is made before or not at all", {
    timeout: 60_000,
  }, async () => {
    const second = `second-${randomUUID()}@example.com`;
    const { token: admin, links } = await givenWorkspace({ coolingOffHours: 0, second });
    await send(url(0), `/api/v1/invitations/${links[0]?.url.split("/").at(-1) ?? ""}`, "", { password: PASSWORD });
    for (let round = 0; round < 5; round += 1) {
      const other = await givenMember(url(0), admin, someone("admin"));
      const [made] = await Promise.all([
        send(url(0), "/api/v1/tokens", other.token, { name: "late" }),
        send(url(1), `/api/v1/members/${other.member_id}`, admin, { roles: ["viewer"] }, { method: "PATCH" }),
        send(url(1), "/api/v1/members", other.token, someone("admin")),
      ]);
      expect(made?.status).toBe(201);
      expect((await send(url(0), "/api/v1/members", other.token, someone("admin"))).status).toBe(403);
    }
  });
});

test("people says who could act as two, and why not", { timeout: 60_000 }, async () => {
  const { admin } = await givenTwo();
  const { member_id } = await givenMember(url(0), admin, someone("reviewer"));
  const { status, body } = await send(url(1), "/api/v1/people", admin);
  expect(status).toBe(200);
  const { people, duties } = People.parse(body);
  expect(duties.every(({ pair }) => pair !== null)).toBe(true);
  const invited = people.find(({ memberId }) => memberId === member_id);
  expect(invited?.waits[0]?.words).toMatch(/joined on an invitation from .* less than 72 hours ago/);
});
