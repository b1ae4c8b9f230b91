import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { SpendDimension } from "@/lib/core/figures/measures";
import type { Period } from "@/lib/core/figures/range";
import { type SpendFigures, type SpendPage, SpendQuery } from "@/lib/core/figures/spend";
import type { AgentId } from "@/lib/core/shared/brand";
import type { StoredEvent } from "@/lib/core/traces/stored-event";
import { ingestPool, ingestTransaction } from "@/lib/data/ingest-pool";
import { pgTraceStore } from "@/lib/data/pg-trace-store";
import { moveCosts } from "@/lib/data/move-costs";
import { beganAt, localDay, recountBy, type Recount, recountRuns } from "@/lib/testing/recount-spend";
import { givenSpend, givenSpendingAgents } from "@/lib/testing/spend-events";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { showSpend } from "./show-spend";

afterAll(() => ingestPool.end());

const EVER = { from: new Date("1900-01-01T00:00:00Z"), to: new Date("2200-01-01T00:00:00Z") };
/** Two days after Berlin's clocks went back, five before New York's do. */
const NOW = new Date("2026-10-27T15:42:10Z");

const figures = (count: Recount | undefined): Partial<SpendFigures> => ({
  costPicos: String(count?.costPicos ?? 0n),
  events: String(count?.events ?? 0),
  errors: String(count?.errors ?? 0),
  modelCalls: String(count?.modelCalls ?? 0),
  toolCalls: String(count?.toolCalls ?? 0),
  tokensInput: String(count?.tokensInput ?? 0n),
  tokensOutput: String(count?.tokensOutput ?? 0n),
  tokensCacheRead: String(count?.tokensCacheRead ?? 0n),
  retries: String(count?.retries ?? 0),
  wastedPicos: String(count?.wastedPicos ?? 0n),
});

const within = ({ from, to }: Pick<Period, "from" | "to">, events: readonly StoredEvent[]) =>
  events.filter((event) => beganAt(event) >= from.getTime() && beganAt(event) < to.getTime());

const KEYS: Readonly<
  Record<Exclude<SpendDimension, "owner" | "subagent" | "mcp_server">, (e: StoredEvent) => string[]>
> = {
  agent: ({ agentId }) => [agentId],
  model: ({ event }) => [event.model ?? event.modelRequested ?? ""],
  provider: ({ event }) => [event.provider ?? ""],
  tool: ({ event }) => [event.tool?.name ?? ""],
  kind: ({ event }) => [event.kind],
  version: ({ event }) => [event.agentVersion ?? ""],
  environment: ({ event }) => [event.dimensions.environment ?? ""],
  customer: ({ event }) => [event.dimensions.customer ?? ""],
  skill: ({ event }) => [event.dimensions.skill ?? ""],
  tag: ({ event }) => [...new Set(event.dimensions.tags)],
};

