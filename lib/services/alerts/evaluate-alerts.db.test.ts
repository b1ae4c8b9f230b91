import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { QUIET } from "@/lib/core/alerts/evaluate";
import { ChangeRuleInput } from "@/lib/core/alerts/schema";
import { replay } from "@/lib/core/alerts/why";
import { AddDestinationInput } from "@/lib/core/notifications/schema";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";
import { ingestPool } from "@/lib/data/ingest-pool";
import { outboxCaughtUp } from "@/lib/testing/outbox";
import { connectOwner } from "@/lib/testing/owner";
import { startReceiver, worldOf } from "@/lib/testing/receivers";
import { type GivenRun, givenRun } from "@/lib/testing/run";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { addDestination } from "../notifications/add-destination";
import { queueDeliveries } from "../notifications/queue-deliveries";
import { sendDeliveries } from "../notifications/send-deliveries";
import { requestStop } from "../stops/request-stop";
import { acknowledgeAlert } from "./acknowledge-alert";
import { changeRule } from "./change-rule";
import { dismissAlert } from "./dismiss-alert";
import { evaluateAlerts } from "./evaluate-alerts";
import { listAlerts } from "./list-alerts";
import { listRules } from "./list-rules";
import { showAlert } from "./show-alert";
import { showSignals } from "./show-signals";
import { silenceAlert } from "./silence-alert";

/** Half past an hour of today, so that neither the hour nor the day ends while a test goes on from it. */
const NOW = Math.floor((Date.now() - DAY_MS) / HOUR_MS) * HOUR_MS + 30 * MINUTE_MS;
const FILTER = { limit: 50 };

afterAll(() => ingestPool.end());

/** An agent with eight weeks of telemetry behind it, in which 3 of 100 calls of a tool were a repeat. */
async function givenAgent() {
  const tenant = await givenTenant();
  const people = { operator: await tenant.person("operator"), admin: await tenant.person("admin", "policy_admin") };
  const run = await givenRun(tenant, people.operator);
  await tell(tenant, run, { fromHours: -56 * 24, toHours: 12, retries: 9 });
  return { tenant, run, ...people };
}

type Told = {
  readonly fromHours: number;
  readonly toHours: number;
  readonly retries: number;
  readonly errors?: number;
};

async function tell({ workspaceId }: Tenant, { agentId }: GivenRun, told: Told) {
  const { fromHours, toHours, retries, errors = 3 } = told;
  const owner = await connectOwner();
  const hour = (hours: number) => new Date(Math.floor(NOW / HOUR_MS + hours) * HOUR_MS);
  await owner.query(
    `INSERT INTO agent_hours (workspace_id, hour, agent_id, agent_version, kind, provider, model, tool, in_window, events,
       errors, successes, retries, failed_validations, human_reviews, tokens_input, tokens_output, tokens_cache_read,
       tokens_cache_write, tokens_reasoning, cost_picos, priced, unpriced, priced_tokens, unpriced_tokens, latencies, costs)
     SELECT $1, h, $2, '', 'tool', '', '', 'erp.read', true, 300, $6, 288, $5 + extract(hour FROM h)::int % 3, 0, 0, 0, 0, 0,
       0, 0, 0, 0, 0, 0, 0, '{}', '{}'
     FROM generate_series($3::timestamptz, $4::timestamptz, interval '1 hour') AS h
     ON CONFLICT (workspace_id, hour, agent_id, agent_version, kind, provider, model, tool, in_window)
       DO UPDATE SET retries = excluded.retries, errors = excluded.errors`,
    [workspaceId, agentId, hour(fromHours), hour(toHours), retries, errors],
  );
  await owner.end();
}

const at = ({ system }: Tenant, minutes: number) => ({ ...system, now: new Date(NOW + minutes * MINUTE_MS) });
const asPerson = (person: Person, minutes: number) => ({ ...person, now: new Date(NOW + minutes * MINUTE_MS) });

async function entriesOf({ system, workspaceId }: Tenant) {
  const rows = await system.db.$queryRaw<{ kind: string }[]>`
    SELECT kind FROM ledger_entries WHERE workspace_id = ${workspaceId}::uuid AND kind LIKE 'alert%' ORDER BY id`;
  return rows.map(({ kind }) => kind);
}

