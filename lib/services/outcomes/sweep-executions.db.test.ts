import { beforeAll, describe, expect, test } from "vitest";

import { ReportOutcomeInput } from "@/lib/core/decisions/outcome";
import { transact } from "@/lib/data/db";
import { ask, type AskingAgent, givenAskingAgent } from "@/lib/testing/agent";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { showDecision } from "../decisions/show-decision";
import { listEntries } from "../ledger/list-entries";
import { changeSettings } from "../workspaces/change-settings";
import { answerExecution } from "./answer-execution";
import { listUnknown } from "./list-unknown";
import { reportOutcome } from "./report-outcome";
import { sweepExecutions } from "./sweep-executions";

let tenant: Tenant;
let admin: Person;
let agent: AskingAgent;

const TOOLS = [
  { name: "look_up", reversibility: "read", blast_radius: "none" },
  { name: "set_status", reversibility: "reversible", blast_radius: "low" },
];
const MANIFEST = `tools:
  allowed:
    - name: "look_up"
    - name: "set_status"
      reversibility: "reversible"
execution:
  max_cost_usd: 100
`;

beforeAll(async () => {
  tenant = await givenTenant();
  admin = await tenant.person("admin");
  agent = await givenAskingAgent(tenant, { author: admin, handle: "sweeper", tools: TOOLS, manifest: MANIFEST });
});

let runs = 0;
/** An allowed call of `minutes` ago, in a run of its own. */
async function allowed(
  tool: string,
  minutes: number,
  state = "granted",
  asking = agent,
  estimate: { cost_usd: number } | null = { cost_usd: 0.5 },
) {
  const run = `r-${(runs += 1)}`;
  const answer = await ask(asking, tool, { run_id: run, estimate });
  expect(answer.verdict).toBe("allow");
  await transact(
    asking.db,
    (tx) => tx.$executeRaw`
    UPDATE executions SET created_at = created_at - make_interval(mins => ${minutes}::int), state = ${state}
    WHERE decision_id = ${answer.decision_id}::uuid`,
  );
  return answer.decision_id;
}

const stateOf = async (decisionId: string) =>
  (await transact(agent.db, (tx) => tx.execution.findFirstOrThrow({ where: { decisionId } }))).state;
const report = (decisionId: string, more: object) =>
  reportOutcome(agent, { ...ReportOutcomeInput.parse({ outcome: "success", ...more }), decisionId });

describe("sweepExecutions", () => {
  test("says that an overdue call is unreported, once, and leaves one that may still be spoken of", async () => {
    const [late, young] = [await allowed("look_up", 16), await allowed("look_up", 14)];
    expect(await sweepExecutions(tenant.system)).toEqual({ swept: 1 });
    expect(await sweepExecutions(tenant.system)).toEqual({ swept: 0 });
    expect([await stateOf(late), await stateOf(young)]).toEqual(["unreported", "granted"]);
    const { items } = await listEntries(admin, { kind: "execution.sweep", limit: 10 });
    expect(items.map(({ body }) => body["details"])).toMatchObject([
      { decision_id: late, agent: "sweeper", tool: "look_up", was: "granted", state: "unreported" },
    ]);
  });

  test("what a call said it may cost counts as used until the outcome comes, however late", async () => {
    const late = await allowed("look_up", 16);
    await sweepExecutions(tenant.system);
    const budget = () =>
      transact(agent.db, async (tx) => {
        const decision = await tx.decision.findFirstOrThrow({ where: { id: late }, select: { runId: true } });
        return tx.budget.findFirstOrThrow({
          where: { scopeId: decision.runId },
          select: { used: true, reserved: true },
        });
      });
    expect(await budget()).toEqual({ used: 500_000n, reserved: 0n });
    expect(await report(late, { cost_usd: 0.2 })).toMatchObject({ outcome: "success" });
    expect(await stateOf(late)).toBe("succeeded");
    expect(await budget()).toEqual({ used: 200_000n, reserved: 0n });
  });

  test("a share that nobody ever spoke of is free again, and what comes late is counted", async () => {
    const id = await allowed("look_up", 16, "granted", agent, null);
    await sweepExecutions(tenant.system);
    const { runId } = await transact(agent.db, (tx) => tx.decision.findFirstOrThrow({ where: { id } }));
    const books = () =>
      transact(agent.db, async (tx) => {
        const { used, reserved } = await tx.budget.findFirstOrThrow({ where: { scopeId: runId } });
        const { costMicros } = await tx.run.findFirstOrThrow({ where: { id: runId } });
        return { used, reserved, costMicros };
      });
    expect(await books()).toEqual({ used: 0n, reserved: 0n, costMicros: 0n });
    await report(id, { cost_usd: 3 });
    expect(await books()).toEqual({ used: 3_000_000n, reserved: 0n, costMicros: 3_000_000n });
  });

  test("waits as long as the manifest's wall clock where that is longer", async () => {
    const slow = await givenAskingAgent(tenant, {
      author: admin,
      handle: "slow",
      tools: TOOLS,
      manifest: `${MANIFEST}  max_wall_clock_seconds: 3600\n`,
    });
    const id = await allowed("look_up", 59, "granted", slow);
    expect(await sweepExecutions(tenant.system)).toEqual({ swept: 0 });
    await transact(
      slow.db,
      (tx) => tx.$executeRaw`
      UPDATE executions SET created_at = created_at - interval '2 minutes' WHERE decision_id = ${id}::uuid`,
    );
    expect(await sweepExecutions(tenant.system)).toEqual({ swept: 1 });
  });

  test("waits as long as the workspace has set", async () => {
    await changeSettings(admin, { outcome_due_minutes: 60 });
    const id = await allowed("look_up", 30);
    expect(await sweepExecutions(tenant.system)).toEqual({ swept: 0 });
    await changeSettings(admin, { outcome_due_minutes: 15 });
    expect(await sweepExecutions(tenant.system)).toEqual({ swept: 1 });
    expect(await stateOf(id)).toBe("unreported");
  });

  test("two workers at once take each call once", async () => {
    const ids = await Promise.all(Array.from({ length: 70 }, () => allowed("look_up", 16)));
    const swept = await Promise.all([sweepExecutions(tenant.system), sweepExecutions(tenant.system)]);
    // A worker that found only what another held has left it to the other.
    expect(swept.reduce((sum, each) => sum + each.swept, 0)).toBe(70);
    const { items } = await listEntries(admin, { kind: "execution.sweep", limit: 200 });
    const named = items.map(({ body }) => JSON.stringify(body["details"]));
    for (const id of ids) expect(named.filter((text) => text.includes(id))).toHaveLength(1);
  });
});

