import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Answered, givenAgent, givenOperator, givenWorkspace, supportManifest } from "@/lib/testing/client";
import { createHistory } from "@/lib/testing/history";
import { checkInvariants, sequence } from "@/lib/testing/invariants";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

let replicas: Replicas;
let admin: string;
let workspaceId: string;
const history = createHistory();
const send = history.ask;
const url = (index: number): string => replicas.urls[index % replicas.urls.length] ?? "";

beforeAll(async () => {
  replicas = await startReplicas(2);
  ({ token: admin, workspaceId } = await givenWorkspace());
}, 60_000);
afterAll(async () => {
  await replicas.stop();
});

const email = { tool: "send_customer_email", args: { to: "a@example.com", template: "refund" } };
const read = { tool: "read_customer_record", args: { customer_id: "C-1" } };
const fresh = () => ({ session_id: `s-${randomUUID()}`, run_id: "r-1" });

function decide(index: number, key: string, call: object, headers: Record<string, string> = {}): Promise<Answered> {
  return send(url(index), "/api/v1/decisions", key, call, { headers });
}

/** Sends `count` calls at once, spread over the replicas. */
const burst = (count: number, key: string, call: (index: number) => object, headers: Record<string, string> = {}) =>
  Promise.all(Array.from({ length: count }, (_, index) => decide(index, key, call(index), headers)));

function tally(answers: readonly Answered[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const key = status === 200 ? String(body["verdict"]) : String(status);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

async function approved(key: string, reviewer: string, call: object): Promise<string> {
  const answer = await decide(0, key, call);
  expect(answer.body).toMatchObject({ verdict: "require_approval" });
  const { id } = answer.body["approval"] as unknown as { id: string };
  const shown = await send(url(1), `/api/v1/approvals/${id}`, reviewer);
  const vote = { verdict: "approve", display_digest: shown.body["display_digest"], note: "Read the whole letter." };
  expect(await send(url(1), `/api/v1/approvals/${id}/votes`, reviewer, vote)).toMatchObject({
    status: 200,
    body: { state: "approved" },
  });
  return id;
}

describe("two replicas on one database", () => {
  test("T04 fifty parallel uses of one approval give exactly one allow", async () => {
    const { key, reviewer } = await givenAgent(url(0), admin);
    const at = fresh();
    const id = await approved(key, reviewer, { ...at, ...email });
    const answers = await burst(50, key, () => ({ ...at, ...email, approval_id: id }));
    expect(tally(answers)).toEqual({ allow: 1, deny: 49 });
    const refused = answers
      .filter(({ body }) => body["verdict"] === "deny")
      .map(({ body }) => (body["reasons"] as unknown as { code: string }[])[0]?.code);
    expect(new Set(refused)).toEqual(new Set(["approval_consumed"]));
  });

  test("four hundred parallel calls on a budget of one hundred cents give exactly one hundred", async () => {
    const { key } = await givenAgent(url(0), admin, {
      manifest: (handle) => supportManifest(handle, "execution:\n  max_cost_usd: 1.00\n"),
    });
    const at = fresh();
    const answers = await burst(400, key, () => ({ ...at, ...read, estimate: { cost_usd: 0.01 } }));
    expect(tally(answers)).toEqual({ allow: 100, halt: 300 });
  });

  test("T44 four hundred parallel calls on a bound of one hundred steps give exactly one hundred, and the run stays halted", async () => {
    const { key } = await givenAgent(url(0), admin, {
      manifest: (handle) => supportManifest(handle, "execution:\n  max_steps: 100\n"),
    });
    const at = fresh();
    expect(tally(await burst(400, key, () => ({ ...at, ...read })))).toEqual({ allow: 100, halt: 300 });
    expect((await decide(1, key, { ...at, ...read })).body).toMatchObject({ verdict: "halt" });
    expect((await decide(1, key, { ...fresh(), ...read })).body).toMatchObject({ verdict: "allow" });
  });

  test("fifty parallel calls with one idempotency key get one and the same answer", async () => {
    const { key } = await givenAgent(url(0), admin);
    const call = { ...fresh(), ...read };
    const answers = await burst(50, key, () => call, { "idempotency-key": "one" });
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(tally(answers)).toEqual({ allow: 50 });
    const other = await decide(1, key, { ...call, args: { customer_id: "C-2" } }, { "idempotency-key": "one" });
    expect(other).toMatchObject({ status: 422, body: { code: "idempotency_mismatch" } });
  });

  test("T110 nothing is allowed after a stop has answered, however busy both replicas are", async () => {
    const { key } = await givenAgent(url(0), admin);
    let running = true;
    let answeredAt = Number.POSITIVE_INFINITY;
    const late: string[] = [];
    const worker = async (index: number) => {
      while (running) {
        const startedAt = performance.now();
        const { body } = await decide(index, key, { ...fresh(), ...read });
        if (startedAt > answeredAt && body["verdict"] !== "halt") late.push(String(body["verdict"]));
      }
    };
    const workers = Array.from({ length: 16 }, (_, index) => worker(index));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const stopped = await send(url(0), "/api/v1/stops", admin, { scope: "workspace", reason: "drill" });
    answeredAt = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 300));
    running = false;
    await Promise.all(workers);
    expect(stopped.status).toBe(201);
    expect(late).toEqual([]);
    expect((await decide(1, key, { ...fresh(), ...read })).body).toMatchObject({ verdict: "halt" });

    // T111: one person resumes nothing; two do, with reads first, and a confirmation brings back the rest.
    const consent = (index: number, token: string) =>
      send(url(index), `/api/v1/stops/${String(stopped.body["stop_id"])}`, token, undefined, { method: "DELETE" });
    const second = await givenOperator(url(0), admin);
    expect(await consent(0, admin)).toMatchObject({ status: 202, body: { state: "needs_second_person" } });
    expect(await consent(1, admin)).toMatchObject({ status: 409, body: { code: "already_consented" } });
    expect((await decide(0, key, { ...fresh(), ...read })).body).toMatchObject({ verdict: "halt" });
    expect(await consent(1, second)).toMatchObject({ status: 200, body: { state: "resumed", stage: "reads_only" } });
    const update = { tool: "update_ticket_status", args: { status: "open" } };
    expect((await decide(0, key, { ...fresh(), ...read })).body).toMatchObject({ verdict: "allow" });
    expect((await decide(1, key, { ...fresh(), ...update })).body).toMatchObject({
      verdict: "deny",
      rule: "workspace.recovery",
      reasons: [{ code: "recovering" }],
    });
    expect(await send(url(1), "/api/v1/stops/recovery", second, {})).toMatchObject({ status: 200 });
    expect((await decide(0, key, { ...fresh(), ...update })).body).toMatchObject({ verdict: "allow" });
  });

  test("T72 a revoked key gets nothing from the moment the revocation answers, on the replica that knew it too", async () => {
    const { key, handle } = await givenAgent(url(0), admin);
    await Promise.all([0, 1].map((index) => decide(index, key, { ...fresh(), ...read })));
    const shown = await send(url(0), `/api/v1/agents/${handle}`, admin);
    const [credential] = shown.body["credentials"] as unknown as { id: string }[];
    const revoked = await send(url(0), `/api/v1/agents/${handle}/credentials/${credential?.id}`, admin, undefined, {
      method: "DELETE",
    });
    expect(revoked.status).toBe(200);
    expect(tally(await burst(20, key, () => ({ ...fresh(), ...read })))).toEqual({ "401": 20 });
  });

  test("no invariant was broken by any of this", async () => {
    await sequence(workspaceId);
    expect(await checkInvariants(workspaceId, history.sent)).toEqual([]);
  });
});
