import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { leafOfEntry } from "@/lib/core/ledger/append-entries";
import { ExportLedgerInput } from "@/lib/core/ledger/schema";
import { transact } from "@/lib/data/db";
import { givenTenant, type Tenant } from "@/lib/testing/tenant";

import { exportLedger } from "./export-ledger";
import { listEntries } from "./list-entries";
import { record } from "./record";
import { sequenceLedger } from "./sequence-ledger";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** A transaction may last ten seconds, which a busy machine needs for several hundred. */
const ENTRIES_A_TRANSACTION = 50;

async function givenEntries({ system }: Tenant, kind: `${string}.${string}`, count: number): Promise<void> {
  for (let first = 0; first < count; first += ENTRIES_A_TRANSACTION)
    await transact(system.db, async (tx) => {
      for (let n = first; n < Math.min(count, first + ENTRIES_A_TRANSACTION); n += 1)
        await record(tx, { ...system, now: new Date() }, kind, { n });
    });
}

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}

describe("exportLedger", () => {
  test("writes every entry once: sequenced ones by index with a hash that can be checked, the export itself last", async () => {
    const tenant = await givenTenant();
    const auditor = await tenant.person("viewer");
    await givenEntries(tenant, "test.event", 1_100);
    await sequenceLedger(tenant.system);
    await givenEntries(tenant, "test.later", 3);
    const text = await textOf(await exportLedger({ ...auditor, now: new Date() }, ExportLedgerInput.parse({})));
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(1_104);
    expect(lines.slice(0, 1_100).map((line) => line.index)).toEqual(Array.from({ length: 1_100 }, (_, index) => index));
    for (const line of lines.slice(0, 1_100)) expect(leafOfEntry(sha256, line.entry)).toBe(line.leaf_hash);
    expect(lines.slice(1_100).map((line) => [line.index, line.entry.kind])).toEqual([
      [null, "test.later"],
      [null, "test.later"],
      [null, "test.later"],
      [null, "ledger.export"],
    ]);
    expect(lines.at(-1)?.entry.details).toMatchObject({ format: "jsonl", size: 1_100 });
  });

  test("can be limited to a kind, as CSV with one record an entry", async () => {
    const tenant = await givenTenant();
    await givenEntries(tenant, "test.event", 5);
    await givenEntries(tenant, "test.other", 5);
    await sequenceLedger(tenant.system);
    const text = await textOf(await exportLedger(await tenant.person("viewer"), { format: "csv", kind: "test.other" }));
    const records = text.trimEnd().split("\r\n");
    expect(records).toHaveLength(6);
    expect(records[1]).toMatch(/^5,[0-9a-f]{64},[0-9a-f-]{36},\S+Z,test\.other,test,/);
  });

  test("holds nothing of another workspace", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    await givenEntries(here, "test.event", 5);
    const text = await textOf(await exportLedger(await there.person("viewer"), { format: "jsonl" }));
    expect(
      text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).entry.kind),
    ).toEqual(["ledger.export"]);
  });
});

describe("listEntries", () => {
  test("shows newest first, page by page, with who did it", async () => {
    const tenant = await givenTenant();
    const reader = await tenant.person("viewer");
    await givenEntries(tenant, "test.event", 5);
    const first = await listEntries(reader, { limit: 3 });
    expect(first.items.map((item) => item.body["details"])).toEqual([{ n: 4 }, { n: 3 }, { n: 2 }]);
    expect(first.items[0]).toMatchObject({ who: "test", index: null, leaf_hash: null });
    const second = await listEntries(reader, { limit: 3, cursor: first.next ?? "" });
    expect(second).toMatchObject({
      items: [{ body: { details: { n: 1 } } }, { body: { details: { n: 0 } } }],
      next: null,
      kinds: ["test.event"],
    });
  });

  test("refuses a cursor no list ever answered", async () => {
    const reader = await (await givenTenant()).person("viewer");
    await expect(listEntries(reader, { limit: 3, cursor: "1 OR 1=1" })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });
});