/** What people were told: which rule, and what happened. */
async function toldOf({ system, workspaceId }: Tenant) {
  const rows = await system.db.$queryRaw<{ told: string }[]>`
    SELECT a.rule || ' ' || o.topic AS told FROM outbox o JOIN alerts a ON a.id = (o.payload ->> 'alert')::uuid
    WHERE o.workspace_id = ${workspaceId}::uuid AND o.payload ->> 'first' = 'true'
      AND o.topic IN ('alert.fire', 'alert.notify', 'alert.resolve') ORDER BY o.id`;
  return rows.map(({ told }) => told);
}

describe("evaluateAlerts", () => {
  test("a share that is many times its usual is pending, fires once whoever evaluates, and resolves when it is over", async () => {
    const { tenant, run, operator } = await givenAgent();
    expect(await evaluateAlerts(at(tenant, -60))).toEqual({ changes: 0 });
    await tell(tenant, run, { fromHours: 0, toHours: 0, retries: 90 });
    await evaluateAlerts(at(tenant, 0));
    const [pending] = (await listAlerts(operator, FILTER)).items;
    expect(pending).toMatchObject({ rule: "retries.doubled", state: "pending", tool: "erp.read", fired_at: null });
    // Eight workers at the same moments: each moment is evaluated by one of them.
    for (const minutes of [1, 16, 17])
      await Promise.all(Array.from({ length: 8 }, () => evaluateAlerts(at(tenant, minutes))));
    expect(await entriesOf(tenant)).toEqual(["alert.pend", "alert.fire"]);
    const [fired] = (await listAlerts(operator, FILTER)).items;
    expect(fired).toMatchObject({ id: pending?.id, state: "firing", agent: run.agent, began_at: new Date(NOW) });
    expect(replay(fired!.why)).toMatchObject({ same: true, judged: { verdict: "breach" } });

    const shown = await showAlert(operator, fired!.id);
    expect(shown.words.title).toMatch(new RegExp(`^${run.agent}: retries at \\d+\\.\\d times the usual$`));
    expect(shown.words.happened).toContain("Most of it comes from erp.read.");
    await tell(tenant, run, { fromHours: 0, toHours: 0, retries: 9 });
    await evaluateAlerts(at(tenant, 18));
    await evaluateAlerts(at(tenant, 49));
    expect((await listAlerts(operator, FILTER)).items[0]).toMatchObject({ state: "resolved", resolution: "recovered" });
    expect(await entriesOf(tenant)).toEqual(["alert.pend", "alert.fire", "alert.resolve"]);
  });

  test("a worker that was away evaluates the hours in between, says when it began, and tells nobody twice", async () => {
    const { tenant, run, operator } = await givenAgent();
    await evaluateAlerts(at(tenant, 0));
    await tell(tenant, run, { fromHours: 2, toHours: 12, retries: 90 });
    await Promise.all([evaluateAlerts(at(tenant, 9 * 60)), evaluateAlerts(at(tenant, 9 * 60))]);
    expect(await entriesOf(tenant)).toEqual(["alert.pend", "alert.fire"]);
    const [fired] = (await listAlerts(operator, FILTER)).items;
    expect(fired).toMatchObject({ state: "firing" });
    // It began in the third hour, whose end is the first moment that shows it.
    expect(fired!.began_at.getTime() - NOW).toBeLessThanOrEqual(2.5 * HOUR_MS);
  });

  test("people acknowledge, silence and dismiss with a reason; others may not, and what is over cannot be", async () => {
    const { tenant, run, operator, admin } = await givenAgent();
    await tell(tenant, run, { fromHours: 0, toHours: 12, retries: 90 });
    await evaluateAlerts(at(tenant, 0));
    const [alert] = (await listAlerts(operator, FILTER)).items;
    const { id } = alert!;
    await expect(acknowledgeAlert(operator, id)).rejects.toMatchObject({ code: "conflict" }); // it is pending
    await evaluateAlerts(at(tenant, 16));
    await expect(acknowledgeAlert(await tenant.person("reviewer"), id)).rejects.toMatchObject({ code: "forbidden" });
    await acknowledgeAlert(asPerson(operator, 17), id);
    await expect(acknowledgeAlert(operator, id)).rejects.toMatchObject({ code: "conflict" });
    const until = new Date(NOW + 3 * HOUR_MS).toISOString();
    const silenced = { id, until, reason: "The ERP is being moved." };
    await silenceAlert(asPerson(operator, 18), silenced);
    const late = { ...silenced, until: new Date(NOW + 40 * DAY_MS).toISOString() };
    await expect(silenceAlert(asPerson(operator, 18), late)).rejects.toMatchObject({ code: "invalid_input" });
    await evaluateAlerts(at(tenant, 19));
    expect(await showAlert(operator, id)).toMatchObject({ state: "silenced", note: silenced.reason });
    await dismissAlert(asPerson(admin, 20), { id, reason: "Expected." });
    await expect(dismissAlert(admin, { id, reason: "Again." })).rejects.toMatchObject({ code: "conflict" });
    expect(await showAlert(operator, id)).toMatchObject({ state: "resolved", resolution: "dismissed" });
    const kinds = ["alert.pend", "alert.fire", "alert.acknowledge", "alert.silence", "alert.dismiss"];
    expect(await entriesOf(tenant)).toEqual(kinds);
    const other = await (await givenTenant()).person("admin");
    await expect(showAlert(other, id)).rejects.toMatchObject({ code: "not_found" });
    expect((await showSignals(operator, { from: "now-24h" })).quality).toMatchObject({
      fired: 1,
      actedOn: 1,
      dismissed: 0,
    });
  });

  test("what rises with a firing alert is told with it, and for itself once that one is silenced", async () => {
    const { tenant, run, operator } = await givenAgent();
    await tell(tenant, run, { fromHours: 0, toHours: 12, retries: 90 });
    for (const minutes of [0, 16]) await evaluateAlerts(at(tenant, minutes));
    await tell(tenant, run, { fromHours: 0, toHours: 12, retries: 90, errors: 90 });
    for (const minutes of [18, 34]) await evaluateAlerts(at(tenant, minutes));
    const { items } = await listAlerts(operator, FILTER);
    const first = items.find(({ rule }) => rule === "retries.doubled")!;
    const other = items.find(({ rule }) => rule === "tool_errors.doubled")!;
    expect(other).toMatchObject({ state: "firing", group_id: first.id });
    expect(await toldOf(tenant)).toEqual(["retries.doubled alert.fire"]);
    const until = new Date(NOW + 12 * HOUR_MS).toISOString();
    await silenceAlert(asPerson(operator, 35), { id: first.id, until, reason: "Known." });
    await evaluateAlerts(at(tenant, 34 + 4 * 60));
    const reminded = ["retries.doubled alert.fire", "tool_errors.doubled alert.notify"];
    expect(await toldOf(tenant)).toEqual(reminded);
  });

  test("nothing joins an alert that is silenced when it fires", async () => {
    const { tenant, run, operator } = await givenAgent();
    await tell(tenant, run, { fromHours: 0, toHours: 12, retries: 90 });
    for (const minutes of [0, 16]) await evaluateAlerts(at(tenant, minutes));
    const [first] = (await listAlerts(operator, FILTER)).items;
    const until = new Date(NOW + 12 * HOUR_MS).toISOString();
    await silenceAlert(asPerson(operator, 17), { id: first!.id, until, reason: "Known." });
    await tell(tenant, run, { fromHours: 0, toHours: 12, retries: 90, errors: 90 });
    for (const minutes of [18, 34]) await evaluateAlerts(at(tenant, minutes));
    expect(await toldOf(tenant)).toEqual(["retries.doubled alert.fire", "tool_errors.doubled alert.fire"]);
  });

  test("an alert that a person dismisses during an evaluation stays dismissed", async () => {
    const { tenant, run, operator } = await givenAgent();
    await tell(tenant, run, { fromHours: 0, toHours: 12, retries: 90 });
    for (const minutes of [0, 16]) await evaluateAlerts(at(tenant, minutes));
    const [alert] = (await listAlerts(operator, FILTER)).items;
    const owner = await connectOwner();
    await owner.query("BEGIN");
    await owner.query(
      `UPDATE alerts SET state = 'resolved', watch = $2, resolved_at = $3, resolution = 'dismissed' WHERE id = $1`,
      [alert!.id, QUIET, new Date(NOW + 17 * MINUTE_MS)],
    );
    const evaluated = evaluateAlerts(at(tenant, 17));
    const waiting = "SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))";
    await expect
      .poll(async () => (await owner.query(waiting)).rowCount, { timeout: 30_000, interval: 20 })
      .toBeGreaterThan(0);
    await owner.query("COMMIT");
    await owner.end();
    expect(await evaluated).toEqual({ changes: 1 }); // it is pending again
    expect(await showAlert(operator, alert!.id)).toMatchObject({ state: "resolved", resolution: "dismissed" });
    expect(await entriesOf(tenant)).toEqual(["alert.pend", "alert.fire", "alert.pend"]);
  });

  test("an alert of a rule that no longer exists ends as switched off; one of an agent too many to read stays", async () => {
    const { tenant, run, operator } = await givenAgent();
    await tell(tenant, run, { fromHours: 0, toHours: 12, retries: 90 });
    for (const minutes of [0, 16]) await evaluateAlerts(at(tenant, minutes));
    const owner = await connectOwner();
    const [alert] = (await listAlerts(operator, FILTER)).items;
    await owner.query(
      `INSERT INTO agents (id, workspace_id, handle, task, dri_id, environment, status, level)
       SELECT gen_random_uuid(), $1, 'a-' || lpad(n::text, 4, '0'), 'test', $2, 'production', 'active', 3
       FROM generate_series(1, 2000) AS n`,
      [tenant.workspaceId, operator.actor.memberId],
    );
    await evaluateAlerts(at(tenant, 17));
    expect(await showAlert(operator, alert!.id)).toMatchObject({ state: "firing", resolution: null });
    await owner.query("UPDATE alerts SET rule = 'retries.tripled' WHERE id = $1", [alert!.id]);
    await evaluateAlerts(at(tenant, 18));
    await owner.end();
    expect(await showAlert(operator, alert!.id)).toMatchObject({ state: "resolved", resolution: "rule_off" });
    expect((await showAlert(operator, alert!.id)).latest?.rule.id).toBe("retries.doubled");
  });

  test("an hour in which nothing is left to count becomes zero, unless events of it may be deleted already", async () => {
    const { tenant, run } = await givenAgent();
    const owner = await connectOwner();
    const [recent, old] = [1, 29 * 24 + 1].map((back) => new Date(Math.floor(NOW / HOUR_MS - back) * HOUR_MS));
    for (const hour of [recent, old])
      await owner.query("INSERT INTO signal_hours VALUES ($1, $2, $3, 5, 2, '{1}')", [
        tenant.workspaceId,
        hour,
        run.agentId,
      ]);
    await evaluateAlerts(at(tenant, 0));
    const { rows } = await owner.query<{ hour: Date; runs: string; ungoverned: string; waits: string[] }>(
      "SELECT hour, runs, ungoverned, waits FROM signal_hours WHERE workspace_id = $1 ORDER BY hour",
      [tenant.workspaceId],
    );
    await owner.end();
    expect(rows).toEqual([
      { hour: old, runs: "5", ungoverned: "2", waits: ["1"] },
      { hour: recent, runs: "0", ungoverned: "0", waits: [] },
    ]);
  });

  test("a stopped agent's alerts end, and a rule that is off watches nothing", async () => {
    const { tenant, run, operator, admin } = await givenAgent();
    await tell(tenant, run, { fromHours: 0, toHours: 12, retries: 90 });
    await evaluateAlerts(at(tenant, 0));
    await evaluateAlerts(at(tenant, 16));
    await requestStop(operator, { scope: "agent", id: run.agent, reason: "It hammers the ERP." });
    await evaluateAlerts(at(tenant, 17));
    const [ended] = (await listAlerts(operator, FILTER)).items;
    expect(ended).toMatchObject({ state: "resolved", resolution: "agent_stopped" });

    const second = await givenAgent();
    await tell(second.tenant, second.run, { fromHours: 0, toHours: 12, retries: 90 });
    const off = ChangeRuleInput.parse({ rule: "retries.doubled", agent: second.run.agent, on: false });
    await expect(changeRule(second.operator, off)).rejects.toMatchObject({ code: "forbidden" });
    await changeRule(second.admin, off);
    await evaluateAlerts(at(second.tenant, 0));
    expect((await listAlerts(operator, FILTER)).items).toHaveLength(1);
    expect((await listAlerts(second.operator, FILTER)).items).toEqual([]);
    await changeRule(second.admin, ChangeRuleInput.parse({ rule: "retries.doubled", factor: 3 }));
    const [rule] = await listRules(second.operator);
    expect(rule).toMatchObject({
      id: "retries.doubled",
      on: true,
      factor: 3,
      forMinutes: 15,
      isChanged: true,
      agents: 1,
    });
    expect(await entriesOf(second.tenant)).toEqual(["alert_rule.change", "alert_rule.change"]);
    expect(admin.workspaceId).not.toBe(second.admin.workspaceId);
  });

  test("firing, still firing and resolved are one message each, which says what to do", async () => {
    const { tenant, run, admin } = await givenAgent();
    const receiver = await startReceiver();
    const world = worldOf();
    await queueDeliveries(tenant.system, world);
    const events = ["alert.firing", "alert.resolved"];
    const hook = { kind: "webhook", name: "Hook", address: receiver.url, events };
    await addDestination(admin, AddDestinationInput.parse(hook), world);
    await tell(tenant, run, { fromHours: 0, toHours: 6, retries: 90 });
    for (const minutes of [0, 16, 17, 16 + 4 * 60]) {
      await evaluateAlerts(at(tenant, minutes));
      await deliver(tenant);
    }
    await tell(tenant, run, { fromHours: 3, toHours: 12, retries: 9 });
    for (const minutes of [260, 295]) {
      await evaluateAlerts(at(tenant, minutes));
      await deliver(tenant);
    }
    const said = receiver.received.map(
      ({ body }) => JSON.parse(body) as { type: string; data: { title: string; lines: string[] } },
    );
    expect(said.map(({ type }) => type)).toEqual(["alert.firing", "alert.firing", "alert.resolved"]);
    expect(said.map(({ data }) => data.title.split(run.agent)[0])).toEqual(["", "Still firing: ", "Resolved: "]);
    const [first] = said;
    expect(first?.data.lines.join(" ")).toMatch(
      /of tool calls that were a repeat.*Since .*UTC.*past 6 weeks.*Stop the agent/,
    );
    expect(first?.data.lines.join(" ")).toContain("Most of it comes from one tool.");
    await receiver.stop();

    async function deliver({ system }: Tenant) {
      await outboxCaughtUp(system.db);
      await queueDeliveries({ ...system, now: new Date() }, world);
      await (await sendDeliveries({ ...system, now: new Date() }, world)).done;
    }
  });
});

