import { afterAll, describe, expect, test } from "vitest";

import { ingestPool } from "@/lib/data/ingest-pool";
import { pgIngestQueue } from "@/lib/data/pg-ingest-queue";
import { pgTraceStore } from "@/lib/data/pg-trace-store";
import type { TraceStore } from "@/lib/data/trace-store";
import { enqueue, givenBatch } from "@/lib/testing/ingest";
import { connectOwner } from "@/lib/testing/owner";
import { givenTenant } from "@/lib/testing/tenant";
import { givenEvent, givenSender, givenStored } from "@/lib/testing/trace-events";

import { changeSettings } from "../workspaces/change-settings";
import { listDeadLetters } from "./list-dead-letters";
import { pruneEvents } from "./prune-events";
import { replayDeadLetter } from "./replay-dead-letter";
import { writeWaiting } from "./write-waiting";

afterAll(() => ingestPool.end());

const soon = () => AbortSignal.timeout(20_000);

/** A store that cannot take what one sender brings. */
const storeThatRefuses = (name: string): TraceStore => ({
  ...pgTraceStore,
  write: (workspaceId, events) => {
    if (events.some(({ event }) => event.name === name)) throw Object.assign(new Error("secret"), { code: "22P05" });
    return pgTraceStore.write(workspaceId, events);
  },
});

describe("the queue of batches", () => {
  test("takes the same body once, and another of the same digest elsewhere", async () => {
    const [one, other] = [await givenTenant(), await givenTenant()];
    const sender = givenSender();
    const batch = givenBatch(sender, [givenEvent()]);
    expect(await pgIngestQueue.enqueue(one.workspaceId, batch)).toEqual({ duplicate: false });
    expect(await pgIngestQueue.enqueue(one.workspaceId, batch)).toEqual({ duplicate: true });
    expect(await pgIngestQueue.enqueue(other.workspaceId, batch)).toEqual({ duplicate: false });
    expect((await pgIngestQueue.load(one.workspaceId)).workspaceBatches).toBe(1);
  });

  test("gives a batch to one worker at a time, and to the next when its lease ends", async () => {
    const { workspaceId } = await givenTenant();
    for (let n = 0; n < 6; n += 1) await enqueue(workspaceId, givenSender(), [givenEvent()]);
    const taken = await Promise.all(
      [1, 2, 3].map(() => pgIngestQueue.lease(workspaceId, { take: 3, leaseMs: 60_000 })),
    );
    const ids = taken.flat().map(({ id }) => id);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(6);
    await pgIngestQueue.retry(workspaceId, ids[0] ?? "", { reason: "r", afterMs: 0 });
    const [again, ...more] = await pgIngestQueue.lease(workspaceId, { take: 3, leaseMs: 60_000 });
    expect([again?.id, again?.attempts, more.length]).toEqual([ids[0], 2, 0]);
  });
});

describe("writeWaiting", () => {
  test("writes every workspace's batches and leaves none", async () => {
    const tenants = [await givenTenant(), await givenTenant()];
    const sender = givenSender();
    for (const { workspaceId } of tenants) {
      for (let n = 0; n < 12; n += 1) await enqueue(workspaceId, sender, [givenEvent(), givenEvent()]);
    }
    await writeWaiting(soon());
    for (const { workspaceId, system } of tenants) {
      expect(await system.db.agentEvent.count({ where: { workspaceId } })).toBe(24);
      expect(await system.db.ingestBatch.count({ where: { workspaceId } })).toBe(0);
    }
  });

  test("tries a batch that fails again and again, then puts it aside, and writes the others meanwhile", async () => {
    const { workspaceId, system } = await givenTenant();
    const sender = givenSender();
    await enqueue(workspaceId, sender, [givenEvent({ name: "beside" }), givenEvent({ name: "bad" })]);
    await enqueue(workspaceId, sender, [givenEvent({ name: "good" })]);
    const stores = { queue: pgIngestQueue, store: storeThatRefuses("bad") };
    const owner = await connectOwner();
    for (let round = 1; round <= 8; round += 1) {
      await writeWaiting(soon(), stores);
      const waits = await system.db.ingestBatch.findFirst({ where: { workspaceId } });
      expect(waits?.attempts ?? "gone").toBe(round === 8 ? "gone" : round);
      if (waits) expect(waits.dueAt.getTime()).toBeGreaterThan(Date.now() + 300);
      await owner.query("UPDATE ingest_inbox SET due_at = clock_timestamp() WHERE workspace_id = $1", [workspaceId]);
    }
    await owner.end();
    const stored = await system.db.agentEvent.findMany({ where: { workspaceId } });
    expect(stored.map(({ name }) => name).toSorted()).toEqual(["beside", "good"]);
    const [letter] = await system.db.ingestDeadLetter.findMany({ where: { workspaceId } });
    expect(letter).toMatchObject({
      events: 2,
      attempts: 8,
      reason: "The database refused it (22P05). Its other events are written.",
    });
  });
});

describe("replayDeadLetter", () => {
  test("is an administrator's, once, and writes what could not be written", async () => {
    const tenant = await givenTenant();
    const { workspaceId, system } = tenant;
    const event = givenEvent();
    await enqueue(workspaceId, givenSender(), [event]);
    const [batch] = await pgIngestQueue.lease(workspaceId, { take: 1, leaseMs: 1_000 });
    await pgIngestQueue.bury(workspaceId, batch?.id ?? "", "It could not be written.");
    const admin = await tenant.person("admin");
    const letters = await listDeadLetters(admin);
    expect(letters).toMatchObject([{ events: 1, reason: "It could not be written." }]);
    const input = { id: letters[0]?.id ?? "" };
    await expect(replayDeadLetter(await tenant.person("viewer"), input)).rejects.toMatchObject({ code: "forbidden" });
    expect(await replayDeadLetter(admin, input)).toEqual({ events: 1 });
    await expect(replayDeadLetter(admin, input)).rejects.toMatchObject({ code: "not_found" });
    await writeWaiting(soon());
    expect(await pgTraceStore.trace(workspaceId, event.traceId)).toHaveLength(1);
    expect(await listDeadLetters(admin)).toEqual([]);
    const entry = await system.db.ledgerEntry.findFirst({ where: { workspaceId, kind: "ingest.replay" } });
    expect(JSON.parse(String(entry?.body))).toMatchObject({ details: { dead_letter_id: input.id, events: 1 } });
  });
});

describe("pruneEvents", () => {
  test("keeps events for as many days as the workspace says", async () => {
    const tenant = await givenTenant();
    const { workspaceId, system } = tenant;
    await pgTraceStore.write(workspaceId, [givenStored(givenSender(), givenEvent())]);
    const later = (days: number) => ({ ...system, now: new Date(Date.now() + days * 86_400_000) });
    expect(await pruneEvents(later(29))).toEqual({ events: 0, days: 30 });
    await changeSettings(await tenant.person("admin"), { event_days: 90 });
    expect(await pruneEvents(later(31))).toEqual({ events: 0, days: 90 });
    expect(await pruneEvents(later(91))).toEqual({ events: 1, days: 90 });
    await expect(pruneEvents(await tenant.person("admin"))).rejects.toMatchObject({ code: "forbidden" });
  });
});
