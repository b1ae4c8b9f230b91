import { beforeAll, describe, expect, test } from "vitest";

import { MOST_INVOICE_BYTES } from "@/lib/core/invoices/schema";
import { InvoicePage } from "@/lib/core/invoices/shown";
import { givenWorkspace } from "@/lib/testing/client";

import { createApp } from "./app";

const app = createApp({ draining: false });
let token: string;
beforeAll(async () => {
  token = (await givenWorkspace()).token;
});

const ask = (path: string, change: RequestInit = {}) =>
  app.request(`/api/v1/invoices${path}`, {
    ...change,
    headers: { authorization: `Bearer ${token}`, "content-type": "text/csv", ...change.headers },
  });
const post = (body: string, query = "") => ask(query, { method: "POST", body });

describe("invoices", () => {
  test("come as CSV larger than any other body, are one when sent twice, and are read as JSON and CSV", async () => {
    const rows = Array.from({ length: 60_000 }, (_, at) => `2026-11-0${(at % 3) + 3},=model(),key-${at % 7},0.01`);
    const csv = ["date,model,key,amount", ...rows].join("\n");
    expect(csv.length).toBeGreaterThan(1024 * 1024);
    const sent = await post(csv, "?name=november.csv&provider=openai.chat");
    expect(sent.status).toBe(201);
    const { id } = (await sent.json()) as { id: string };
    const again = await post(csv);
    expect([again.status, await again.json()]).toEqual([200, { id }]);

    const { invoice, explained } = InvoicePage.parse(
      JSON.parse(await (await ask(`/${id}`)).text(), (key, value: unknown) =>
        key === "created_at" ? new Date(String(value)) : value,
      ),
    );
    expect(invoice).toMatchObject({ name: "november.csv", provider: "openai", rows: 60_000, units: "600000000000000" });
    expect(explained.models).toMatchObject([{ names: ["=model()"], state: "past", share: 0 }]);
    expect(explained.keys).toHaveLength(7);
    const file = await (await ask(`/${id}?format=csv`)).text();
    expect(file).toContain("# zone,UTC\r\n");
    expect(file).toContain("2026-11-03,'=model(),200.00,0.00,200.00,0\r\n");
    const byKey = await (await ask(`/${id}?format=csv&rows=keys`)).text();
    expect(byKey).toMatch(/\r\nkey-0,No telemetry,,1,/);
    expect(file).toMatch(/\r\nAll,,600\.00,0\.00,600\.00,0\r\n$/);

    expect((await ask(`/${id}`, { method: "DELETE" })).status).toBe(200);
    expect((await ask(`/${id}`)).status).toBe(404);
  });

  test.each(["x", "018f0000-0000-7000-8000-00000000000g"])("have no such id as %s", async (id) => {
    expect((await ask(`/${id}`)).status).toBe(404);
    expect((await ask(`/${id}?format=csv`)).status).toBe(404);
    expect((await ask(`/${id}`, { method: "DELETE" })).status).toBe(404);
    for (const method of ["PATCH", "DELETE"]) {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const body = method === "PATCH" ? JSON.stringify({ shared: true }) : null;
      expect((await app.request(`/api/v1/views/${id}`, { method, headers, body })).status).toBe(404);
    }
  });

  test("are refused by line, by size, and where they are no UTF-8", async () => {
    const faulty = await post("date,amount\nsoon,1\n");
    expect(faulty.status).toBe(400);
    expect(await faulty.json()).toMatchObject({ code: "unreadable_invoice" });
    expect((await post(`date,amount\n${" ".repeat(MOST_INVOICE_BYTES)}`)).status).toBe(400);
    expect((await post(" ".repeat(MOST_INVOICE_BYTES + 2 * 1024 * 1024))).status).toBe(413);
    expect((await ask("", { method: "POST", body: new Uint8Array([0x64, 0xff, 0xfe]) })).status).toBe(400);
  });
});