describe("showSignals", () => {
  let agent: Awaited<ReturnType<typeof givenAgent>>;
  beforeAll(async () => {
    agent = await givenAgent();
  });

  test("shows each signal beside its usual, for one agent and for all, and says what it is still learning", async () => {
    const { operator, run } = agent;
    const asked = asPerson(operator, 0);
    for (const [hours, shown] of [
      [24, await showSignals(asked, { from: "now-24h" })],
      [24, await showSignals(asked, { from: "now-24h", agent: run.agent })],
      [168, await showSignals(asked, { from: "now-7d" })],
    ] as const) {
      const retries = shown.signals.find(({ signal }) => signal === "retries");
      expect(retries).toMatchObject({ judged: { verdict: "clear", usual: { n: 18 } } });
      expect(retries?.points).toHaveLength(hours);
      expect(retries?.points.at(-1)).toMatchObject({ n: 300, usual: { n: 18 } });
      const denials = shown.signals.find(({ signal }) => signal === "denials");
      expect(denials?.judged).toMatchObject({ verdict: "unknown", unknown: "learning" });
    }
    const all = await showSignals(asked, { from: "now-24h" });
    expect([all.unwatched, all.agents]).toEqual([null, 1]);
    const owner = await connectOwner();
    await owner.query("UPDATE agents SET status = 'suspended' WHERE id = $1", [run.agentId]);
    await owner.end();
    const one = await showSignals(asked, { from: "now-24h", agent: run.agent });
    expect([one.unwatched, one.agents]).toEqual([{ agent: run.agent, status: "suspended" }, 0]);
    await expect(showSignals(asked, { from: "now-24h", agent: "nobody" })).rejects.toMatchObject({ code: "not_found" });
  });
});
