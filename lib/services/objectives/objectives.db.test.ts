import { afterAll, describe, expect, test } from "vitest";

import { replay } from "@/lib/core/alerts/why";
import { SetObjectiveInput } from "@/lib/core/objectives/schema";
import { CredentialId } from "@/lib/core/shared/brand";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/core/shared/time";
import { ingestPool } from "@/lib/data/ingest-pool";
import { connectOwner } from "@/lib/testing/owner";
import { refusal } from "@/lib/testing/refusal";
import { type GivenRun, givenRun } from "@/lib/testing/run";
import { givenTenant, type Tenant } from "@/lib/testing/tenant";
import { givenEvent, givenStored, nsOf } from "@/lib/testing/trace-events";

import { evaluateAlerts } from "../alerts/evaluate-alerts";
import { listAlerts } from "../alerts/list-alerts";
import { traceStore } from "../traces/stores";
import { countObjectives } from "./count-objectives";
import { listObjectives } from "./list-objectives";
import { removeObjective } from "./remove-objective";
import { setObjective } from "./set-objective";
import { showObjective } from "./show-objective";

afterAll(() => ingestPool.end());

/** Half past the hour that is under way, so that no test's hour ends while it goes on. */
const NOW = Math.floor(Date.now() / HOUR_MS) * HOUR_MS + 30 * MINUTE_MS;
const at = ({ system }: Tenant, minutes = 0) => ({ ...system, now: new Date(NOW + minutes * MINUTE_MS) });

const objective = (fields: object) =>
  SetObjectiveInput.parse({ measure: "success", target_percent: 90, days: 7, ...fields });

type Told = { readonly ok: boolean; readonly hoursAgo: number; readonly seconds?: number };

/** Finished runs of an agent, each a trace of one root event. */
async function tell({ workspaceId }: Tenant, { agentId }: GivenRun, runs: readonly Told[]) {
  const sender = { agentId, credentialId: CredentialId.parse(crypto.randomUUID()) };
  const events = runs.map(({ ok, hoursAgo, seconds = 1 }) => {
    const startNs = nsOf(new Date(NOW - hoursAgo * HOUR_MS - 10 * MINUTE_MS));
    const endNs = String(BigInt(startNs) + BigInt(seconds) * 1_000_000_000n);
    return givenStored(sender, givenEvent({ startNs, endNs, parentEventId: null, outcome: ok ? "success" : null }));
  });
  await traceStore.write(workspaceId, events);
}

const many = (count: number, told: Told): readonly Told[] => Array.from({ length: count }, () => told);

async function givenAgent() {
  const tenant = await givenTenant();
  const [dri, operator] = [await tenant.person("viewer"), await tenant.person("operator")];
  return { tenant, dri, operator, run: await givenRun(tenant, dri) };
}

async function entriesOf({ system, workspaceId }: Tenant) {
  const rows = await system.db.$queryRaw<{ kind: string }[]>`
    SELECT kind FROM ledger_entries WHERE workspace_id = ${workspaceId}::uuid AND kind ~ '^(alert|objective)\\.' ORDER BY id`;
  return rows.map(({ kind }) => kind);
}

