import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Call } from "@/lib/core/decisions/schema";
import { RunFilter } from "@/lib/core/runs/schema";
import type { AgentEvent } from "@/lib/core/traces/event";
import { transact } from "@/lib/data/db";
import { ingestPool } from "@/lib/data/ingest-pool";
import { haltRun } from "@/lib/data/stops";
import { RunId } from "@/lib/core/shared/brand";
import { type AskingAgent, ask, givenAskingAgent } from "@/lib/testing/agent";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";
import { givenEvent, givenStored, nsOf } from "@/lib/testing/trace-events";

import { decideCall } from "../decisions/decide-call";
import { listEntries } from "../ledger/list-entries";
import { traceStore } from "../traces/stores";
import { changeSettings } from "../workspaces/change-settings";
import { endRuns } from "./end-runs";
import { listRuns } from "./list-runs";

const HOUR_MS = 3_600_000;
const MANIFEST = `tools:
  allowed:
    - name: "look"
    - name: "send"
`;

afterAll(() => ingestPool.end());

let tenant: Tenant;
let author: Person;
let agent: AskingAgent;

beforeAll(async () => {
  tenant = await givenTenant();
  author = await tenant.person("policy_admin", "admin");
  agent = await givenAskingAgent(tenant, {
    author,
    handle: "idle-agent",
    tools: [
      { name: "look", reversibility: "read", blast_radius: "none" },
      { name: "send", reversibility: "irreversible", blast_radius: "low" },
    ],
    manifest: MANIFEST,
  });
});

/** A run of this name that began and was last heard of so many hours ago. */
async function givenRunOf(name: string, hoursAgo: number): Promise<RunId> {
  const at = new Date(Date.now() - hoursAgo * HOUR_MS);
  const [id, session] = [RunId.parse(uuidv7({ msecs: at.getTime() })), uuidv7()];
  const { workspaceId } = tenant;
  await transact(tenant.system.db, async (tx) => {
    await tx.$executeRaw`INSERT INTO sessions (id, workspace_id, agent_id, external_id)
      VALUES (${session}::uuid, ${workspaceId}::uuid, ${agent.actor.agentId}::uuid, ${name})`;
    await tx.$executeRaw`INSERT INTO runs (id, workspace_id, agent_id, session_id, external_id, started_at, last_at)
      VALUES (${id}::uuid, ${workspaceId}::uuid, ${agent.actor.agentId}::uuid, ${session}::uuid, ${name}, ${at}, ${at})`;
  });
  return id;
}

const stateOf = async (session: string) => (await listRuns(author, RunFilter.parse({ session }))).items[0];
const grow = (session: string) =>
  transact(
    tenant.system.db,
    (tx) => tx.$executeRaw`UPDATE runs SET last_at = last_at - interval '3 hours'
    WHERE workspace_id = ${tenant.workspaceId}::uuid AND external_id = ${session}`,
  );

describe("a run in which nothing is new", () => {
  test("ends after the time that its workspace sets, and says so in the ledger", async () => {
    const old = await givenRunOf("old", 2);
    await givenRunOf("fresh", 0.5);
    expect(await endRuns(tenant.system)).toEqual({ ended: 1 });
    expect(await stateOf("old")).toMatchObject({ state: "ended", ended_reason: "idle", ended_at: expect.any(Date) });
    expect(await stateOf("fresh")).toMatchObject({ state: "running", ended_at: null, ended_reason: null });
    const [entry] = (await listEntries(author, { kind: "run.end", limit: 10 })).items;
    expect(entry?.body["details"]).toEqual({ runs: [old], reason: "idle", idle_minutes: 60 });

    await changeSettings(author, { run_idle_minutes: 20 });
    expect(await endRuns(tenant.system)).toEqual({ ended: 1 });
    expect((await stateOf("fresh"))?.state).toBe("ended");
    await changeSettings(author, { run_idle_minutes: 60 });
    expect(await endRuns(tenant.system)).toEqual({ ended: 0 });
  });

  test("is opened again by a later call, with what it had used", async () => {
    await givenRunOf("again", 3);
    await endRuns(tenant.system);
    const call = { session_id: "again", run_id: "again" };
    expect((await ask(agent, "look", call)).verdict).toBe("allow");
    expect(await stateOf("again")).toMatchObject({ state: "running", steps: 1, ended_at: null, ended_reason: null });
  });

  test("does not end while a request of it waits for people", async () => {
    await givenRunOf("waits", 3);
    expect((await ask(agent, "send", { session_id: "waits", run_id: "waits" })).verdict).toBe("require_approval");
    await grow("waits");
    await endRuns(tenant.system);
    expect((await stateOf("waits"))?.state).toBe("running");
  });

  test("can still be stopped after it ended", async () => {
    const id = await givenRunOf("stopped", 3);
    await endRuns(tenant.system);
    expect(await transact(tenant.system.db, (tx) => haltRun(tx, tenant.workspaceId, id, "test"))).toBe(true);
    expect(await stateOf("stopped")).toMatchObject({ state: "halted", ended_at: null });
    expect((await ask(agent, "look", { session_id: "stopped", run_id: "stopped" })).verdict).toBe("halt");
  });

  test("is ended once by two rounds at the same time", async () => {
    for (let index = 0; index < 150; index += 1) await givenRunOf(`many-${index}`, 4);
    const [one, two] = await Promise.all([endRuns(tenant.system), endRuns(tenant.system)]);
    expect(one.ended + two.ended).toBe(150);
    const entries = (await listEntries(author, { kind: "run.end", limit: 50 })).items;
    const named = entries.flatMap(({ body }) => (body["details"] as { runs: string[] }).runs);
    expect(new Set(named).size).toBe(named.length);
  });

  test("is another workspace's to end", async () => {
    await givenRunOf("mine", 4);
    const other = await givenTenant();
    expect(await endRuns(other.system)).toEqual({ ended: 0 });
    expect((await stateOf("mine"))?.state).toBe("running");
  });
});

