import { randomUUID } from "node:crypto";

import { beforeAll, describe, expect, test } from "vitest";

import type { Outcome } from "@/lib/core/decisions/outcome";
import { Call } from "@/lib/core/decisions/schema";
import { decideAgain, StoredFacts } from "@/lib/core/decisions/stored-facts";
import { AgentId } from "@/lib/core/shared/brand";
import { RegisterToolInput } from "@/lib/core/tools/schema";
import { ROLES } from "@/lib/core/workspaces/roles";
import { authenticate } from "@/lib/services/access/authenticate";
import { registerAgent } from "@/lib/services/agents/register-agent";
import type { ServiceContext } from "@/lib/services/context";
import { decideCall } from "@/lib/services/decisions/decide-call";
import { policyOf } from "@/lib/services/decisions/policy-cache";
import { reportOutcome } from "@/lib/services/outcomes/report-outcome";
import { registerTools } from "@/lib/services/tools/register-tools";
import { givenWorkspace } from "@/lib/testing/client";

import { workspaceDb } from "./db";

const TOOLS = ["create_instance", "update_tags", "refund"].map((name) => ({
  name,
  reversibility: "reversible",
  blast_radius: "low",
}));

let admin: ServiceContext;
let dri = "";

beforeAll(async () => {
  const { workspaceId, memberId } = await givenWorkspace();
  dri = memberId;
  admin = {
    workspaceId,
    actor: { kind: "member", memberId, roles: ROLES, via: "token" },
    requestId: "test",
    now: new Date(),
    db: workspaceDb(workspaceId),
  };
  await registerTools(
    admin,
    TOOLS.map((tool) => RegisterToolInput.parse(tool)),
  );
});

type Sent = Partial<Call> & { readonly tool: string };

/** An agent that may use the three tools, and what else its manifest says. */
async function agentWith({ refund = "", more = "" }: { refund?: string; more?: string }) {
  const id = `agent-${randomUUID().slice(0, 8)}`;
  const manifest = `
agent: {id: "${id}"}
tools:
  allowed:
    - {name: create_instance}
    - {name: update_tags}
    - name: refund
${refund}
${more}`;
  const { key } = await registerAgent(admin, { id, task: "t", dri, environment: "production", level: 3, manifest });
  const row = await admin.db.agent.findFirstOrThrow({
    where: { workspaceId: admin.workspaceId, handle: id },
    select: { id: true },
  });
  let calls = 0;
  const ask = async (sent: Sent) => {
    calls += 1;
    const call = Call.parse({ session_id: "s", run_id: "r", args: { n: calls }, ...sent });
    return decideCall(await authenticate(key, true), { call, idempotencyKey: null });
  };
  const settle = async (decisionId: string, outcome: Outcome, more: object = {}) =>
    reportOutcome(await authenticate(key, false), { decisionId, outcome, ...more });
  return { id: AgentId.parse(row.id), ask, settle };
}

const codes = (answers: readonly { verdict: string; reasons: readonly { code: string }[] }[]) =>
  answers.map(({ verdict, reasons }) => (verdict === "allow" ? verdict : `${verdict} ${reasons[0]?.code}`));

const inTurn = async <T>(works: readonly (() => Promise<T>)[]) => {
  const results: T[] = [];
  for (const work of works) results.push(await work());
  return results;
};

describe("limits", () => {
  test("per run count only what was allowed, and only in that run", async () => {
    const { ask } = await agentWith({ refund: "      limits: {per_run: 2}" });
    const answers = await inTurn([1, 2, 3].map(() => () => ask({ tool: "refund" })));
    expect(codes(answers)).toEqual(["allow", "allow", "deny limit_per_run"]);
    expect(answers[2]?.rule).toBe("tools.allowed[2].limits.per_run");
    expect((await ask({ tool: "refund", run_id: "another" })).verdict).toBe("allow");
  });

  test("per hour and rows per hour count over every run and session of the agent (T43)", async () => {
    const { ask } = await agentWith({ refund: "      limits: {per_hour: 3, rows_per_hour: 5}" });
    const rows = (n: number) => ({ ids: Array.from({ length: n }, (_, index) => `R-${index}`) });
    const answers = await inTurn(
      [3, 3, 2, 0].map(
        (n, at) => () =>
          ask({ tool: "refund", session_id: `s${at}`, args: n === 0 ? { ids: ["R-1"], n: at } : rows(n) }),
      ),
    );
    expect(codes(answers)).toEqual(["allow", "deny limit_rows_per_hour", "allow", "deny limit_rows_per_hour"]);
    const uncounted = await ask({ tool: "refund", args: { note: "all of them" } });
    expect(codes([uncounted])).toEqual(["deny rows_unknown"]);
  });
});

describe("sequences", () => {
  const retag = `
sequences:
  - name: no retag to production
    after: {tool: create_instance, where: {arg: env, equals: staging}}
    then: {tool: update_tags, where: {arg: env, equals: production}}
    bind: {after: name, then: name}
    within: session
    decide: require_approval`;

  test("create in staging, then retag to production asks a person, for that instance only (T32)", async () => {
    const { ask } = await agentWith({ more: retag });
    const create = (name: string) => ask({ tool: "create_instance", args: { env: "staging", name } });
    const tag = (name: string, env: string, run = "r2") =>
      ask({ tool: "update_tags", args: { env, name }, run_id: run });
    expect((await tag("web-1", "production")).verdict).toBe("allow");
    expect((await create("web-1")).verdict).toBe("allow");
    expect((await tag("web-1", "staging")).verdict).toBe("allow");
    expect((await tag("web-2", "production")).verdict).toBe("allow");
    const asked = await tag("web-1", "production");
    expect(asked).toMatchObject({ verdict: "require_approval", rule: "sequences[0]", reasons: [{ code: "sequence" }] });
    expect(asked.approval?.id).toEqual(expect.any(String));
    // Whoever does not say which instance is meant may mean this one.
    expect((await ask({ tool: "update_tags", args: { env: "production" } })).verdict).toBe("require_approval");
  });

  test("forty small refunds in a minute are stopped, although each alone is allowed", async () => {
    const { ask } = await agentWith({
      more: `
sequences:
  - {name: small refunds, count: {tool: refund, where: {arg: amount, at_most: 50}, over: 5}, within: 1m, decide: deny}`,
    });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => ask({ tool: "refund", args: { amount: 10, n }, session_id: `s${n % 7}` })),
    );
    expect(answers.filter(({ verdict }) => verdict === "allow")).toHaveLength(5);
    expect((await ask({ tool: "refund", args: { amount: 90 } })).verdict).toBe("allow");
  });
});

