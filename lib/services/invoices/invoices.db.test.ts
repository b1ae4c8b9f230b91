import { afterAll, describe, expect, test } from "vitest";

import { ImportInvoiceInput } from "@/lib/core/invoices/schema";
import { workspaceDb } from "@/lib/data/db";
import { ingestPool } from "@/lib/data/ingest-pool";
import { refusal } from "@/lib/testing/refusal";
import { givenTenant, type Tenant } from "@/lib/testing/tenant";
import { givenEvent, givenSender, givenStored, nsOf } from "@/lib/testing/trace-events";

import { traceStore } from "../traces/stores";
import { importInvoice } from "./import-invoice";
import { listInvoices } from "./list-invoices";
import { removeInvoice } from "./remove-invoice";
import { showInvoice } from "./show-invoice";

afterAll(() => ingestPool.end());

const DAY_MS = 86_400_000;
/** What `givenStored` says that one call costs. */
const CALL = 717_000_000n;

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
const file = (csv: string, change: object = {}) => ImportInvoiceInput.parse({ csv, name: "november.csv", ...change });

async function given({ workspaceId }: Tenant, count: number, at: Date, change: object = {}): Promise<void> {
  const sender = givenSender();
  await traceStore.write(
    workspaceId,
    Array.from({ length: count }, () => givenStored(sender, givenEvent({ startNs: nsOf(at), ...change }))),
  );
}

const entries = async ({ workspaceId }: Tenant) => {
  const rows = await workspaceDb(workspaceId).ledgerEntry.findMany({
    where: { workspaceId, kind: { startsWith: "invoice." } },
    orderBy: { id: "asc" },
  });
  return rows.map(({ body }) => JSON.parse(body) as { kind: string; details: Record<string, unknown> });
};

describe("an imported invoice", () => {
  test("is imported once by administrators alone, removed with its sums, and is nobody else's to see", async () => {
    const [tenant, other] = [await givenTenant(), await givenTenant()];
    const [admin, viewer, stranger] = [
      await tenant.person("admin"),
      await tenant.person("viewer"),
      await other.person("admin"),
    ];
    const csv = "date,model,amount\n2026-11-03,gpt-4o,1.25\n";
    expect(await refusal(importInvoice(viewer, file(csv)))).toBe("role_missing");
    const both = await Promise.all([importInvoice(admin, file(csv)), importInvoice(admin, file(csv))]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
    const [{ id }] = both as [{ id: string }, unknown];
    expect(both.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await listInvoices(viewer)).toMatchObject([{ id, name: "november.csv", units: "1250000000000", rows: 1 }]);
    expect(await listInvoices(stranger)).toEqual([]);
    expect(await refusal(showInvoice(stranger, { id }))).toBe("not_found");
    expect(await refusal(removeInvoice(stranger, { id }))).toBe("not_found");
    expect(await refusal(removeInvoice(viewer, { id }))).toBe("role_missing");
    expect((await importInvoice(stranger, file(csv))).isNew).toBe(true);

    await removeInvoice(admin, { id });
    expect(await refusal(showInvoice(viewer, { id }))).toBe("not_found");
    const { workspaceId } = tenant;
    expect(await workspaceDb(workspaceId).invoiceEntry.count({ where: { workspaceId, invoiceId: id } })).toBe(0);
    const again = await importInvoice(admin, file(csv));
    expect(again.isNew).toBe(true);
    expect(await entries(tenant)).toMatchObject([
      { kind: "invoice.import", details: { invoice: { id, units: "1250000000000", measure: "usd" } } },
      { kind: "invoice.remove", details: { invoice: id } },
      { kind: "invoice.import" },
    ]);
  });

  test.each(["x", "", "018f0000-0000-7000-8000-00000000000g", "\0"])("has no such id as %j", async (id) => {
    const admin = await (await givenTenant()).person("admin");
    expect(await refusal(showInvoice(admin, { id }))).toBe("not_found");
    expect(await refusal(removeInvoice(admin, { id }))).toBe("not_found");
  });

  test("leaves nothing behind where a line cannot be read", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    const faulty = importInvoice(admin, file("date,amount\n2026-11-03,1\nsoon,1\n"));
    await expect(faulty).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringMatching(/^Line 3: “soon” is no day/),
      faults: [{ line: 3 }],
    });
    expect(await listInvoices(admin)).toEqual([]);
    expect(await entries(tenant)).toEqual([]);
  });

  test("is explained by calls of its provider on its days, and says what went past and what it lacks", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    const [today, yesterday] = [admin.now, new Date(admin.now.getTime() - DAY_MS)];
    await given(tenant, 3, today);
    await given(tenant, 2, yesterday);
    await given(tenant, 4, today, { provider: "azure.ai.openai" });
    await given(tenant, 1, today, { provider: "openai", model: "o3", modelRequested: "o3" });
    await given(await givenTenant(), 9, today);
    const usd = (calls: bigint) => `0.${String(calls * CALL).padStart(12, "0")}`;
    const csv = [
      "start_time_iso,amount_value,amount_currency,line_item,api_key_id",
      `${dayOf(today)}T00:00:00+00:00,${usd(5n)},usd,"gpt-4.1-mini, input",key_a`,
      `${dayOf(yesterday)}T00:00:00+00:00,${usd(1n)},usd,"gpt-4.1-mini, output",key_a`,
      `${dayOf(today)}T00:00:00+00:00,2.00,usd,Web search,key_b`,
    ].join("\n");
    const { id } = await importInvoice(admin, file(csv));
    const { invoice, explained } = await showInvoice(await tenant.person("viewer"), { id });
    expect(invoice).toMatchObject({ provider: "openai", first_day: dayOf(yesterday), last_day: dayOf(today), rows: 3 });
    expect(explained.invoiced).toBe(invoice.units);
    expect(explained.explained).toBe(String(4n * CALL));
    expect(explained.models).toMatchObject([
      { model: "web-search", state: "past", explained: "0" },
      { model: "gpt-4-1-mini", state: "partly", invoiced: String(6n * CALL), explained: String(4n * CALL) },
    ]);
    expect(explained.keys).toMatchObject([
      { key: "key_b", state: "past" },
      { key: "key_a", state: "partly", explained: String(4n * CALL) },
    ]);
    expect(explained.days.map(({ explained: units }) => units)).toEqual([String(CALL), String(3n * CALL)]);
    expect(explained.beyond).toMatchObject([
      { model: "gpt-4-1-mini", units: String(CALL) },
      { model: "o3", units: String(CALL) },
    ]);
  });
});
