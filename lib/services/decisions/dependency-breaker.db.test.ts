import { randomUUID } from "node:crypto";

import { beforeAll, describe, expect, test } from "vitest";

import { decide } from "@/lib/core/decisions/decide";
import type { Outcome } from "@/lib/core/decisions/outcome";
import { Call } from "@/lib/core/decisions/schema";
import { decideAgain, StoredFacts } from "@/lib/core/decisions/stored-facts";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { AgentId } from "@/lib/core/shared/brand";
import { createBatchQueue } from "@/lib/data/batch-queue";
import { decisionWriters } from "@/lib/data/decision-writers";
import { workspaceDb } from "@/lib/data/db";
import { env } from "@/lib/platform/env";
import { type AskingAgent, ask, givenAskingAgent } from "@/lib/testing/agent";
import { connectOwner } from "@/lib/testing/owner";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { reportOutcome } from "../outcomes/report-outcome";
import { listDependencies } from "../tools/list-dependencies";
import { changeSettings } from "../workspaces/change-settings";
import { listDecisions } from "./list-decisions";
import { controlFacts, policyOf } from "./policy-cache";
import { prepareCall, type PreparedCall } from "./prepare-call";
import { type MadeDecision, recordBatch } from "./record-batch";

const CLASS = { reversibility: "reversible", blast_radius: "low" };
const TOOLS = [
  { name: "charge", dependency: "Stripe.com ", ...CLASS },
  { name: "refund", dependency: "stripe.com", ...CLASS },
  { name: "note", ...CLASS },
];
const MANIFEST = "tools:\n  allowed:\n    - {name: charge}\n    - {name: refund}\n    - {name: note}\n";
const AGENTS = 50;

let tenant: Tenant;
let admin: Person;
const agents: AskingAgent[] = [];

/** The agent at this place; every one of them may use every tool. */
function agentAt(place: number): AskingAgent {
  const agent = agents[place % agents.length];
  if (agent === undefined) throw new Error("there are agents");
  return agent;
}

beforeAll(async () => {
  tenant = await givenTenant();
  admin = await tenant.person("admin", "policy_admin", "operator");
  for (let n = 0; n < AGENTS; n += 1)
    agents.push(
      await givenAskingAgent(tenant, { author: admin, handle: `agent-${n}`, tools: TOOLS, manifest: MANIFEST }),
    );
}, 120_000);

let calls = 0;
const call = (agent: AskingAgent, tool: string) => ask(agent, tool, { args: { n: (calls += 1) } });
const settle = (agent: AskingAgent, decisionId: string, outcome: Outcome) =>
  reportOutcome(agent, { decisionId, outcome });
const fail = async (agent: AskingAgent, tool: string, outcome: Outcome = "error") => {
  const { decision_id: id, verdict } = await call(agent, tool);
  if (verdict === "allow") await settle(agent, id, outcome);
  return verdict;
};

/** Sets back what the breaker remembers, as if so many seconds had passed. */
async function passed(seconds: number): Promise<void> {
  const owner = await connectOwner();
  await owner.query(
    `UPDATE dependency_breakers SET failed_at = failed_at - make_interval(secs => $2),
     trial_at = trial_at - make_interval(secs => $2) WHERE workspace_id = $1`,
    [tenant.workspaceId, seconds],
  );
  await owner.end();
}

const standing = async (name = "stripe.com") =>
  (await listDependencies(admin)).items.find((dependency) => dependency.name === name);