describe("objectives", () => {
  test("are set by the agent's DRI, operators and policy administrators, replaced by measure, and seen by nobody else", async () => {
    const { tenant, dri, operator, run } = await givenAgent();
    const other = await (await givenTenant()).person("admin");
    const success = objective({ agent: run.agent });
    expect(await refusal(setObjective(await tenant.person("reviewer"), success))).toBe("role_missing");
    expect(await refusal(setObjective(other, success))).toBe("not_found");
    const first = await setObjective(dri, success);
    const second = await setObjective(operator, { ...success, target_percent: 95 });
    await setObjective(operator, objective({ agent: run.agent, measure: "time", at_most: "2.5" }));
    const shown = await listObjectives(await tenant.person("viewer"));
    expect(shown.map(({ measure, target_bp, most }) => [measure, target_bp, most])).toEqual([
      ["success", 9500, null],
      ["time", 9000, "2500"],
    ]);
    expect(await listObjectives(other)).toEqual([]);
    await expect(listObjectives(other, "nobody")).rejects.toMatchObject({ code: "not_found" });
    expect(await refusal(showObjective(operator, first.id))).toBe("not_found");
    expect(await refusal(showObjective(other, second.id))).toBe("not_found");
    const ref = { agent: run.agent, measure: "success" } as const;
    expect(await refusal(removeObjective(other, ref))).toBe("not_found");
    expect(await refusal(removeObjective(await tenant.person("reviewer"), ref))).toBe("role_missing");
    await removeObjective(dri, ref);
    expect(await refusal(removeObjective(dri, ref))).toBe("not_found");
    expect(await entriesOf(tenant)).toEqual(["objective.set", "objective.set", "objective.set", "objective.remove"]);
  });

  test("count finished runs and decisions exactly, once whoever counts, and name the runs that spent their budget", async () => {
    const { tenant, operator, run } = await givenAgent();
    await tell(tenant, run, [
      ...many(38, { ok: true, hoursAgo: 30 }),
      ...many(2, { ok: false, hoursAgo: 30, seconds: 9 }),
      ...many(3, { ok: false, hoursAgo: 2 }),
      ...many(5, { ok: false, hoursAgo: 8 * 24 }),
    ]);
    await givenDecisions(tenant, run);
    const asking = { ...operator, now: at(tenant).now };
    const success = await setObjective(asking, objective({ agent: run.agent }));
    await setObjective(asking, objective({ agent: run.agent, measure: "time", at_most: "5" }));
    await setObjective(asking, objective({ agent: run.agent, measure: "cost", at_most: "0.0007" }));
    await setObjective(asking, objective({ agent: run.agent, measure: "denials" }));
    await setObjective(asking, objective({ agent: run.agent, measure: "intervention", days: 28 }));
    await Promise.all(Array.from({ length: 4 }, () => countObjectives(at(tenant, 1))));
    const shown = await listObjectives(asking);
    const counted = Object.fromEntries(shown.map(({ measure, stand }) => [measure, [stand.bad, stand.attained.n]]));
    expect(counted).toEqual({
      success: [5, 43],
      time: [2, 43],
      cost: [43, 43],
      denials: [4, 100],
      intervention: [1, 2],
    });
    expect(shown.find(({ measure }) => measure === "success")?.stand.state).toBe("missed");
    expect(shown.find(({ measure }) => measure === "intervention")?.stand.state).toBe("too_few");
    const { missed, by_day } = await showObjective(asking, success.id);
    expect(missed.map(({ seconds }) => seconds)).toEqual([1, 1, 1, 9, 9]);
    expect(by_day.reduce((sum, { total }) => sum + total, 0)).toBe(43);
    // A run that turns out to have failed later is counted anew.
    await tell(tenant, run, many(4, { ok: false, hoursAgo: 20 }));
    await countObjectives(at(tenant, 60));
    expect((await showObjective(asking, success.id)).stand).toMatchObject({ bad: 9, attained: { n: 47 } });
  });

  test("whose budget burns in both windows fire one alert each, which ends with the objective", async () => {
    const { tenant, operator, run } = await givenAgent();
    await tell(tenant, run, [...many(30, { ok: true, hoursAgo: 5 }), ...many(40, { ok: false, hoursAgo: 0 })]);
    await setObjective(operator, objective({ agent: run.agent, target_percent: 95 }));
    await Promise.all(Array.from({ length: 4 }, () => evaluateAlerts(at(tenant, 1))));
    const { items } = await listAlerts(operator, { limit: 50 });
    expect(items.map(({ rule, state }) => [rule, state]).toSorted()).toEqual([
      ["objective.fast/success", "firing"],
      ["objective.leak/success", "firing"],
      ["objective.slow/success", "firing"],
    ]);
    const fast = items.find(({ rule }) => rule === "objective.fast/success");
    expect(fast?.why.reading).toMatchObject({ measure: "success", long: { good: 30, total: 70 } });
    expect(replay(fast!.why)).toMatchObject({ same: true, judged: { verdict: "breach" } });
    await removeObjective(operator, { agent: run.agent, measure: "success" });
    await evaluateAlerts(at(tenant, 2));
    const ended = (await listAlerts(operator, { limit: 50 })).items;
    expect(ended.map(({ resolution }) => resolution)).toEqual(["rule_off", "rule_off", "rule_off"]);
  });
});

/** 96 allowed decisions and 4 refused ones of two days, a run that asked a person and one that did not. */
async function givenDecisions({ workspaceId }: Tenant, { agentId, runId }: GivenRun) {
  const owner = await connectOwner();
  await owner.query(
    `INSERT INTO decision_hours (workspace_id, hour, agent_id, tool, verdict, decisions)
     VALUES ($1, $3, $2, 't', 'allow', 60), ($1, $4, $2, 't', 'allow', 36), ($1, $4, $2, 't', 'deny', 3), ($1, $4, $2, 't', 'halt', 1)`,
    [workspaceId, agentId, new Date(NOW - 30 * MINUTE_MS), new Date(NOW - 30 * MINUTE_MS - DAY_MS)],
  );
  const ended = "ended_at = last_at, ended_reason = 'idle', state = 'ended'";
  await owner.query(`UPDATE runs SET asked = 1, ${ended} WHERE id = $1`, [runId]);
  await owner.query(
    `INSERT INTO runs (id, workspace_id, agent_id, session_id, external_id, started_at, last_at, ended_at, ended_reason, state)
     SELECT $2, workspace_id, agent_id, session_id, 'r-2', started_at, last_at, ended_at, ended_reason, state FROM runs WHERE id = $1`,
    [runId, laterId(runId)],
  );
  await owner.end();
}

/** An id of the same moment. */
const laterId = (id: string): string => `${id.slice(0, 24)}${"f".repeat(12)}`;
