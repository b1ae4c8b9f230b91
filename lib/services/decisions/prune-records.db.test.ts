import { randomUUID } from "node:crypto";

import { describe, expect, test } from "vitest";

import { givenTenant, type Tenant } from "@/lib/testing/tenant";

import { ensurePartitions } from "./ensure-partitions";
import { pruneRecords } from "./prune-records";

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

async function givenRecords({ system: { db }, workspaceId }: Tenant, days: number): Promise<void> {
  const createdAt = daysAgo(days);
  const key = { agentId: randomUUID(), session: "s", key: randomUUID(), fingerprint: "f", decisionId: randomUUID() };
  await db.idempotencyKey.create({ data: { ...key, workspaceId, createdAt } });
  await db.outboxEvent.create({ data: { id: randomUUID(), workspaceId, topic: "test", payload: {}, createdAt } });
}

describe("pruneRecords", () => {
  test("forgets keys after 30 days and events after 7, in its own workspace only", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    for (const tenant of [here, there]) for (const days of [0, 6, 8, 29, 31]) await givenRecords(tenant, days);
    expect(await pruneRecords(here.system)).toEqual({ keys: 1, events: 3 });
    expect(await pruneRecords(here.system)).toEqual({ keys: 0, events: 0 });
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
