import { afterAll, describe, expect, test } from "vitest";

import { PriceOverrideInput } from "@/lib/core/costs/schema";
import { compilePrices } from "@/lib/core/costs/table";
import { AppError } from "@/lib/core/shared/errors";
import { repricedCost } from "@/lib/core/traces/repriced-cost";
import type { StoredCost, StoredEvent } from "@/lib/core/traces/stored-event";
import { workspaceDb } from "@/lib/data/db";
import { ingestPool } from "@/lib/data/ingest-pool";
import { listOverridesInForce } from "@/lib/data/prices";
import { repriceSome } from "@/lib/data/reprice-events";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";
import { givenEvent, givenSender, givenStored, newTraceId, nsOf } from "@/lib/testing/trace-events";

import { traceStore } from "../traces/stores";
import { listPrices } from "./list-prices";
import { runRepricing } from "./run-repricing";
import { setPriceOverride } from "./set-price-override";
import { startRepricing } from "./start-repricing";

afterAll(() => ingestPool.end());

const HOUR_MS = 3_600_000;
const UNPRICED: StoredCost = { picos: null, computedPicos: null, status: "unpriced", priceRef: null };
const tokens = {
  input: 1_000,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  cacheWrite1h: null,
  reasoning: 0,
  audioIn: null,
  audioOut: null,
};

type Given = { readonly tenant: Tenant; readonly admin: Person; readonly events: readonly StoredEvent[] };

/** Calls of a model that nobody knows, one an hour back from now, three to a trace. */
async function given(count: number): Promise<Given> {
  const tenant = await givenTenant();
  const admin = await tenant.person("admin");
  const sender = givenSender();
  let traceId = newTraceId();
  const events = Array.from({ length: count }, (_, index) => {
    if (index % 3 === 0) traceId = newTraceId();
    const startNs = nsOf(new Date(Date.now() - index * HOUR_MS));
    const names = { provider: "acme", model: "house", modelRequested: "house" };
    return givenStored(sender, givenEvent({ traceId, startNs, endNs: null, tokens, ...names }), { cost: UNPRICED });
  });
  await traceStore.write(tenant.workspaceId, events);
  return { tenant, admin, events };
}

const setPrice = (admin: Person, input: string) =>
  setPriceOverride(
    admin,
    PriceOverrideInput.parse({
      provider: "acme",
      model: "house",
      valid_from: "2026-01-01T00:00:00Z",
      prices: { input_usd_per_mtok: input, output_usd_per_mtok: "0" },
    }),
  );
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();
const ALL = { from: hoursAgo(1_000), to: new Date(Date.now() + HOUR_MS).toISOString() };

/** What dashboards say, what traces say, and what the events themselves add up to. */
async function sums({ tenant: { workspaceId }, events }: Given) {
  const range = { from: new Date(ALL.from), to: new Date(ALL.to), by: [], inWindowOnly: false } as const;
  const [row] = await traceStore.aggregate(workspaceId, { ...range, histograms: ["costs"] });
  const traces = await workspaceDb(workspaceId).trace.findMany({ where: { workspaceId } });
  const ids = [...new Set(events.map(({ event }) => event.traceId))];
  const stored = (await Promise.all(ids.map((id) => traceStore.trace(workspaceId, id)))).flat();
  const { cost_picos, priced, unpriced, events: counted, priced_tokens } = row?.measures ?? {};
  return {
    hours: { cost_picos, priced, unpriced, counted, priced_tokens },
    costs: row?.histograms.costs?.reduce((sum, n) => sum + n, 0),
    traces: {
      cost: traces.reduce((sum, trace) => sum + BigInt(trace.costPicos.toFixed()), 0n),
      unpriced: traces.reduce((sum, trace) => sum + trace.unpriced, 0n),
      events: traces.reduce((sum, trace) => sum + trace.events, 0n),
    },
    events: stored.reduce((sum, { cost }) => sum + BigInt(cost.picos ?? 0), 0n),
  };
}

const expected = (n: bigint, picos: bigint, of: bigint) => ({
  hours: {
    cost_picos: String(picos),
    priced: String(n),
    unpriced: String(of - n),
    counted: String(of),
    priced_tokens: String(n * 1_000n),
  },
  costs: Number(n),
  traces: { cost: picos, unpriced: of - n, events: of },
  events: picos,
});

