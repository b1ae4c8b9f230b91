import { afterAll, describe, expect, test } from "vitest";

import type { ShownAdvice } from "@/lib/core/advice/schema";
import { type AgentId, CredentialId } from "@/lib/core/shared/brand";
import type { AgentEvent } from "@/lib/core/traces/event";
import type { StoredEvent } from "@/lib/core/traces/stored-event";
import { RegisterToolInput } from "@/lib/core/tools/schema";
import { workspaceDb } from "@/lib/data/db";
import { ingestPool } from "@/lib/data/ingest-pool";
import { connectOwner } from "@/lib/testing/owner";
import { refusal } from "@/lib/testing/refusal";
import { givenSpendingAgents } from "@/lib/testing/spend-events";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";
import { givenEvent, givenStored, newEventId, newTraceId, nsOf } from "@/lib/testing/trace-events";

import { registerTools } from "../tools/register-tools";
import { traceStore } from "../traces/stores";
import { dismissAdvice } from "./dismiss-advice";
import { findAdvice } from "./find-advice";
import { exportAdvice, listAdvice } from "./list-advice";
import { restoreAdvice } from "./restore-advice";

afterAll(() => ingestPool.end());

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const CREDENTIAL = CredentialId.parse("00000000-0000-4000-8000-000000000001");
const SONNET = { provider: "anthropic", modelRequested: "claude-sonnet-4-5", model: "claude-sonnet-4-5" };
const HAIKU = { provider: "anthropic", modelRequested: "claude-haiku-4-5", model: "claude-haiku-4-5" };

type Given = { readonly tenant: Tenant; readonly admin: Person; readonly agents: readonly AgentId[] };

async function given(agents = 1): Promise<Given> {
  const tenant = await givenTenant();
  const admin = await tenant.person("admin");
  return { tenant, admin, agents: await givenSpendingAgents(admin, agents) };
}

const stored = (agentId: AgentId | undefined, event: AgentEvent, change: Partial<StoredEvent> = {}): StoredEvent => {
  if (agentId === undefined) throw new Error("there is no such agent");
  return givenStored({ agentId, credentialId: CREDENTIAL }, event, change);
};
const write = ({ tenant }: Given, events: readonly StoredEvent[]) => traceStore.write(tenant.workspaceId, events);
const toolCall = (at: Date, run: string, name: string, change: Partial<AgentEvent> = {}) =>
  givenEvent({
    startNs: nsOf(at),
    runId: run,
    kind: "tool",
    tokens: null,
    provider: null,
    modelRequested: null,
    model: null,
    tool: { name, callId: null, args: null },
    ...change,
  });

const of = async (who: Person, kind: ShownAdvice["facts"]["kind"]) =>
  (await listAdvice(who)).items.filter(({ facts }) => facts.kind === kind);

/** Calls that a provider refused. */
const refusals = (agent: AgentId | undefined, count: number, at: Date) =>
  Array.from({ length: count }, () => {
    const error = { type: "rate_limit_error", message: null };
    return stored(agent, givenEvent({ startNs: nsOf(at), tokens: null, error, outcome: null }));
  });

