import { afterAll, expect, test } from "vitest";

import { Baseline } from "@/lib/core/baselines/schema";
import { CredentialId } from "@/lib/core/shared/brand";
import { DAY_MS, HOUR_MS } from "@/lib/core/shared/time";
import { ingestPool } from "@/lib/data/ingest-pool";
import { refusal } from "@/lib/testing/refusal";
import { givenBreach, type GivenRun, givenRun } from "@/lib/testing/run";
import { givenTenant, type Tenant } from "@/lib/testing/tenant";
import { givenEvent, givenStored, nsOf } from "@/lib/testing/trace-events";

import { traceStore } from "../traces/stores";
import { importBaseline } from "./import-baseline";
import { recordBaseline } from "./record-baseline";
import { removeBaseline } from "./remove-baseline";
import { showOutcomes } from "./show-outcomes";

afterAll(() => ingestPool.end());

type Told = { readonly count: number; readonly ok: boolean; readonly minutes: number; readonly daysAgo: number };

async function tell({ workspaceId }: Tenant, { agentId }: GivenRun, told: readonly Told[]) {
  const sender = { agentId, credentialId: CredentialId.parse(crypto.randomUUID()) };
  const events = told.flatMap(({ count, ok, minutes, daysAgo }) =>
    Array.from({ length: count }, () => {
      const startNs = nsOf(new Date(Date.now() - daysAgo * DAY_MS - HOUR_MS));
      const endNs = String(BigInt(startNs) + BigInt(minutes) * 60_000_000_000n);
      return givenStored(sender, givenEvent({ startNs, endNs, parentEventId: null, outcome: ok ? "success" : null }));
    }),
  );
  await traceStore.write(workspaceId, events);
}

const baseline = Baseline.parse({ from: "2026-03-01", to: "2026-03-28", cases: 100, mean_minutes: 8, succeeded: 50 });

test("a baseline is recorded by who answers for the agent, in the place of the one before, and seen by no other workspace", async () => {
  const tenant = await givenTenant();
  const [dri, operator, viewer] = [
    await tenant.person("viewer"),
    await tenant.person("operator"),
    await tenant.person("viewer"),
  ];
  const { agent } = await givenRun(tenant, dri);
  const stranger = await (await givenTenant()).person("admin");
  expect(await refusal(recordBaseline(viewer, { agent, baseline }))).toBe("role_missing");
  expect(await refusal(recordBaseline(stranger, { agent, baseline }))).toBe("not_found");
  expect(await refusal(showOutcomes(stranger, agent))).toBe("not_found");
  await expect(recordBaseline(dri, { agent, baseline: { ...baseline, to: "2999-01-01" } })).rejects.toMatchObject({
    code: "invalid_input",
    message: expect.stringContaining("after today"),
  });
  await recordBaseline(dri, { agent, baseline });
  await recordBaseline(operator, { agent, baseline: { ...baseline, cases: 200 } });
  expect((await showOutcomes(viewer, agent)).baseline?.baseline.cases).toBe(200);
  expect(await refusal(removeBaseline(viewer, { agent }))).toBe("role_missing");
  await removeBaseline(dri, { agent });
  expect(await refusal(removeBaseline(dri, { agent }))).toBe("not_found");
  expect((await showOutcomes(viewer, agent)).baseline).toBeNull();
  const kinds = await tenant.system.db.$queryRaw<{ kind: string }[]>`
    SELECT kind FROM ledger_entries WHERE workspace_id = ${tenant.workspaceId}::uuid AND kind LIKE 'baseline.%' ORDER BY id`;
  expect(kinds.map(({ kind }) => kind)).toEqual(["baseline.record", "baseline.record", "baseline.remove"]);
});

test("outcomes are those of the agent's finished runs of 28 days, exactly", async () => {
  const tenant = await givenTenant();
  const dri = await tenant.person("viewer");
  const [run, other] = [await givenBreach(tenant, dri), await givenRun(tenant, dri)];
  await tell(tenant, run, [
    { count: 30, ok: true, minutes: 2, daysAgo: 6 },
    { count: 10, ok: false, minutes: 4, daysAgo: 6 },
    { count: 50, ok: true, minutes: 9, daysAgo: 29 },
  ]);
  await tell(tenant, other, [{ count: 5, ok: true, minutes: 1, daysAgo: 1 }]);
  await recordBaseline(dri, { agent: run.agent, baseline });
  const { lines } = await showOutcomes({ ...dri, now: new Date() }, run.agent);
  const of = (name: string) => lines.find((line) => line.name === name);
  expect(of("Success")).toMatchObject({
    agent: { value: 0.75, n: 40 },
    before: { value: 0.5 },
    change: { value: 0.25 },
  });
  expect(of("Time to resolution, mean")).toMatchObject({ agent: { value: expect.closeTo(2.5, 9), n: 40 } });
  expect(of("Time to resolution, median")?.agent?.value).toBeCloseTo(2, 9);
  expect(of("Cost per case")?.agent).toEqual({ value: expect.closeTo(0.000717, 12), n: 40 });
  expect(of("Throughput")?.agent?.value).toBeCloseTo((40 / (6 + 1 / 24)) * 7, 0);
  expect(of("Incidents")?.agent).toMatchObject({ value: 1 / 40, n: 40 });
  expect(of("Needed a person")?.agent).toMatchObject({ value: 1, n: 1 });
});

test("a file of cases becomes the baseline, or is refused by its line", async () => {
  const tenant = await givenTenant();
  const dri = await tenant.person("viewer");
  const { agent } = await givenRun(tenant, dri);
  const period = { agent, from: "2026-03-01", to: "2026-03-28", source: "Tickets" };
  const csv = 'Ticket;minutes;succeeded\n"A; 1";4;yes\n"B\nof two lines";8;no\n\n';
  await importBaseline(dri, { ...period, csv });
  expect((await showOutcomes(dri, agent)).baseline?.baseline).toMatchObject({
    cases: 2,
    mean_minutes: 6,
    median_minutes: 6,
    succeeded: 1,
    source: "Tickets",
  });
  for (const faulty of ["minutes\nlong", "minutes;cost_usd\n4;1,50\n", "minutes\n4,5\n", "minutes\n4\0\n"]) {
    expect(await refusal(importBaseline(dri, { ...period, csv: faulty }))).toBe("unreadable_cases");
  }
  expect(await refusal(importBaseline(dri, { ...period, csv: 'minutes\n"4' }))).toBe("unreadable_cases");
  expect(await refusal(importBaseline(await tenant.person("reviewer"), { ...period, csv }))).toBe("role_missing");
});