describe("repricing", () => {
  test("gives stored calls a price, moves every count by it, leaves the events, and says so twice in the ledger", async () => {
    const world = await given(7);
    const { tenant, admin } = world;
    const { workspaceId } = tenant;
    const raw = () =>
      workspaceDb(workspaceId)
        .$queryRaw`SELECT * FROM events WHERE workspace_id = ${workspaceId}::uuid ORDER BY event_id`;
    const before = await raw();
    expect(await sums(world)).toEqual(expected(0n, 0n, 7n));
    await setPrice(admin, "2");
    const { repricing_id: id } = await startRepricing(admin, ALL);
    expect((await listPrices(admin)).repricings).toMatchObject([{ id, finished_at: null, looked_at: 0 }]);
    expect(await runRepricing(tenant.system)).toEqual({ ended: true });
    expect(await sums(world)).toEqual(expected(7n, 14_000_000_000n, 7n));
    expect(await raw()).toEqual(before);
    const [shown] = (await listPrices(admin)).repricings;
    const came = { looked_at: 7, repriced: 7, newly_priced: 7, before_usd: "0.00", after_usd: "0.014" };
    expect(shown).toMatchObject({ ...came, finished_at: expect.any(Date), by: "Test admin" });
    const entries = await workspaceDb(workspaceId).ledgerEntry.findMany({
      where: { workspaceId, kind: { startsWith: "price.reprice" } },
      orderBy: { id: "asc" },
    });
    expect(entries.map(({ kind, body }) => [kind, JSON.parse(body).details])).toMatchObject([
      ["price.reprice", { repricing: id, overrides: 1 }],
      ["price.repriced", { repricing: id, ...came }],
    ]);
  });

  test("changes nothing the second time, and appends a version where the price changed since", async () => {
    const world = await given(4);
    const { tenant, admin } = world;
    await setPrice(admin, "2");
    const run = async () => {
      await startRepricing(admin, ALL);
      await runRepricing(tenant.system);
      return (await listPrices(admin)).repricings[0];
    };
    await run();
    expect(await run()).toMatchObject({ looked_at: 4, repriced: 0, before_usd: "0.00", after_usd: "0.00" });
    await setPrice(admin, "5");
    expect(await run()).toMatchObject({ repriced: 4, newly_priced: 0, before_usd: "0.008", after_usd: "0.02" });
    expect(await sums(world)).toEqual(expected(4n, 20_000_000_000n, 4n));
    const { workspaceId } = tenant;
    const versions = await workspaceDb(workspaceId).eventCost.groupBy({
      by: ["version"],
      where: { workspaceId },
      _count: true,
    });
    expect(versions.map(({ version, _count }) => [version, _count]).sort()).toEqual([
      [1, 4],
      [2, 4],
    ]);
  });

  test("takes only calls that began in its range", async () => {
    const world = await given(6);
    await setPrice(world.admin, "2");
    await startRepricing(world.admin, { from: hoursAgo(3.5), to: hoursAgo(0.5) });
    await runRepricing(world.tenant.system);
    expect(await sums(world)).toEqual(expected(3n, 6_000_000_000n, 6n));
  });

  test("continues where it was killed, whatever had not been committed, and two workers count nothing twice", async () => {
    const world = await given(20);
    const { tenant, admin } = world;
    const { workspaceId } = tenant;
    await setPrice(admin, "2");
    const { repricing_id: id } = await startRepricing(admin, ALL);
    const prices = compilePrices(await listOverridesInForce(workspaceDb(workspaceId), workspaceId));
    const some = (die: boolean) => {
      let seen = 0;
      return repriceSome(workspaceId, { id, take: 3 }, (stored) => {
        seen += 1;
        if (die && seen === 2) throw new Error("killed");
        return repricedCost(prices, stored);
      });
    };
    for (let round = 0; round < 3; round += 1) {
      await expect(some(true)).rejects.toThrow("killed");
      expect(await some(false)).toBe(false);
      expect(await sums(world)).toMatchObject({ hours: { priced: String(3 * (round + 1)) } });
    }
    await Promise.all([runRepricing(tenant.system), runRepricing(tenant.system), some(false)]);
    await runRepricing(tenant.system);
    expect(await sums(world)).toEqual(expected(20n, 40_000_000_000n, 20n));
    expect((await listPrices(admin)).repricings).toMatchObject([{ looked_at: 20, repriced: 20 }]);
    const ends = await workspaceDb(workspaceId).ledgerEntry.count({ where: { workspaceId, kind: "price.repriced" } });
    expect(ends).toBe(1);
  });

  test("is begun by administrators alone, and one at a time", async () => {
    const { tenant, admin } = await given(1);
    const reason = async (who: Person) => {
      const refused = await startRepricing(who, ALL).catch((error: unknown) => error);
      return refused instanceof AppError ? refused.reason : null;
    };
    expect(await reason(await tenant.person("policy_admin"))).toBe("role_missing");
    expect(await reason(admin)).toBeNull();
    expect(await reason(admin)).toBe("repricing_open");
    const other = await givenTenant();
    expect(await runRepricing(other.system)).toEqual({ ended: false });
    expect((await listPrices(await other.person("admin"))).repricings).toEqual([]);
    await runRepricing(tenant.system);
    expect(await reason(admin)).toBeNull();
  });
});
