import { randomUUID } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { describe, expect, test } from "vitest";

import { givenTenant, type Tenant } from "@/lib/testing/tenant";

import { ensurePartitions } from "./ensure-partitions";
import { pruneRecords } from "./prune-records";

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

async function givenRecords({ system: { db }, workspaceId }: Tenant, days: number): Promise<void> {
  const createdAt = daysAgo(days);
  const key = { agentId: randomUUID(), session: "s", key: randomUUID(), fingerprint: "f", decisionId: randomUUID() };
  await db.idempotencyKey.create({ data: { ...key, workspaceId, createdAt } });
  await db.outboxEvent.create({
    data: { id: uuidv7({ msecs: createdAt.getTime() }), workspaceId, topic: "test", payload: {}, createdAt },
  });
}

async function givenUsage({ system: { db }, workspaceId, person }: Tenant, days: number): Promise<void> {
  const agent = { handle: `a-${days}`, task: "t", status: "active", environment: "production", level: 1, epoch: 1n };
  const { memberId: driId } = (await person("viewer")).actor;
  const { id: agentId } = await db.agent.create({ data: { id: randomUUID(), workspaceId, driId, ...agent } });
  await db.toolUsage.create({ data: { workspaceId, agentId, tool: "t", day: daysAgo(days), uses: 1, approved: 0 } });
}

describe("pruneRecords", () => {
  test("forgets keys after 30 days and events after 7, in its own workspace only", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    for (const tenant of [here, there]) for (const days of [30, 33]) await givenUsage(tenant, days);
    for (const tenant of [here, there]) for (const days of [0, 6, 8, 29, 31]) await givenRecords(tenant, days);
    expect(await pruneRecords(here.system)).toEqual({
      keys: 1,
      events: 3,
      usage: 1,
      readings: 0,
      tallies: 0,
      deliveries: 0,
    });
    expect(await pruneRecords(here.system)).toEqual({
      keys: 0,
      events: 0,
      usage: 0,
      readings: 0,
      tallies: 0,
      deliveries: 0,
    });
    expect(await there.system.db.outboxEvent.count()).toBe(5);
    await expect(pruneRecords(await here.person("admin"))).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("ensurePartitions", () => {
  test("makes what is missing and may be repeated", async () => {
    await ensurePartitions();
    expect(await ensurePartitions()).toEqual({ made: 0 });
  });
});
