import { createHash } from "node:crypto";

import { v7 as uuidv7 } from "uuid";
import { describe, expect, test } from "vitest";

import { leafOfEntry } from "@/lib/core/ledger/append-entries";
import { rootOfLeaves } from "@/lib/core/ledger/merkle";
import { verifyInclusion } from "@/lib/core/ledger/proof";
import { transact } from "@/lib/data/db";
import { Prisma } from "@/lib/data/generated/client";
import { listLeavesFrom } from "@/lib/data/ledger-reads";
import { givenTenant, type Tenant } from "@/lib/testing/tenant";

import { ensureKey } from "./ensure-key";
import { listCheckpoints } from "./list-checkpoints";
import { listEntries } from "./list-entries";
import { record } from "./record";
import { sequenceLedger } from "./sequence-ledger";
import { showProof } from "./show-proof";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

async function givenEntries({ system }: Tenant, count: number, from = 0): Promise<void> {
  await transact(system.db, async (tx) => {
    for (let n = from; n < from + count; n += 1)
      await record(tx, { ...system, now: new Date() }, "test.event", { n, ü: "é" });
  });
}

/** What the database says to whoever may not do this. */
const REFUSED = /cannot leave the queue|append-only|permission denied|duplicate key|unique/i;

const leavesOf = (tenant: Tenant) =>
  listLeavesFrom(tenant.system.db, tenant.workspaceId, { from: 0n, until: 10_000n, take: 10_000 });

describe("sequenceLedger", () => {
  test("gives contiguous indexes and the root over all leaves, in several rounds", async () => {
    const tenant = await givenTenant();
    const reader = await tenant.person("viewer");
    for (const count of [1, 6, 20]) {
      await givenEntries(tenant, count);
      expect(await sequenceLedger(tenant.system)).toMatchObject({ sequenced: count });
    }
    expect(await sequenceLedger(tenant.system)).toMatchObject({ sequenced: 0 });
    const leaves = await leavesOf(tenant);
    expect(leaves.map((leaf) => Number(leaf.index))).toEqual(Array.from({ length: 27 }, (_, index) => index));
    const expected = leaves.map((leaf) => leafOfEntry(sha256, leaf.body));
    expect(leaves.map((leaf) => leaf.leaf_hash)).toEqual(expected);
    const { head } = await listEntries(reader, { limit: 1 });
    expect(head).toMatchObject({ size: 27n, root_hash: rootOfLeaves(sha256, expected) });
  });

  test("by many sequencers at once still gives every entry one index", async () => {
    const tenant = await givenTenant();
    await givenEntries(tenant, 40);
    const runs = await Promise.all(Array.from({ length: 8 }, () => sequenceLedger(tenant.system)));
    await sequenceLedger(tenant.system);
    expect(runs.reduce((sum, run) => sum + run.sequenced, 0)).toBe(40);
    const leaves = await leavesOf(tenant);
    expect(leaves.map((leaf) => Number(leaf.index))).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(new Set(leaves.map((leaf) => leaf.id)).size).toBe(40);
  });

  test("takes an entry that was committed late with an older id", async () => {
    const tenant = await givenTenant();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = transact(tenant.system.db, async (tx) => {
      await record(tx, { ...tenant.system, now: new Date() }, "test.slow", {});
      await held;
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await givenEntries(tenant, 3);
    expect(await sequenceLedger(tenant.system)).toMatchObject({ sequenced: 3 });
    release();
    await slow;
    expect(await sequenceLedger(tenant.system)).toMatchObject({ sequenced: 1 });
    expect((await leavesOf(tenant)).at(-1)).toMatchObject({ kind: "test.slow", index: 3n });
  });

  test("finds an entry with a time long past", async () => {
    const tenant = await givenTenant();
    await givenEntries(tenant, 1);
    await sequenceLedger(tenant.system);
    await tenant.system.db.ledgerEntry.create({
      data: {
        id: uuidv7({ msecs: Date.parse("2024-07-11") }),
        workspaceId: tenant.workspaceId,
        kind: "test.old",
        body: "{}",
        createdAt: new Date("2024-07-11"),
      },
    });
    expect(await sequenceLedger(tenant.system)).toMatchObject({ sequenced: 1 });
  });

  test("an entry leaves the queue with its leaf and in no other way, and what was signed stays", async () => {
    const tenant = await givenTenant();
    const { db } = tenant.system;
    await ensureKey(tenant.system);
    await givenEntries(tenant, 2);
    await expect(
      db.$executeRaw`DELETE FROM ledger_pending WHERE workspace_id = ${tenant.workspaceId}::uuid`,
    ).rejects.toThrow(REFUSED);
    expect(await sequenceLedger(tenant.system)).toMatchObject({
      sequenced: 3,
      signing: "signed",
      clockRegressed: false,
    });
    expect(await sequenceLedger(tenant.system)).toMatchObject({ sequenced: 0, signing: "current" });
    for (const change of [
      Prisma.sql`UPDATE ledger_checkpoints SET root_hash = 'x'`,
      Prisma.sql`DELETE FROM ledger_checkpoints`,
      Prisma.sql`UPDATE ledger_keys SET verifier_key = 'x'`,
      Prisma.sql`INSERT INTO ledger_checkpoints SELECT * FROM ledger_checkpoints`,
      Prisma.sql`INSERT INTO ledger_pending SELECT workspace_id, clock_timestamp(), entry_id FROM ledger_leaves`,
    ])
      await expect(db.$executeRaw(change)).rejects.toThrow(REFUSED);
  });

  test("a tree of many leaves proves any of them from stored nodes, and sequencers at once sign one root a size", async () => {
    const tenant = await givenTenant();
    const reader = await tenant.person("viewer");
    await ensureKey(tenant.system);
    await tenant.system.db.$executeRaw`
      INSERT INTO ledger_entries (id, workspace_id, kind, body, created_at)
      SELECT uuidv7(), ${tenant.workspaceId}::uuid, 'test.event', '{"n":' || n || '}', clock_timestamp() FROM generate_series(1, 1500) n`;
    await Promise.all(Array.from({ length: 6 }, () => sequenceLedger(tenant.system)));
    await sequenceLedger(tenant.system);
    const leaves = await leavesOf(tenant);
    expect(leaves).toHaveLength(1_501);
    for (const index of [0, 255, 256, 1_023, 1_024, 1_500]) {
      const found = await showProof(reader, leaves[index]?.id ?? "");
      const { size, root_hash: root, leaf_hash: leaf, proof } = found;
      expect(verifyInclusion(sha256, { index: BigInt(index), size, leaf, proof, root })).toBe(true);
    }
    const sizes = (await listCheckpoints(reader, { limit: 100 })).items.map((item) => item.size);
    expect(new Set(sizes).size).toBe(sizes.length);
  });

  test("keeps workspaces apart and is for the system only", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    await givenEntries(here, 2);
    expect(await sequenceLedger(there.system)).toMatchObject({ sequenced: 0 });
    expect(await leavesOf(there)).toEqual([]);
    await expect(sequenceLedger(await here.person("admin"))).rejects.toMatchObject({ code: "forbidden" });
  });
});