describe("failures", () => {
  test("an action that failed may be retried three times, then no more in this run", async () => {
    const { ask, settle } = await agentWith({ more: "execution: {circuit_breaker: {failures: 100}}" });
    const same = { tool: "refund", args: { amount: 1 } };
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const { decision_id: id, verdict } = await ask(same);
      expect(verdict).toBe("allow");
      await settle(id, "error");
    }
    expect(codes([await ask(same)])).toEqual(["deny max_retries_per_action"]);
    expect((await ask({ ...same, args: { amount: 2 } })).verdict).toBe("allow");
    expect((await ask({ ...same, run_id: "another" })).verdict).toBe("allow");
  });

  test("five failures in a row open the breaker; after its cool-down one trial decides", async () => {
    const { ask, settle } = await agentWith({
      more: "execution: {circuit_breaker: {failures: 2, cool_down_seconds: 1}}",
    });
    const fail = async () => settle((await ask({ tool: "refund" })).decision_id, "failed_validation");
    await fail();
    await fail();
    expect(codes([await ask({ tool: "refund" })])).toEqual(["deny circuit_breaker"]);
    expect((await ask({ tool: "update_tags" })).verdict).toBe("allow");
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const trials = await Promise.all([1, 2, 3, 4].map(() => ask({ tool: "refund" })));
    expect(codes(trials).toSorted()).toEqual(["allow", ...Array<string>(3).fill("deny circuit_breaker")]);
    const trial = trials.find(({ verdict }) => verdict === "allow");
    await settle(trial?.decision_id ?? "", "success");
    expect((await ask({ tool: "refund" })).verdict).toBe("allow");
  });

  test("the same call again and again halts the run, unless its outcome changes", async () => {
    const { ask, settle } = await agentWith({ more: "execution: {loop: {repeats: 2}}" });
    const same = { tool: "refund", args: { amount: 1 } };
    const first = await ask(same);
    await settle(first.decision_id, "success", { result: { state: "queued" } });
    const second = await ask(same);
    await settle(second.decision_id, "success", { result: { state: "done" } });
    expect(codes(await inTurn([same, same, same].map((one) => () => ask(one))))).toEqual([
      "allow",
      "allow",
      "halt loop",
    ]);
    const stop = await admin.db.stop.findFirst({
      where: { workspaceId: admin.workspaceId, scope: "run" },
      orderBy: { id: "desc" },
    });
    expect(stop).toMatchObject({ requestedBy: null, resumedAt: null });
    const incident = await admin.db.incident.findFirst({ where: { stopId: stop?.id ?? "" } });
    expect(incident).toMatchObject({ class: "runaway_execution", rule: "execution.loop", state: "open" });
  });
});

describe("daily budgets", () => {
  test("hold over every session of the agent, and settle by what was really used", async () => {
    const { ask, settle } = await agentWith({ more: "execution: {daily_tokens: 1000, daily_cost_usd: 1.00}" });
    const spend = (tokens: number, usd: number, at: number) =>
      ask({ tool: "refund", session_id: `s${at}`, estimate: { tokens, cost_usd: usd } });
    const first = await spend(900, 0.1, 1);
    expect(first.verdict).toBe("allow");
    expect(codes([await spend(200, 0.1, 2)])).toEqual(["halt daily_tokens"]);
    await settle(first.decision_id, "success", { usage: { total_tokens: 100 }, cost_usd: 0.95 });
    expect((await spend(900, 0.05, 3)).verdict).toBe("allow");
    expect(codes([await spend(0, 0, 4)])).toEqual(["halt daily_cost_usd"]);
  });

  test("give exactly what the limit holds to two hundred calls at once", async () => {
    const { ask } = await agentWith({ more: "execution: {daily_tokens: 1000, hard_at: 0.5}" });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => ask({ tool: "refund", run_id: `r${n}`, estimate: { tokens: 10 } })),
    );
    expect(answers.filter(({ verdict }) => verdict === "allow")).toHaveLength(50);
    const open = await admin.db.incident.count({
      where: { workspaceId: admin.workspaceId, rule: "execution.daily_tokens", state: "open" },
    });
    expect(open).toBeLessThanOrEqual(2); // one an agent and day, whatever the number of runs it ended
  });
});

test("every decision of these agents is what the engine gives for its call and its counts", async () => {
  const stored = await admin.db.decision.findMany({ where: { workspaceId: admin.workspaceId }, take: 1_000 });
  expect(stored.length).toBeGreaterThan(250);
  for (const { agentId, call, facts, verdict } of stored) {
    const { compiled } = await policyOf(admin.db, admin.workspaceId, AgentId.parse(agentId));
    const again = decideAgain(compiled, Call.parse(call), StoredFacts.parse(facts));
    expect({ verdict: again.verdict, call }).toEqual({ verdict, call });
  }
});