describe("a call of which nobody knows whether it ran (R05)", () => {
  test("is one that was on its way to its tool, or that cannot be undone", async () => {
    const dispatched = await allowed("look_up", 16, "dispatching");
    const forGood = await allowed("set_status", 16);
    await transact(
      admin.db,
      (tx) => tx.$executeRaw`
      UPDATE tools SET reversibility = 'irreversible' WHERE workspace_id = ${tenant.workspaceId}::uuid AND name = 'set_status'`,
    );
    await sweepExecutions(tenant.system);
    expect([await stateOf(dispatched), await stateOf(forGood)]).toEqual(["unknown", "unknown"]);
    const { items } = await listUnknown(admin);
    expect(items.map(({ decision_id }) => decision_id).toSorted()).toEqual([dispatched, forGood].toSorted());
  });

  test("is settled by a person, once and in the ledger, and leaves the list", async () => {
    const id = await allowed("look_up", 16, "dispatching");
    await sweepExecutions(tenant.system);
    const input = { decision_id: id, answer: "did_not_run", note: "The tool's log has no such call." } as const;
    await expect(answerExecution(await tenant.person("viewer"), input)).rejects.toMatchObject({ code: "forbidden" });
    expect(await answerExecution(await tenant.person("reviewer"), input)).toEqual({
      decision_id: id,
      answer: "did_not_run",
    });
    await expect(answerExecution(admin, input)).rejects.toMatchObject({ code: "conflict", reason: "already_answered" });
    expect((await listUnknown(admin)).items.map(({ decision_id }) => decision_id)).not.toContain(id);
    expect((await showDecision(admin, id)).execution).toMatchObject({
      state: "unknown",
      answer: { ran: false, note: input.note },
    });
    const { items } = await listEntries(admin, { kind: "execution.answer", limit: 1 });
    expect(items[0]?.body["details"]).toMatchObject({ decision_id: id, answer: "did_not_run", note: input.note });
  });

  test("is no longer asked about once its outcome comes; what is known cannot be answered", async () => {
    const id = await allowed("look_up", 16, "dispatching");
    await sweepExecutions(tenant.system);
    await report(id, { outcome: "error" });
    const input = { decision_id: id, answer: "ran", note: "I saw it." } as const;
    await expect(answerExecution(admin, input)).rejects.toMatchObject({ code: "conflict", reason: "outcome_known" });
    const stranger = await (await givenTenant()).person("admin");
    await expect(answerExecution(stranger, input)).rejects.toMatchObject({ code: "not_found" });
  });
});
