import { describe, expect, test } from "vitest";

import { countVerdicts } from "@/lib/core/workspaces/overview";
import { givenApproval } from "@/lib/testing/approval";
import { givenTenant } from "@/lib/testing/tenant";

import { showOverview } from "./show-overview";

describe("the overview", () => {
  test("is empty, and says so, before the first call", async () => {
    const tenant = await givenTenant();
    expect(await showOverview(await tenant.person("viewer"))).toMatchObject({
      agents: 0,
      used: false,
      bands: [],
      waiting: [],
      hours: [],
      rules: [],
      haltedRuns: [],
      agentDays: { all: { agents: 0, decisions: 0, settled_micros: 0 }, days: [] },
      truncated: false,
    });
  });

  test("counts what waits and what was decided today, and nothing of another workspace", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    const dri = await here.person("viewer");
    const first = await givenApproval(here, { dri, band: "critical", expiresInMs: 600_000 });
    const second = await givenApproval(here, { dri, band: "low", expiresInMs: 60_000 });
    await givenApproval(here, { dri, band: "high", expiresInMs: -1_000 });
    await givenApproval(there, { dri: await there.person("viewer") });

    const overview = await showOverview(await here.person("viewer"));
    expect(overview.used).toBe(true);
    expect(overview.agents).toBe(3);
    expect(overview.bands.toSorted((a, b) => a.band.localeCompare(b.band))).toEqual([
      { band: "critical", waiting: 1 },
      { band: "low", waiting: 1 },
    ]);
    expect(overview.waiting.map((item) => item.id)).toEqual([second.id, first.id]);
    expect(overview.waiting[0]?.headline).toMatchObject({ verb: "SEND" });
    expect(countVerdicts(overview.hours, "require_approval")).toBe(3);
    expect(overview.agentDays.days).toHaveLength(3);
    expect(overview.agentDays.all).toMatchObject({ agents: 3, decisions: 3 });
  });

  test("sums what was paid, what is held, and what nobody reported", async () => {
    const tenant = await givenTenant();
    const { agentId } = await givenApproval(tenant, { dri: await tenant.person("viewer") });
    const { db } = tenant.system;
    await db.decision.updateMany({ where: { agentId }, data: { verdict: "allow" } });
    const [decision] = await db.decision.findMany({ where: { agentId }, select: { id: true }, take: 1 });
    if (!decision) throw new Error("no decision");
    const execution = {
      decisionId: decision.id,
      workspaceId: tenant.workspaceId,
      actionDigest: "d",
      reservedMicros: 500n,
    };
    await db.execution.create({ data: { ...execution, createdAt: new Date() } });
    const day = async () => (await showOverview(await tenant.person("viewer"))).agentDays.days[0];
    expect(await day()).toMatchObject({
      allowed: 1,
      settled_micros: 0,
      reserved_micros: 500,
      priced: 0,
      run_bound_usd: null,
    });

    const settle = (data: { settledMicros: bigint; namedMicros?: bigint }) =>
      db.execution.updateMany({ where: { decisionId: decision.id }, data });
    await settle({ settledMicros: 400n });
    expect(await day()).toMatchObject({ settled_micros: 400, reserved_micros: 0, priced: 0 });
    await settle({ settledMicros: 1_234n, namedMicros: 1_234n });
    expect(await day()).toMatchObject({ settled_micros: 1_234, reserved_micros: 0, priced: 1 });
  });
});