describe("a system that tools share", () => {
  test("that is down costs fifty agents ten failures, and the verdict says when to try again", async () => {
    const verdicts: string[] = [];
    for (const [place, agent] of agents.entries())
      verdicts.push(
        await fail(agent, place % 2 === 0 ? "charge" : "refund", place % 3 === 0 ? "failed_validation" : "error"),
      );
    expect(verdicts.filter((verdict) => verdict === "allow")).toHaveLength(10);
    expect(verdicts.slice(10).every((verdict) => verdict === "deny")).toBe(true);
    const refused = await call(agentAt(40), "refund");
    const [reason] = refused.reasons;
    expect(refused).toMatchObject({ verdict: "deny", rule: "workspace.dependency_breaker" });
    expect(reason).toMatchObject({ code: "dependency_breaker", path: "" });
    expect(reason?.message).toMatch(
      /^stripe\.com failed 10 times in a row across 10 agents' calls\. It may be tried again in \d+ s\.$/,
    );
    expect(reason?.retry_after_seconds).toBeGreaterThan(0);
    expect(reason?.retry_after_seconds).toBeLessThanOrEqual(60);
    expect((await call(agentAt(40), "note")).verdict).toBe("allow");
    expect(await standing()).toMatchObject({
      state: "open",
      failures: 10,
      agents: 10,
      refused: 41,
      tools: ["charge", "refund"],
      tool_count: 2,
    });
    const filter = { limit: 50, dependency: "stripe.com", verdict: "deny" as const };
    expect((await listDecisions(admin, filter)).items).toHaveLength(41);
    expect((await listDecisions(admin, { limit: 50, dependency: "other" })).items).toEqual([]);
  });

  test("is tried by one call of all replicas once it has cooled down, and a success opens it to all", async () => {
    await passed(61);
    expect((await standing())?.state).toBe("half_open");
    const replicas = [1, 2].map(() => replica());
    const fates = await Promise.all(
      Array.from({ length: 20 }, (_, n) => replicas[n % 2]?.decide(agentAt(n), n % 3 === 0 ? "charge" : "refund")),
    );
    await Promise.all(replicas.map(({ close }) => close()));
    const [trial, ...others] = fates.flatMap((fate) => (fate?.answer.verdict === "allow" ? [fate] : []));
    expect(others).toEqual([]);
    expect((await standing())?.state).toBe("trying");
    expect((await call(agentAt(30), "charge")).reasons[0]?.message).toContain("One trial call is under way");
    if (trial === undefined) throw new Error("nobody tried");
    await settle(trial.agent, trial.answer.decision_id, "error");
    expect(await standing()).toMatchObject({ state: "open", failures: 11 });
    await passed(61);
    const next = await call(agentAt(31), "charge");
    expect(next.verdict).toBe("allow");
    expect((await call(agentAt(32), "charge")).verdict).toBe("deny");
    await settle(agentAt(31), next.decision_id, "success");
    expect(await standing()).toMatchObject({ state: "closed", failures: 0, since: null });
    expect((await call(agentAt(32), "charge")).verdict).toBe("allow");
  });

  test("counts only calls that failed, in a row", async () => {
    await changeSettings(admin, { dependency_failures: 3 });
    for (const outcome of ["unknown", "human_review_required"] as const) {
      for (const place of [0, 1, 2, 3]) expect(await fail(agentAt(place), "charge", outcome)).toBe("allow");
      expect((await standing())?.failures).toBe(0);
    }
    for (const outcome of ["error", "retry", "success", "error", "retry"] as const)
      expect(await fail(agentAt(5), "refund", outcome)).toBe("allow");
    expect((await standing())?.failures).toBe(2);
    // Refused for its tool, so there is no outcome that could count.
    expect((await call(agentAt(6), "unknown_tool")).verdict).toBe("deny");
    expect((await standing())?.failures).toBe(2);
    expect(await fail(agentAt(7), "refund", "failed_validation")).toBe("allow");
    expect(await fail(agentAt(8), "charge")).toBe("deny");
    const late = await standing();
    expect(late).toMatchObject({ failures: 3, agents: 2, state: "open" });
  });

  test("is another one in another workspace", async () => {
    const other = await givenTenant();
    const author = await other.person("admin", "policy_admin");
    const stranger = await givenAskingAgent(other, { author, handle: "a", tools: TOOLS, manifest: MANIFEST });
    expect((await standing())?.state).toBe("open");
    expect((await call(stranger, "charge")).verdict).toBe("allow");
    expect((await listDependencies(author)).items).toMatchObject([{ name: "stripe.com", failures: 0, refused: 0 }]);
    const db = workspaceDb(other.workspaceId);
    expect([await db.dependencyBreaker.count(), await db.dependencyHour.count()]).toEqual([0, 0]);
    await expect(db.$executeRaw`UPDATE dependency_breakers SET failures = 1`).rejects.toThrow(/permission denied/);
  });

  test("leaves decisions that the engine gives again for their call and their facts", async () => {
    const stored = await admin.db.decision.findMany({ where: { workspaceId: tenant.workspaceId }, take: 500 });
    const rules = new Set(stored.map(({ rule }) => rule));
    expect(rules.has("workspace.dependency_breaker")).toBe(true);
    for (const { agentId, call: made, facts, verdict, rule } of stored) {
      const { compiled } = await policyOf(admin.db, tenant.workspaceId, AgentId.parse(agentId));
      const again = decideAgain(compiled, Call.parse(made), StoredFacts.parse(facts));
      expect({ verdict: again.verdict, rule: again.rule }).toEqual({ verdict, rule });
    }
    const entries = await admin.db.ledgerEntry.findMany({
      where: { workspaceId: tenant.workspaceId, kind: "decision", body: { contains: '"dependency_breaker"' } },
      take: 5,
    });
    for (const { body } of entries) {
      expect(canonicalJson(JSON.parse(body))).toBe(body);
      expect(JSON.parse(body)).toMatchObject({ run_before: { dependency: { name: "stripe.com" } } });
    }
    expect(entries.length).toBeGreaterThan(0);
  });
});

/** Another process that decides calls of the workspace: its own queue, on its own connections. */
function replica() {
  const writers = decisionWriters({ connectionString: env.DATABASE_URL, most: 2 });
  const close = () => writers.close();
  const queue = createBatchQueue<PreparedCall, MadeDecision>(writers, {
    deadlineMs: 10_000,
    record: recordBatch,
    afterCommit: () => undefined,
  });
  const submit = async (agent: AskingAgent, tool: string) => {
    const { actor, db, workspaceId } = agent;
    const policy = await policyOf(db, workspaceId, actor.agentId, true);
    const input = Call.parse({ session_id: "s-1", run_id: randomUUID(), tool, args: {} });
    const facts = { ...controlFacts(policy), run: null, tallies: null, reach: null, history: null, readings: null };
    const decision = decide(policy.compiled, input, facts);
    const callText = canonicalJson(asJsonObject(input));
    const prepared = prepareCall({ agent: actor, policy, input, trace: null, callText, key: null, decision, facts });
    const fate = await queue.submit(workspaceId, policy.workspaceEpoch, prepared);
    if (fate.status !== "judged") throw new Error(`the call was ${fate.status}`);
    return { agent, answer: fate.answer.answer };
  };
  return { decide: submit, close };
}
