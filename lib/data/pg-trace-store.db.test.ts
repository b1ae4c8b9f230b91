import { afterAll, describe, expect, test } from "vitest";

import { connectOwner } from "@/lib/testing/owner";
import { givenTenant } from "@/lib/testing/tenant";
import { givenEvent, givenSender, givenStored, newTraceId } from "@/lib/testing/trace-events";
import { testTraceStore } from "@/lib/testing/trace-store-suite";

import { ingestPool } from "./ingest-pool";
import { pgTraceStore } from "./pg-trace-store";

afterAll(() => ingestPool.end());

testTraceStore("Postgres", pgTraceStore, async () => (await givenTenant()).workspaceId);

describe("events in Postgres", () => {
  test("feed the row of their trace and of their feed", async () => {
    const { workspaceId, system } = await givenTenant();
    const sender = givenSender();
    const traceId = newTraceId();
    const root = givenEvent({ traceId, name: "triage", kind: "agent", usageRole: "rollup", runId: "r-1" });
    const call = givenEvent({ traceId, parentEventId: root.eventId });
    await pgTraceStore.write(workspaceId, [givenStored(sender, call)]);
    expect(await system.db.trace.findFirst({ where: { workspaceId } })).toMatchObject({ endedAt: null, name: null });
    await pgTraceStore.write(workspaceId, [givenStored(sender, root)]);
    const trace = await system.db.trace.findFirst({ where: { workspaceId } });
    expect(trace).toMatchObject({ name: "triage", run: "r-1", events: 2n, modelCalls: 1n, endedReason: "root_ended" });
    expect(trace?.costPicos.toFixed()).toBe("717000000");
    expect(await system.db.feed.findFirst({ where: { workspaceId } })).toMatchObject({
      events: 2n,
      producer: "test 1.0",
    });
    expect(await system.db.unreadKey.findMany({ where: { workspaceId } })).toMatchObject([
      { key: "x.custom", events: 2n },
    ]);
  });

  test("bring at most a thousand unread keys of an agent into the database", async () => {
    const { workspaceId, system } = await givenTenant();
    const sender = givenSender();
    const unread = (from: number) =>
      Object.fromEntries(Array.from({ length: 700 }, (_, n) => [`key-${String(from + n).padStart(5, "0")}`, 1]));
    for (const from of [0, 350, 5_000]) {
      await pgTraceStore.write(workspaceId, [givenStored(sender, givenEvent({ unread: unread(from) }))]);
    }
    const keys = await system.db.unreadKey.findMany({ where: { workspaceId } });
    expect(keys).toHaveLength(1_000);
    expect(keys.find(({ key }) => key === "key-00400")?.events).toBe(2n);
  });

  test("cannot be written or changed by the application but through its functions", async () => {
    const { workspaceId, system } = await givenTenant();
    await pgTraceStore.write(workspaceId, [givenStored(givenSender(), givenEvent())]);
    await expect(system.db.$executeRaw`UPDATE events SET name = 'x'`).rejects.toThrow(/permission denied/);
    await expect(system.db.$executeRaw`DELETE FROM agent_hours`).rejects.toThrow(/permission denied/);
  });

  test("lie in the partition of their day, and whole days go at once", async () => {
    const { workspaceId } = await givenTenant();
    await pgTraceStore.write(workspaceId, [givenStored(givenSender(), givenEvent())]);
    const owner = await connectOwner();
    const { rows } = await owner.query<{ name: string }>(
      "SELECT tableoid::regclass::text AS name FROM events WHERE workspace_id = $1",
      [workspaceId],
    );
    expect(rows[0]?.name).toBe(`events_${new Date().toISOString().slice(0, 10).replaceAll("-", "")}`);
    await owner.query(
      "CREATE TABLE events_20200101 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2020-01-02')",
    );
    await owner.end();
    expect(await pgTraceStore.dropDays(90)).toBe(1);
    await expect(pgTraceStore.dropDays(0)).rejects.toThrow(/at least one day/);
  });
});