describe("spend", () => {
  let tenant: Tenant;
  let person: Person;
  let agents: readonly AgentId[];
  let events: readonly StoredEvent[];
  const asked = (query: Record<string, string>): Promise<SpendPage> =>
    showSpend({ ...person, now: NOW }, SpendQuery.parse(query));

  beforeAll(async () => {
    tenant = await givenTenant();
    person = await tenant.person("admin");
    agents = await givenSpendingAgents(person, 8);
    const sent = givenSpend(agents, 2_000, NOW);
    // In batches that overlap, the latest events first, so that what is older always comes late.
    for (let at = sent.length; at > 0; at -= 150) {
      await pgTraceStore.write(tenant.workspaceId, sent.slice(Math.max(0, at - 200), at));
    }
    const read: StoredEvent[] = [];
    for await (const event of pgTraceStore.events(tenant.workspaceId, EVER)) read.push(event);
    events = read;
    if (events.length !== 2_000) throw new Error(`${events.length} of 2000 events were stored`);
  }, 120_000);

  const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"];
  const RANGES = [
    { from: "now-7d", to: "now" },
    { from: "now-30d", to: "now", cmp: "previous" },
    { from: "now-24h", to: "now" },
    { from: "2026-10-25", to: "2026-10-26" },
    { from: "2026-08-20T10:15:00Z", to: "2026-10-26T11:30:00+05:30" },
  ];
  test.each(ZONES.flatMap((tz) => RANGES.map((range) => ({ tz, ...range }))))(
    "is what its events add up to, from $from to $to in $tz",
    async (query) => {
      const page = await asked(query);
      const { range } = page;
      expect(range.notice).toBeNull();
      const now = within(range, events);
      const before = range.compared === null ? [] : within(range.compared, events);
      const all = recountBy(now, () => ["all"]).get("all");
      expect(page.total.now).toMatchObject(figures(all));
      expect(page.total.before).toMatchObject(figures(recountBy(before, () => ["all"]).get("all")));
      expect(page.unpriced).toMatchObject({
        events: String(all?.unpriced ?? 0),
        tokens: String(all?.unpricedTokens ?? 0n),
      });
      expect(page.given).toMatchObject({
        givenPicos: String(all?.givenPicos ?? 0n),
        computedPicos: String(all?.computedPicos ?? 0n),
      });
      expect(page.waste.reduce((sum, part) => sum + BigInt(part.now), 0n)).toBe(all?.wastedPicos ?? 0n);
      expect(page.change?.differencePicos).toBe(
        String(BigInt(page.total.now.costPicos) - BigInt(page.total.before?.costPicos ?? 0)),
      );
      expect((page.change?.terms ?? []).reduce((sum, { picos }) => sum + BigInt(picos), 0n)).toBe(
        BigInt(page.change?.differencePicos ?? 0),
      );
      const unbelieved = within(range, events).filter(({ inWindow }) => !inWindow);
      expect(page.outOfWindow.events).toBe(String(unbelieved.length));
      checkRuns(page, events);
      checkBuckets(page, now, query.tz);
    },
    60_000,
  );

  function checkRuns(page: SpendPage, all: readonly StoredEvent[]): void {
    const runs = recountRuns(all, page.range.from.getTime(), page.range.to.getTime());
    for (const row of page.table.rows) {
      const found = runs.get(row.key) ?? { runs: 0, succeeded: 0 };
      expect(row.now).toMatchObject({ runs: String(found.runs), succeeded: String(found.succeeded) });
    }
  }

  function checkBuckets(page: SpendPage, now: readonly StoredEvent[], zone: string): void {
    const { range, series } = page;
    const costs = range.buckets.map((_, index) =>
      series.reduce((sum, line) => sum + BigInt(line.costs[index] ?? 0), 0n),
    );
    const dayOf = localDay(zone);
    if (range.bucket === "day") {
      const byDay = recountBy(now, (event) => [dayOf(beganAt(event))]);
      expect(costs).toEqual(range.buckets.map((start) => byDay.get(dayOf(start.getTime()))?.costPicos ?? 0n));
      return;
    }
    const placeOf = (event: StoredEvent) =>
      range.buckets.filter((start) => start.getTime() <= beganAt(event)).length - 1;
    const byPlace = recountBy(now, (event) => [String(placeOf(event))]);
    expect(costs).toEqual(range.buckets.map((_, index) => byPlace.get(String(index))?.costPicos ?? 0n));
  }

  test.each(Object.keys(KEYS) as (keyof typeof KEYS)[])("is split by %s without losing anything", async (by) => {
    const page = await asked({ by, from: "now-30d", tz: "Asia/Kolkata" });
    const { rows, others, all, addsUp } = page.table;
    expect(others).toBeNull();
    const now = recountBy(within(page.range, events), KEYS[by]);
    const period = page.range.compared;
    if (period === null) throw new Error("the range is compared with nothing");
    const before = recountBy(within(period, events), KEYS[by]);
    const keys = new Set([...now.keys(), ...before.keys()]);
    expect(new Set(rows.map(({ key }) => key))).toEqual(keys);
    for (const row of rows) {
      expect(row.now).toMatchObject(figures(now.get(row.key)));
      expect(row.before).toMatchObject(figures(before.get(row.key)));
      expect(row.costs.reduce((sum, cost) => sum + BigInt(cost), 0n)).toBe(BigInt(row.now.costPicos));
    }
    const sum = rows.reduce((total, row) => total + BigInt(row.now.costPicos), 0n);
    if (addsUp) expect(String(sum)).toBe(all.now.costPicos);
    else expect(by).toBe("tag");
  });

  test("is narrowed by agent, model, provider and tool", async () => {
    const range = { from: "now-30d", tz: "Europe/Berlin" };
    const of = async (query: Record<string, string>, isIt: (event: StoredEvent) => boolean) => {
      const page = await asked({ ...range, ...query });
      const count = recountBy(within(page.range, events).filter(isIt), () => ["all"]).get("all");
      expect(count?.costPicos).toBeGreaterThan(0n);
      expect(page.total.now).toMatchObject(figures(count));
      return page;
    };
    await of({ agent: "agent-3", by: "customer" }, ({ agentId }) => agentId === agents[3]);
    const page = await of({ model: "large", provider: "openai" }, ({ event }) => {
      return event.model === "large" && event.provider === "openai";
    });
    expect(page.total.now.runs).toBeNull();
    await of({ tool: "mail.send", agent: "agent-1" }, ({ agentId, event }) => {
      return event.tool?.name === "mail.send" && agentId === agents[1];
    });
    const claimed = await asked({ ...range, model: "large", by: "customer" });
    expect(claimed.table.by).toBe("agent");
    expect(claimed.notices[0]).toMatch(/customer/);
    expect((await asked({ ...range, agent: "nobody" })).total.now.events).toBe("0");
  });

  test.each(["Asia/Kolkata", "America/New_York"])(
    "is forecast from what was spent since midnight in %s",
    async (tz) => {
      const { current } = await asked({ tz });
      const dayOf = localDay(tz);
      const today = dayOf(NOW.getTime());
      const soFar = events.filter((event) => beganAt(event) < NOW.getTime());
      const sumOf = (isIt: (day: string) => boolean) =>
        String(
          recountBy(
            soFar.filter((event) => isIt(dayOf(beganAt(event)))),
            () => ["all"],
          ).get("all")?.costPicos ?? 0n,
        );
      expect(current.day.spentPicos).toBe(sumOf((day) => day === today));
      expect(current.month.spentPicos).toBe(sumOf((day) => day.startsWith(today.slice(0, 7))));
      expect(current.day.method).toBe("profile");
      expect(BigInt(current.day.expectedPicos)).toBeGreaterThan(BigInt(current.day.spentPicos));
    },
  );

  test("has lines and rows for the others, and its owner's row for all agents", async () => {
    const page = await asked({ by: "owner", from: "now-30d" });
    expect(page.series.map(({ isOthers }) => isOthers)).toEqual([false, false, false, false, false, true]);
    expect(page.series.at(-1)?.label).toBe("3 others");
    expect(page.table.rows).toMatchObject([{ label: "Test admin", now: { costPicos: page.total.now.costPicos } }]);
    expect(page.topRuns).toHaveLength(10);
    const traces = new Map<string, { began: number; picos: bigint }>();
    for (const stored of events) {
      const trace = traces.get(stored.event.traceId) ?? { began: Infinity, picos: 0n };
      traces.set(stored.event.traceId, {
        began: Math.min(trace.began, beganAt(stored)),
        picos: trace.picos + BigInt(stored.cost.picos ?? 0),
      });
    }
    const inRange = [...traces.values()].filter(({ began }) => began >= page.range.from.getTime());
    const costs = inRange.map(({ picos }) => picos).sort((a, b) => (a < b ? 1 : -1));
    expect(page.topRuns.map(({ costPicos }) => BigInt(costPicos))).toEqual(costs.slice(0, 10));
  });

  test("moves by exactly what a new price changes, in every split and for the trace", async () => {
    const query = { from: "now-30d", by: "customer", tz: "Asia/Kolkata" };
    const earlier = await asked(query);
    const repriced = within(earlier.range, events)
      .filter(({ event, inWindow }) => event.usageRole === "leaf" && event.dimensions.customer === "acme" && inWindow)
      .slice(0, 40)
      .map((stored, index) => ({
        stored,
        cost:
          index % 5 === 0
            ? ({ picos: null, computedPicos: null, status: "unpriced", priceRef: null } as const)
            : ({ picos: String(index * 1_000), computedPicos: null, status: "computed", priceRef: "new" } as const),
      }));
    expect(repriced).toHaveLength(40);
    const move = (change: typeof repriced) =>
      ingestTransaction(tenant.workspaceId, (client) => moveCosts(client, tenant.workspaceId, change));
    await move(repriced);
    const after = await asked(query);
    const moved = repriced.reduce(
      (sum, { stored, cost }) => sum + BigInt(cost.picos ?? 0) - BigInt(stored.cost.picos ?? 0),
      0n,
    );
    const acme = (page: SpendPage) => page.table.rows.find(({ key }) => key === "acme")?.now.costPicos ?? "";
    expect(BigInt(after.total.now.costPicos) - BigInt(earlier.total.now.costPicos)).toBe(moved);
    expect(BigInt(acme(after)) - BigInt(acme(earlier))).toBe(moved);
    expect(BigInt(after.change?.nowPicos ?? 0) - BigInt(earlier.change?.nowPicos ?? 0)).toBe(moved);
    // And back again.
    await move(
      repriced.map(({ stored, cost }) => ({ stored: { ...stored, cost }, cost: stored.cost })) as typeof repriced,
    );
    expect((await asked(query)).total).toEqual(earlier.total);
    const hours = await tenant.system.db.agentHour.aggregate({
      where: { workspaceId: tenant.workspaceId },
      _sum: { costPicos: true },
    });
    const traces = await tenant.system.db.trace.aggregate({
      where: { workspaceId: tenant.workspaceId },
      _sum: { costPicos: true },
    });
    const total = events.reduce((sum, { cost }) => sum + BigInt(cost.picos ?? 0), 0n);
    expect(hours._sum.costPicos?.toFixed()).toBe(String(total));
    expect(traces._sum.costPicos?.toFixed()).toBe(String(total));
  });
});

test("spend of a workspace without any is empty, and asked for by people alone", async () => {
  const tenant = await givenTenant();
  const page = await showSpend(await tenant.person("viewer"), SpendQuery.parse({}));
  expect(page).toMatchObject({
    series: [],
    earliest: null,
    latest: null,
    total: { now: { costPicos: "0", runs: "0" } },
  });
  expect(page.table.rows).toEqual([]);
  await expect(showSpend(tenant.system, SpendQuery.parse({}))).rejects.toThrow(/person/);
});
