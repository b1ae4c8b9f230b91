import { beforeAll, describe, expect, test } from "vitest";

import { ApprovalId } from "@/lib/core/shared/brand";
import { ReportOutcomeInput } from "@/lib/core/decisions/outcome";
import { transact } from "@/lib/data/db";
import { ask, type AskingAgent, givenAskingAgent } from "@/lib/testing/agent";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { castVote } from "../approvals/cast-vote";
import { showApproval } from "../approvals/show-approval";
import { showDecision } from "../decisions/show-decision";
import { reportOutcome } from "./report-outcome";

let tenant: Tenant;
let admin: Person;
let agent: AskingAgent;

const read = { reversibility: "read", blast_radius: "none" };
const RESULT = {
  type: "object",
  properties: { balance: { type: "integer", minimum: 0 }, notes: { type: "array", items: { type: "string" } } },
  required: ["balance"],
  additionalProperties: false,
};

beforeAll(async () => {
  tenant = await givenTenant();
  admin = await tenant.person("admin");
  agent = await givenAskingAgent(tenant, {
    author: admin,
    handle: "reporter",
    tools: [
      { name: "get_balance", ...read, result_schema: RESULT },
      { name: "get_anything", ...read },
      { name: "get_nothing", ...read, result_schema: { type: "object" } },
    ],
    manifest: `tools:\n  allowed:\n    - name: "get_balance"\n    - name: "get_anything"\n    - name: "get_nothing"\nexecution:\n  max_retries_per_action: 100\n  circuit_breaker: {failures: 100}\n`,
  });
  // Registering refuses such a schema; one that got past it must not let every result through.
  await transact(
    admin.db,
    (tx) => tx.$executeRaw`
    UPDATE tools SET result_schema = '{"type": "objekt", "properties": 5}'::jsonb
    WHERE workspace_id = ${tenant.workspaceId}::uuid AND name = 'get_nothing'`,
  );
});

async function reported(tool: string, more: object) {
  const { decision_id, verdict } = await ask(agent, tool, { run_id: tool });
  expect(verdict).toBe("allow");
  const input = { ...ReportOutcomeInput.parse({ outcome: "success", ...more }), decisionId: decision_id };
  return { ...(await reportOutcome(agent, input)), input };
}

describe("reportOutcome", () => {
  test("takes a result that fits", async () => {
    expect(await reported("get_balance", { result: { balance: 5 } })).toMatchObject({ outcome: "success", faults: [] });
  });

  test.each([
    ["the wrong type", { balance: "5" }],
    ["another shape altogether", [1, 2, 3]],
    ["null", null],
    ["a missing member", {}],
    ["a member nobody asked for", { balance: 1, admin: true }],
    ["a number out of range", { balance: -1 }],
    ["a huge list with one wrong item", { balance: 1, notes: [...Array.from({ length: 50_000 }, () => "x"), 7] }],
    ["a very long text where a number belongs", { balance: "9".repeat(500_000) }],
  ])("calls %s failed validation, whatever is claimed", async (_name, result) => {
    const { outcome, faults, input } = await reported("get_balance", { result });
    expect(outcome).toBe("failed_validation");
    expect(faults.length).toBeGreaterThan(0);
    expect(JSON.stringify(faults).length).toBeLessThan(20_000);
    const stored = await transact(agent.db, (tx) =>
      tx.outcome.findFirstOrThrow({
        where: { decisionId: input.decisionId },
        select: { outcome: true, claimed: true },
      }),
    );
    expect(stored).toEqual({ outcome: "failed_validation", claimed: "success" });
    const execution = await transact(agent.db, (tx) =>
      tx.execution.findFirstOrThrow({ where: { decisionId: input.decisionId }, select: { state: true } }),
    );
    expect(execution.state).toBe("failed_validation");
  });

  test("a result schema that cannot be read lets nothing through", async () => {
    expect(await reported("get_nothing", { result: { any: 1 } })).toMatchObject({ outcome: "failed_validation" });
  });

  test("without a result schema nothing is held against the result", async () => {
    expect(await reported("get_anything", { result: [{ deep: "text" }] })).toMatchObject({ outcome: "success" });
  });

  test("the same report again changes nothing; another one is refused", async () => {
    const { input } = await reported("get_balance", { result: { balance: "wrong" } });
    expect(await reportOutcome(agent, input)).toMatchObject({ outcome: "failed_validation" });
    await expect(reportOutcome(agent, { ...input, result: { balance: 1 } })).rejects.toMatchObject({
      code: "conflict",
      reason: "outcome_known",
    });
  });
});

describe("what a call did", () => {
  const effect = { kind: "rows", before: [{ id: 1 }, { id: 2 }] };
  const askWith = async (run: string) => {
    const { decision_id: id } = await ask(agent, "get_anything", { run_id: run, effect });
    return id;
  };
  const report = (decisionId: string, actual: object) =>
    reportOutcome(agent, { ...ReportOutcomeInput.parse({ outcome: "success", effect: actual }), decisionId });
  const outcomeOf = async (id: string) => (await showDecision(admin, id)).outcome;
  const eventsOf = (id: string) =>
    transact(admin.db, (tx) =>
      tx.outboxEvent.count({
        where: { topic: "outcome.effect_differs", payload: { path: ["decision_id"], equals: id } },
      }),
    );

  test("is held against its dry run, and a difference is noted, in the ledger too, and told once", async () => {
    const id = await askWith("differs");
    await report(id, { rows: 3 });
    await report(id, { rows: 2 });
    const differs = [{ what: "rows", allowed: 2, actual: 3 }];
    expect(await outcomeOf(id)).toMatchObject({ outcome: "success", effect: { rows: 3, compared: true, differs } });
    expect(await eventsOf(id)).toBe(1);
    const entry = await admin.db.ledgerEntry.findFirstOrThrow({
      where: { workspaceId: tenant.workspaceId, kind: "outcome", body: { contains: id } },
    });
    expect(JSON.parse(entry.body)).toMatchObject({ effect: { differs } });
  });

  test("that is what was allowed is noted as such, and no news", async () => {
    const id = await askWith("same");
    await report(id, { ids: [1, 2] });
    expect(await outcomeOf(id)).toMatchObject({ effect: { rows: 2, compared: true, differs: [] } });
    expect(await eventsOf(id)).toBe(0);
  });

  test("is held against what people saw where they approved it, not against what came with the call", async () => {
    const asking = await givenAskingAgent(tenant, {
      author: admin,
      handle: "asks",
      tools: [{ name: "get_anything", ...read }],
      manifest: 'tools:\n  allowed:\n    - name: "get_anything"\n      requires_approval: true\n',
    });
    const first = await ask(asking, "get_anything", { effect });
    const reviewer = await tenant.person("reviewer");
    const approval_id = ApprovalId.parse(first.approval?.id);
    const { approval } = await showApproval(reviewer, approval_id);
    await castVote(reviewer, { approval_id, verdict: "approve", display_digest: approval.displayDigest });
    const used = await ask(asking, "get_anything", {
      approval_id,
      effect: { kind: "rows", before: [{ id: 1 }, { id: 2 }, { id: 3 }] },
    });
    expect(used.verdict).toBe("allow");
    const input = ReportOutcomeInput.parse({ outcome: "success", effect: { rows: 3 } });
    await reportOutcome(asking, { ...input, decisionId: used.decision_id });
    const differs = [{ what: "rows", allowed: 2, actual: 3 }];
    expect(await outcomeOf(used.decision_id)).toMatchObject({ effect: { differs } });
    const { after } = await showApproval(reviewer, approval_id);
    expect(after.effect).toMatchObject({ differs });
  });
});
