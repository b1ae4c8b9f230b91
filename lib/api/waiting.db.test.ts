import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { WorkspaceId } from "@/lib/core/shared/brand";
import { findDueCallback } from "@/lib/data/callbacks";
import { workspaceDb } from "@/lib/data/db";
import { openSecret } from "@/lib/platform/sealed";
import { callbackLabel } from "@/lib/services/agents/set-callback";
import { EMAIL, emailTo, givenAsking } from "@/lib/testing/asking";
import { type Answered, send } from "@/lib/testing/client";
import { type Replicas, startProcess, startReplicas } from "@/lib/testing/replicas";

let replicas: Replicas;

beforeAll(async () => {
  replicas = await startReplicas(2);
}, 60_000);
afterAll(async () => {
  await replicas.stop();
});

type Timed = Answered & { readonly at: number };
const timed = async (answer: Promise<Answered>): Promise<Timed> => ({ ...(await answer), at: performance.now() });

const p95 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Number.NaN;

describe("an agent that waits", () => {
  test("loses nothing when the server it waits at is killed, whether people decided before or after", {
    timeout: 60_000,
  }, async () => {
    const world = await givenAsking(replicas.urls);
    const doomed = await startProcess("lib/api/main.ts");
    const poll = (url: string, id: string) => send(url, `/api/v1/approvals/${id}?wait=30`, world.key);
    const [before, after] = [await world.ask(emailTo("1@x")), await world.ask(emailTo("2@x"))];
    const lost = [poll(doomed.url, before), poll(doomed.url, after)].map((one) =>
      one.then(
        () => "answered",
        () => "lost",
      ),
    );
    await sleep(500);
    await doomed.stop();
    expect(await Promise.all(lost)).toEqual(["lost", "lost"]);

    await world.vote(before, "return", "Not this one.");
    const back = await startProcess("lib/api/main.ts");
    try {
      expect((await poll(back.url, before)).body).toMatchObject({ state: "returned", note: "Not this one." });
      const waiting = poll(back.url, after);
      await sleep(300);
      await world.vote(after, "approve");
      expect((await waiting).body).toMatchObject({ state: "approved" });
    } finally {
      await back.stop();
    }
    expect((await world.decide({ ...emailTo("2@x"), approval_id: after })).verdict).toBe("allow");
    expect(await world.violations()).toEqual([]);
  });

  test("withdraws once however often it says so, also at a server that knew nothing of it", async () => {
    const world = await givenAsking(replicas.urls);
    const id = await world.ask();
    const waiting = world.poll(id, 20);
    const withdraw = (url: string) =>
      send(url, `/api/v1/approvals/${id}/withdraw`, world.key, undefined, { method: "POST" });
    const answers = await Promise.all([0, 1, 2, 3].map((index) => withdraw(world.url(index))));
    const late = await startProcess("lib/api/main.ts");
    answers.push(await withdraw(late.url));
    await late.stop();
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, body: { state: "withdrawn" } });
    expect((await waiting).body).toMatchObject({ state: "withdrawn" });
    // It is no refusal of a person's: the same may be asked again.
    expect(await world.ask()).not.toBe(id);
    expect(await world.vote(id, "deny")).toMatchObject({ status: 409, body: { code: "approval_withdrawn" } });
    expect(await world.violations()).toEqual([]);
  });

  test("is told within half a second, a thousand at once, and takes nothing from those who do not wait", {
    timeout: 120_000,
  }, async () => {
    const world = await givenAsking(replicas.urls);
    await world.settings({ pending_cap: 25 });
    const ids: string[] = [];
    for (let index = 0; index < 25; index += 1) ids.push(await world.ask(emailTo(`${index}@x`)));
    const WAITERS = 1_000;
    const began = performance.now();
    const polls = Array.from({ length: WAITERS }, (_, index) => {
      const id = ids[index % ids.length] ?? "";
      return timed(send(world.url(Math.floor(index / ids.length)), `/api/v1/approvals/${id}?wait=60`, world.key)).then(
        (answer) => ({ ...answer, id }),
      );
    });
    await sleep(3_000);
    const decided: number[] = [];
    for (let index = 0; index < 40; index += 1) {
      const start = performance.now();
      const { verdict } = await world.decide({ tool: "read_customer_record", args: { customer_id: `C-${index}` } });
      expect(verdict).toBe("allow");
      decided.push(performance.now() - start);
    }
    const votedAt = new Map<string, number>();
    for (const id of ids) {
      expect((await world.vote(id, "approve")).status).toBe(200);
      votedAt.set(id, performance.now());
      await sleep(100);
    }
    const answers = await Promise.all(polls);
    expect(answers.filter(({ status, body }) => status !== 200 || body["state"] !== "approved")).toEqual([]);
    // None was sent away early: each waited for its own answer.
    expect(Math.min(...answers.map(({ at }) => at - began))).toBeGreaterThan(3_000);
    const late = answers.map(({ at, id }) => Math.max(0, at - (votedAt.get(id) ?? 0)));
    expect(p95(late)).toBeLessThan(500);
    expect(p95(decided)).toBeLessThan(500);
    expect((await world.decide({ ...EMAIL, approval_id: ids[0] })).verdict).toBe("deny");
  });
});

describe("an agent's call-back", () => {
  test("is set by who answers for it, signs with a secret that is shown once, and never leads inside", async () => {
    const world = await givenAsking(replicas.urls);
    const path = `/api/v1/agents/${world.handle}/callback`;
    const set = (url: string, token = world.admin) => world.raw(path, token, { url }, { method: "PUT" });
    expect(await set("https://agent.example.com/told", world.reviewer)).toMatchObject({ status: 403 });
    const faulty = ["http://agent.example.com", "https://user:word@agent.example.com", "agent", "https://a.example#x"];
    for (const url of faulty) expect([url, (await set(url)).status]).toEqual([url, 400]);
    const inside = [
      "https://127.0.0.1",
      "https://10.0.0.8/x",
      "https://[::1]",
      "https://localhost",
      "https://db.internal",
    ];
    for (const url of inside)
      expect([url, await set(url)]).toMatchObject([url, { status: 422, body: { code: "private_address" } }]);
    expect(await world.raw(path, world.reviewer)).toMatchObject({ status: 200, body: { callback: null } });

    const url = "https://agent.example.com/told?key=1";
    const made = await set(url);
    expect(made).toMatchObject({ status: 200, body: { url, secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/) } });
    const shown = await world.raw(path, world.reviewer);
    expect(JSON.stringify(shown.body)).not.toContain("secret");

    const id = await world.ask();
    await world.vote(id, "return", "To the account holder.");
    const workspaceId = WorkspaceId.parse(world.workspaceId);
    const due = await findDueCallback(workspaceDb(workspaceId), workspaceId, id);
    expect(due).toMatchObject({
      url,
      payload: { approval_id: id, state: "returned", note: "To the account holder.", superseded_by: null },
    });
    const label = callbackLabel(workspaceId, due?.agentId ?? "");
    expect(openSecret(due?.sealedSecret ?? new Uint8Array(), label)).toBe(made.body["secret"]);
    expect(openSecret(due?.sealedSecret ?? new Uint8Array(), callbackLabel(workspaceId, "other"))).toBeNull();

    expect((await world.raw(path, world.admin, undefined, { method: "DELETE" })).body).toEqual({ removed: true });
    expect(await findDueCallback(workspaceDb(workspaceId), workspaceId, id)).toBeNull();
  });
});