describe("advice", () => {
  test("counts reads that are repeated in the same hour, and no others", async () => {
    const world = await given(2);
    const { admin, agents, tenant } = world;
    const [one, other] = agents;
    await registerTools(admin, [
      RegisterToolInput.parse({ name: "read_invoice", reversibility: "read", blast_radius: "none" }),
      RegisterToolInput.parse({ name: "close_invoice", reversibility: "reversible", blast_radius: "low" }),
    ]);
    const hour = Math.floor(admin.now.getTime() / HOUR_MS) * HOUR_MS - 3 * HOUR_MS;
    const failed = { error: { type: "http_503", message: null } };
    const x = { argsDigest: "aa".repeat(16) };
    const y = { argsDigest: "bb".repeat(16) };
    const at = (minute: number) => new Date(hour + minute * MINUTE_MS);
    const read = (minute: number, run: string, change: Partial<StoredEvent>, agent = one, event = {}) =>
      stored(agent, toolCall(at(minute), run, "read_invoice", event), change);
    const byEvent = read(2, "r1", { ...x, cost: { picos: "5", computedPicos: null, status: "given", priceRef: null } });
    const byOutcome = read(7, "r2", x);
    await write(world, [
      read(1, "r1", x),
      byEvent, // repeats
      stored(one, toolCall(at(3), "r1", "close_invoice"), x),
      read(4, "r1", x), // after a change
      read(5, "r1", x), // repeats
      stored(one, toolCall(at(5.5), "r1", "close_invoice"), x),
      read(6, "r2", x), // repeats what another run read
      byOutcome, // repeats
      read(10, "r3", y, one, failed),
      read(11, "r3", y), // the one before failed
      read(12, "r3", y), // repeats
      read(61, "r4", x), // another hour
      read(20, "r5", x, other), // another agent
      stored(one, toolCall(at(21), "r6", "not_in_the_catalogue"), x),
      stored(one, toolCall(at(22), "r6", "not_in_the_catalogue"), x),
    ]);
    const owner = await connectOwner();
    await owner.query(
      `WITH d AS (SELECT new_uuid() AS id), x AS (
         INSERT INTO executed_calls (workspace_id, trace_id, event_id, agent_id, tool, started_at, kept_at, in_window,
           joined_at, decision_id, joined_by)
         SELECT $1, decode($2, 'hex'), decode($3, 'hex'), $4, 'read_invoice', now(), now(), true, now(), d.id, 'call' FROM d)
       INSERT INTO outcomes (id, workspace_id, decision_id, run_id, outcome, claimed, cost_micros, created_at)
       SELECT new_uuid(), $1, d.id, new_uuid(), 'success', 'success', 2000, now() FROM d`,
      [tenant.workspaceId, byOutcome.event.traceId, byOutcome.event.eventId, one],
    );
    await owner.end();
    await findAdvice(tenant.system);
    const found = await of(admin, "repeated_reads");
    expect(found).toMatchObject([
      {
        facts: { agent: "agent-0", tool: "read_invoice", calls: 10, repeats: 5, within_run: 4, runs: 3, priced: 2 },
        n: 5,
      },
    ]);
    // 2,000 micros and 5 picos in 14 days.
    expect(found[0]?.month_picos).toBe(String((2_000_000_005n * 30n * 2n + 14n) / 28n));
  });

  test("tells a fallen cached share, a cheaper model and a rate limit, each with what it rests on", async () => {
    const world = await given(2);
    const { admin, agents, tenant } = world;
    const ago = (days: number) => new Date(admin.now.getTime() - days * DAY_MS);
    const tokens = (cacheRead: number) => ({
      input: 2_000,
      output: 100,
      cacheRead,
      cacheWrite: 0,
      cacheWrite1h: null,
      reasoning: null,
      audioIn: null,
      audioOut: null,
    });
    const calls = (days: number, cached: number, agentVersion: string) =>
      Array.from({ length: 25 }, () =>
        stored(agents[0], givenEvent({ ...SONNET, startNs: nsOf(ago(days)), tokens: tokens(cached), agentVersion })),
      );
    const run = (model: object, nth: number) => {
      const [traceId, root] = [newTraceId(), newEventId()];
      const base = { traceId, startNs: nsOf(ago(3)) };
      const ended = nth === 0 ? "failed_validation" : "success";
      return [
        stored(
          agents[1],
          givenEvent({ ...base, eventId: root, kind: "agent", usageRole: "rollup", tokens: null, outcome: ended }),
        ),
        stored(agents[1], givenEvent({ ...base, ...model, parentEventId: root, tokens: tokens(1_000) }), {
          cost: { picos: "4800000000", computedPicos: "4800000000", status: "computed", priceRef: "test" },
        }),
      ];
    };
    await write(world, [
      ...calls(10, 1_500, "1"),
      ...calls(2, 500, "2"),
      ...Array.from({ length: 22 }, (_, nth) => [...run(SONNET, nth), ...run(HAIKU, nth)]).flat(2),
      ...refusals(agents[0], 6, ago(1)),
    ]);
    expect(await findAdvice(tenant.system)).toEqual({ found: 3 });
    expect(await of(admin, "cache_share")).toMatchObject([
      // 25 calls × 1,000 tokens at $2.70 a million less, in a week.
      {
        month_picos: String((25_000n * 2_700_000n * 30n) / 7n + 1n),
        facts: { new_versions: ["2"], lost: "25000" },
        n: 25,
      },
    ]);
    expect(await of(admin, "smaller_model")).toMatchObject([
      {
        facts: {
          agent: "agent-1",
          short: 22,
          ended: { runs: 22, succeeded: 21 },
          other: { model: HAIKU.model, ended: { runs: 22, succeeded: 21 } },
          spent: String(22n * 4_800_000_000n),
          other_spent: String(22n * 1_600_000_000n),
        },
      },
    ]);
    expect(await of(admin, "rate_limits")).toMatchObject([
      {
        month_picos: null,
        facts: { of: "provider", name: "openai", refused: 6, calls: 6, error_types: ["rate_limit_error"] },
      },
    ]);
    const amounts = (await listAdvice(admin)).items.map(({ month_picos: picos }) => Number(picos ?? -1));
    expect(amounts).toEqual(amounts.toSorted((a, b) => b - a));
    expect((await exportAdvice(admin)).trimEnd().split("\r\n")).toHaveLength(7);
  });

  test("is dismissed by operators with a reason in the ledger, until it is worth twice as much or brought back", async () => {
    const [world, elsewhere] = [await given(), await given()];
    const { tenant, admin, agents } = world;
    await write(world, refusals(agents[0], 6, admin.now));
    await findAdvice(tenant.system);
    await findAdvice(elsewhere.tenant.system);
    const [found] = (await listAdvice(await tenant.person("viewer"))).items;
    if (found === undefined) throw new Error("no advice");
    const { id } = found;

    expect((await listAdvice(elsewhere.admin)).items).toEqual([]);
    expect(await refusal(dismissAdvice(elsewhere.admin, { id, reason: "not ours" }))).toBe("not_found");
    expect(await refusal(restoreAdvice(elsewhere.admin, { id }))).toBe("not_found");
    for (const role of ["viewer", "reviewer", "policy_admin"] as const) {
      expect(await refusal(dismissAdvice(await tenant.person(role), { id, reason: "no" }))).toBe("role_missing");
    }
    const operator = await tenant.person("operator");
    await dismissAdvice(operator, { id, reason: "They raised the limit." });
    expect(await refusal(dismissAdvice(operator, { id, reason: "again" }))).toBe("conflict");
    await findAdvice({ ...tenant.system, now: new Date(admin.now.getTime() + MINUTE_MS) });
    const told = { reason: "They raised the limit.", by: "Test operator", n: 6 };
    expect((await listAdvice(admin)).items).toMatchObject([{ id, state: "dismissed", dismissal: told }]);

    await write(world, refusals(agents[0], 6, admin.now));
    await findAdvice({ ...tenant.system, now: new Date(admin.now.getTime() + 2 * MINUTE_MS) });
    expect((await listAdvice(admin)).items).toMatchObject([
      { id, state: "returned", dismissal: told, found_at: found.found_at },
    ]);
    await dismissAdvice(operator, { id, reason: "Still." });
    expect((await listAdvice(admin)).items).toMatchObject([{ state: "dismissed", dismissal: { n: 12 } }]);
    await restoreAdvice(operator, { id });
    expect(await refusal(restoreAdvice(operator, { id }))).toBe("conflict");
    expect((await listAdvice(admin)).items).toMatchObject([{ state: "open", dismissal: null }]);

    const entries = await workspaceDb(tenant.workspaceId).ledgerEntry.findMany({
      where: { workspaceId: tenant.workspaceId, kind: { startsWith: "advice." } },
      orderBy: { id: "asc" },
    });
    expect(entries.map(({ body }) => JSON.parse(body) as object)).toMatchObject([
      {
        kind: "advice.dismiss",
        actor: { id: operator.actor.memberId },
        details: { advice: id, reason: told.reason, n: 6 },
      },
      { kind: "advice.dismiss", details: { reason: "Still.", n: 12 } },
      { kind: "advice.restore", details: { advice: id, kind: "rate_limits" } },
    ]);
  });

  test("is replaced by what is found later, and not by an evaluation that began before", async () => {
    const world = await given();
    const { tenant, admin, agents } = world;
    await write(world, refusals(agents[0], 6, admin.now));
    await findAdvice(tenant.system);
    await findAdvice({ ...tenant.system, now: new Date(admin.now.getTime() - 30 * DAY_MS) });
    expect((await listAdvice(admin)).items).toHaveLength(1);
    const later = new Date(admin.now.getTime() + 30 * DAY_MS);
    await findAdvice({ ...tenant.system, now: later });
    expect(await listAdvice(admin)).toEqual({ evaluated_at: later, items: [] });
  });
});
