import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";

import { givenAgent, supportManifest } from "@/lib/testing/client";
import { type FaultProxy, startFaultProxy } from "@/lib/testing/fault-proxy";
import { createHistory } from "@/lib/testing/history";
import { checkInvariants } from "@/lib/testing/invariants";
import { connectOwner } from "@/lib/testing/owner";
import { type PrivateInstallation, startPrivateInstallation } from "@/lib/testing/private-installation";
import { type Served, startProcess } from "@/lib/testing/replicas";
import { runSource } from "@/lib/testing/run-source";

// Faults are put on a Postgres of our own. Everything any client was told is kept, and in the end the ledger has to say
// the same: what was answered is there, what errored was not allowed, what was not answered is whole or absent.

const history = createHistory();
let installation: PrivateInstallation;
let proxy: FaultProxy;
/** The first reaches the database through the proxy, the second directly. */
let replicas: Served[];
let key: string;

const url = (index: number): string => replicas[index % replicas.length]?.url ?? "";
const read = { tool: "read_customer_record", args: { customer_id: "C-1" }, estimate: { cost_usd: 0.01 } };

beforeAll(async () => {
  installation = await startPrivateInstallation("faults");
  proxy = await startFaultProxy(installation.url);
  replicas = await Promise.all([start(proxy.url), start(installation.url)]);
  const bounds = (handle: string) => supportManifest(handle, "execution:\n  max_cost_usd: 100.00\n");
  ({ key } = await givenAgent(url(1), installation.admin, { manifest: bounds }));
}, 60_000);
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  proxy.close();
  await installation.stop();
}, 30_000);

const start = (databaseUrl: string) => startProcess("lib/api/main.ts", [], databaseUrl);

type Call = { readonly session_id: string; readonly run_id: string };
const fresh = (): Call => ({ session_id: `s-${randomUUID()}`, run_id: "r" });

/** One try at a call. Null when no answer came. */
async function decide(index: number, call: Call, idempotencyKey: string) {
  const headers = { "idempotency-key": idempotencyKey };
  return history.ask(url(index), "/api/v1/decisions", key, { ...call, ...read }, { headers }).catch(() => null);
}

/** Clients that make call after call, each repeated on the other replica until it is answered. */
function startLoad(clients: number): { stop(): Promise<void> } {
  let running = true;
  const client = async (index: number) => {
    while (running) {
      const [call, idempotencyKey] = [fresh(), randomUUID()];
      for (let attempt = 0; ; attempt += 1) {
        const answer = await decide(index + attempt, call, idempotencyKey);
        if (answer?.status === 200 || (!running && attempt > 0)) break;
        await sleep(20);
      }
    }
  };
  const working = Array.from({ length: clients }, (_, index) => client(index));
  return {
    async stop() {
      running = false;
      await Promise.all(working);
    },
  };
}

/** How long it takes until a call is allowed, in milliseconds. */
async function allowedAfter(index: number, mostMs: number): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < mostMs) {
    const answer = await decide(index, fresh(), randomUUID());
    if (answer?.body["verdict"] === "allow") return performance.now() - began;
    await sleep(50);
  }
  return Number.POSITIVE_INFINITY;
}

const rounds = Array.from({ length: inject("faultRounds") }, (_, index) => index + 1);
const CLIENTS = 16;
const RECOVERY_MS = 5_000;