describe("a run whose root span ended", () => {
  const MINUTE_MS = 60_000;
  /** A root span of the agent's, from and to so many minutes ago; without an end it is still open. */
  async function givenRoot(from: number, to: number | null, more: Partial<AgentEvent> = {}, by: AskingAgent = agent) {
    const ns = (minutes: number) => nsOf(new Date(Date.now() - minutes * MINUTE_MS));
    const event = givenEvent({
      kind: "agent",
      usageRole: "rollup",
      tokens: null,
      startNs: ns(from),
      endNs: to === null ? null : ns(to),
      ...more,
    });
    await traceStore.write(tenant.workspaceId, [givenStored(by.actor, event)]);
    return event;
  }
  const named = (name: string) => ({ runId: name, sessionId: name });
  const after = async (name: string) => {
    await endRuns(tenant.system);
    return stateOf(name);
  };

  test("is finished when that span ended, and says so in the ledger", async () => {
    const id = await givenRunOf("done", 0.2);
    const { endNs } = await givenRoot(13, 11, named("done"));
    const run = await after("done");
    expect(run).toMatchObject({ state: "ended", ended_reason: "closed" });
    expect(run?.ended_at?.getTime()).toBe(Number(BigInt(endNs ?? 0) / 1_000_000n));
    const entries = (await listEntries(author, { kind: "run.end", limit: 50 })).items;
    expect(entries.map(({ body }) => body["details"])).toContainEqual({ runs: [id], reason: "closed" });
  });

  test("is opened again by a later call, and that root ends it no more", async () => {
    await givenRunOf("late", 0.2);
    await givenRoot(13, 11, named("late"));
    expect((await after("late"))?.state).toBe("ended");
    expect((await ask(agent, "look", { session_id: "late", run_id: "late" })).verdict).toBe("allow");
    expect(await after("late")).toMatchObject({ state: "running", ended_at: null, ended_reason: null });
  });

  test.each([
    ["is still open", 13, null, {}],
    ["ended before the last call", 20, 13, {}],
    ["began after the last call", 11, 10, {}],
    ["is of another session", 13, 11, { sessionId: "elsewhere" }],
  ])("continues where its root %s", async (what, from, to, more) => {
    await givenRunOf(what, 0.2);
    await givenRoot(from, to, { ...named(what), ...more });
    expect((await after(what))?.state).toBe("running");
  });

  test("continues whatever another agent's telemetry says of it", async () => {
    const other = await givenAskingAgent(tenant, { author, handle: "meddler", tools: [], manifest: MANIFEST });
    await givenRunOf("foreign", 0.2);
    await givenRoot(13, 11, named("foreign"), other);
    expect((await after("foreign"))?.state).toBe("running");
  });

  test("does not end while a request of it waits for people", async () => {
    expect((await ask(agent, "send", { session_id: "asked", run_id: "asked" })).verdict).toBe("require_approval");
    await givenRoot(1, -1, named("asked"));
    expect((await after("asked"))?.state).toBe("running");
  });

  test("is known by the trace its last decision was asked for from, where the trace names no run", async () => {
    const event = await givenRoot(1, -1, { runId: null, sessionId: null });
    const call = Call.parse({ session_id: "header", run_id: "header", tool: "look" });
    const trace = { traceId: event.traceId, spanId: event.eventId };
    await decideCall(agent, { call, idempotencyKey: null, trace });
    expect(await after("header")).toMatchObject({ state: "ended", ended_reason: "closed" });
  });

  test("ends with the last of several roots, in whatever order they arrive", async () => {
    await givenRunOf("roots", 0.2);
    const { traceId } = await givenRoot(20, 15, named("roots"));
    await givenRoot(20, 11, { ...named("roots"), traceId });
    expect((await after("roots"))?.state).toBe("ended");
  });
});
