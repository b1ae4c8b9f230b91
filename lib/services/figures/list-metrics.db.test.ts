import { afterAll, expect, test } from "vitest";

import { MOST_VALUES } from "@/lib/core/figures/limit-values";
import { OTHER_VALUES } from "@/lib/core/figures/measures";
import { MetricsQuery } from "@/lib/core/figures/metrics";
import { NO_DIMENSIONS } from "@/lib/core/traces/event";
import { ingestPool } from "@/lib/data/ingest-pool";
import { pgTraceStore } from "@/lib/data/pg-trace-store";
import { connectOwner } from "@/lib/testing/owner";
import { recountStoredSpend } from "@/lib/testing/recount-stored-spend";
import { givenSpend, givenSpendingAgents } from "@/lib/testing/spend-events";
import { givenTenant } from "@/lib/testing/tenant";
import { givenEvent, givenSender, givenStored, nsOf } from "@/lib/testing/trace-events";

import { listMetrics } from "./list-metrics";

afterAll(() => ingestPool.end());

const NOW = new Date("2026-10-27T15:42:10Z");
const DAY_MS = 86_400_000;

test("is counted by the migration of what is stored as it was when it was written", async () => {
  const tenant = await givenTenant();
  const person = await tenant.person("admin");
  const events = givenSpend(await givenSpendingAgents(person, 3), 600, NOW);
  for (let at = 0; at < 600; at += 100) await pgTraceStore.write(tenant.workspaceId, events.slice(at, at + 150));
  const total = async () =>
    (await listMetrics({ ...person, now: NOW }, MetricsQuery.parse({ from: "now-30d" }))).total.now;
  const owner = await connectOwner();
  const stored = async () => {
    const found: string[] = [];
    for (const table of ["spend_calls", "spend_values", "counted_runs"]) {
      const { rows } = await owner.query<{ row: string }>(
        `SELECT to_jsonb(s)::text AS row FROM ${table} s WHERE workspace_id = $1 ORDER BY 1`,
        [tenant.workspaceId],
      );
      found.push(...rows.map(({ row }) => row));
    }
    return found;
  };
  try {
    const before = await stored();
    await recountStoredSpend(owner);
    expect(await stored()).toEqual(before);
    // Hours whose events are gone are counted by what was kept of them.
    const all = await total();
    await owner.query("DELETE FROM events WHERE workspace_id = $1 AND started_at < $2", [
      tenant.workspaceId,
      new Date(NOW.getTime() - 10 * DAY_MS),
    ]);
    await recountStoredSpend(owner);
    // What they wasted was not kept, nor which runs they were.
    expect(await total()).toEqual({
      ...all,
      wasted_usd: expect.any(String),
      runs: expect.any(String),
      succeeded: expect.any(String),
    });
  } finally {
    await owner.end();
  }
});

test("values of a claim beyond the most of a day are counted together, and those with rows stay apart", async () => {
  const tenant = await givenTenant();
  const person = await tenant.person("viewer");
  const sender = givenSender();
  const customers = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) =>
      givenStored(
        sender,
        givenEvent({
          startNs: nsOf(NOW),
          dimensions: { ...NO_DIMENSIONS, customer: `${"c".repeat(250)}`.slice(0, 190) + String(from + n) },
        }),
      ),
    );
  await pgTraceStore.write(tenant.workspaceId, customers(0, MOST_VALUES - 20));
  await pgTraceStore.write(tenant.workspaceId, customers(MOST_VALUES - 30, 60));
  await pgTraceStore.write(tenant.workspaceId, customers(0, 10));
  const metrics = await listMetrics({ ...person, now: NOW }, MetricsQuery.parse({ by: "customer", from: "now-7d" }));
  expect(metrics.rows).toHaveLength(MOST_VALUES + 1);
  expect(metrics.rows.find(({ key }) => key === OTHER_VALUES)?.now.events).toBe("30");
  expect(metrics.rows.filter(({ now }) => now.events === "2")).toHaveLength(20);
  expect(metrics.rows.reduce((sum, { now }) => sum + Number(now.events), 0)).toBe(Number(metrics.total.now.events));
});