describe("what is left after", () => {
  test.each(rounds)("R01 kill -9 of a replica under load, round %i", { timeout: 30_000 }, async () => {
    const load = startLoad(CLIENTS);
    await sleep(100 + Math.random() * 300);
    await replicas[0]?.stop();
    await sleep(200);
    replicas = [await start(proxy.url), ...replicas.slice(1)];
    await load.stop();
    expect(await allowedAfter(0, RECOVERY_MS)).toBeLessThan(RECOVERY_MS);
  });

  test.each(rounds)("R02 kill -9 of Postgres under load, round %i", { timeout: 60_000 }, async () => {
    const load = startLoad(CLIENTS);
    await sleep(100 + Math.random() * 300);
    installation.kill();
    const killedAt = performance.now();
    await sleep(500);
    const down = await Promise.all([0, 1].map((index) => decide(index, fresh(), randomUUID())));
    expect(down.map((answer) => answer?.status)).toEqual([503, 503]);
    expect(down.map((answer) => answer?.body["verdict"])).toEqual(["deny", "deny"]);
    const lastAllow = history.sent.findLast(({ answer }) => answer["verdict"] === "allow")?.startedAt ?? 0;
    expect(lastAllow).toBeLessThan(killedAt);
    await installation.restart();
    const recovered = await Promise.all([0, 1].map((index) => allowedAfter(index, RECOVERY_MS)));
    await load.stop();
    expect(Math.max(...recovered)).toBeLessThan(RECOVERY_MS);
  });

  test("R03 a commit whose answer was lost: the other replica gives the stored answer, and it counts once", {
    timeout: 30_000,
  }, async () => {
    const before = proxy.swallowed();
    // More in a row than the replica has connections: each must be given up, not waited for.
    for (let lost = 1; lost <= 6; lost += 1) {
      proxy.swallowCommits(1);
      const [call, idempotencyKey] = [fresh(), randomUUID()];
      const began = performance.now();
      const first = await decide(0, call, idempotencyKey);
      expect([first?.status, first?.body["verdict"]]).toEqual([503, "deny"]);
      expect(performance.now() - began).toBeLessThan(2_000);
      expect(proxy.swallowed()).toBe(before + lost);
      const [second, third] = [await decide(1, call, idempotencyKey), await decide(1, call, idempotencyKey)];
      expect([second?.status, second?.body["verdict"]]).toEqual([200, "allow"]);
      expect(third).toEqual(second);
    }
    expect(await allowedAfter(0, RECOVERY_MS)).toBeLessThan(RECOVERY_MS);
  });

  test("R11 a lock that is held: denied in time on every replica, and allowed again once it is free", {
    timeout: 30_000,
  }, async () => {
    const holder = await connectOwner(installation.url);
    await holder.query("BEGIN");
    await holder.query("SELECT pg_advisory_xact_lock(workspace_lock_key($1))", [installation.workspaceId]);
    const began = performance.now();
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => decide(index, fresh(), randomUUID())));
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(new Set(answers.map((answer) => `${answer?.status} ${String(answer?.body["verdict"])}`))).toEqual(
      new Set(["503 deny"]),
    );
    await holder.query("ROLLBACK");
    await holder.end();
    expect(await allowedAfter(0, RECOVERY_MS)).toBeLessThan(RECOVERY_MS);
  });

  test("R10 no connection left: denied at once, and allowed again once there is one", { timeout: 30_000 }, async () => {
    installation.kill();
    await sleep(200);
    await installation.restart();
    const taken = await Promise.all(Array.from({ length: 45 }, () => connectOwner(installation.url).catch(() => null)));
    const held = taken.filter((client) => client !== null);
    expect(held.length).toBeLessThan(45);
    const began = performance.now();
    const answers = await Promise.all([0, 1].map((index) => decide(index, fresh(), randomUUID())));
    expect(performance.now() - began).toBeLessThan(2_000);
    for (const answer of answers) expect([200, 503]).toContain(answer?.status);
    await Promise.all(held.map((client) => client.end()));
    const recovered = await Promise.all([0, 1].map((index) => allowedAfter(index, RECOVERY_MS)));
    expect(Math.max(...recovered)).toBeLessThan(RECOVERY_MS);
  });

  test("all of it: what was answered is recorded, what was not is whole or absent, and no invariant is broken", {
    timeout: 60_000,
  }, async () => {
    const calls = history.sent.filter(({ target }) => target === "/api/v1/decisions");
    const unanswered = calls.filter(({ status }) => status !== 200);
    expect(Math.min(calls.length - unanswered.length, unanswered.length)).toBeGreaterThan(10);
    await runSource("lib/testing/sequence-all.ts", { env: { DATABASE_URL: installation.url } });
    const owner = await connectOwner(installation.url);
    const { rows } = await owner.query(
      "SELECT (SELECT count(*)::int FROM ledger_entries) AS entries, (SELECT count(*)::int FROM ledger_leaves) AS leaves",
    );
    await owner.end();
    const { entries, leaves } = z.object({ entries: z.int(), leaves: z.int() }).parse(rows[0]);
    expect(leaves).toBe(entries);
    expect(await checkInvariants(installation.workspaceId, history.sent, installation.url)).toEqual([]);
  });
});
