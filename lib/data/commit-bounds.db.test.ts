import { randomUUID } from "node:crypto";

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";

import { applyBounds } from "@/lib/core/decisions/bounds";
import { NO_RESERVES } from "@/lib/core/decisions/reserve";
import { Call, type Reserve } from "@/lib/core/decisions/schema";
import { decideAgain, StoredFacts } from "@/lib/core/decisions/stored-facts";
import { AgentId } from "@/lib/core/shared/brand";
import { RegisterToolInput } from "@/lib/core/tools/schema";
import { ROLES } from "@/lib/core/workspaces/roles";
import { workspaceDb } from "@/lib/data/db";
import { authenticate } from "@/lib/services/access/authenticate";
import { registerAgent } from "@/lib/services/agents/register-agent";
import type { ServiceContext } from "@/lib/services/context";
import { decideCall } from "@/lib/services/decisions/decide-call";
import { policyOf } from "@/lib/services/decisions/policy-cache";
import { reportOutcome } from "@/lib/services/outcomes/report-outcome";
import { registerTools } from "@/lib/services/tools/register-tools";
import { givenWorkspace, SUPPORT_TOOLS, supportManifest } from "@/lib/testing/client";

let admin: ServiceContext;

beforeAll(async () => {
  const { workspaceId, memberId } = await givenWorkspace();
  admin = {
    workspaceId,
    actor: { kind: "member", memberId, roles: ROLES, via: "token" },
    requestId: "test",
    now: new Date(),
    db: workspaceDb(workspaceId),
  };
  await registerTools(
    admin,
    SUPPORT_TOOLS.map((tool) => RegisterToolInput.parse(tool)),
  );
});

async function agentWith(execution: string): Promise<{ key: string; agentId: AgentId }> {
  const id = `agent-${randomUUID().slice(0, 8)}`;
  const dri = admin.actor.kind === "member" ? admin.actor.memberId : "";
  const { key } = await registerAgent(admin, {
    id,
    task: "t",
    dri,
    environment: "production",
    level: 3,
    manifest: supportManifest(id, execution),
  });
  const row = await admin.db.agent.findFirstOrThrow({
    where: { workspaceId: admin.workspaceId, handle: id },
    select: { id: true },
  });
  return { key, agentId: AgentId.parse(row.id) };
}

describe("the bounds in the commit", () => {
  test("give what applyBounds gives for the run the ledger says there was", async () => {
    const step = fc.record({
      tool: fc.constantFrom("read_customer_record", "delete_customer_record", "nobody_knows"),
      cents: fc.integer({ min: 0, max: 40 }),
    });
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 100 }),
      fc.array(step, { minLength: 1, maxLength: 8 }),
      async (maxSteps, maxCents, steps) => {
        const { key, agentId } = await agentWith(
          `execution:\n  max_steps: ${maxSteps}\n  max_cost_usd: ${maxCents / 100}\n`,
        );
        for (const { tool, cents } of steps) {
          const call = Call.parse({ session_id: "s", run_id: "r", tool, estimate: { cost_usd: cents / 100 } });
          const answer = await decideCall(await authenticate(key, true), { call, idempotencyKey: null });
          const stored = await admin.db.decision.findFirstOrThrow({
            where: { id: answer.decision_id, workspaceId: admin.workspaceId },
          });
          const facts = stored.facts as { run: Parameters<typeof applyBounds>[1] };
          const bounds = (await policyOf(admin.db, admin.workspaceId, agentId)).compiled?.bounds;
          if (!bounds) throw new Error("the agent has no manifest");
          const cost: Reserve = { amount: cents * 10_000, by: "estimate" };
          const asked = { bounds, reserves: { ...NO_RESERVES, cost }, isSingleUse: false };
          const isHalted = applyBounds(asked, facts.run).verdict === "halt";
          expect({ isHalted, facts: facts.run }).toEqual({ isHalted: answer.verdict === "halt", facts: facts.run });
        }
      },
    );
    await fc.assert(property, { numRuns: 12 });
  });

  test("every stored decision is what the engine gives for its manifest, call and facts", async () => {
    const { key, agentId } = await agentWith("execution:\n  max_steps: 5\n");
    for (const tool of [
      "read_customer_record",
      "send_customer_email",
      "delete_customer_record",
      "nobody_knows",
      "update_ticket_status",
      "read_customer_record",
    ]) {
      const call = Call.parse({ session_id: "s", run_id: "r", tool, args: { status: "archived" } });
      await decideCall(await authenticate(key, true), { call, idempotencyKey: null });
    }
    const { compiled } = await policyOf(admin.db, admin.workspaceId, agentId);
    const stored = await admin.db.decision.findMany({
      where: { workspaceId: admin.workspaceId, agentId },
      orderBy: { id: "asc" },
      take: 10,
    });
    expect(stored).toHaveLength(6);
    for (const { call, facts, verdict } of stored) {
      expect(decideAgain(compiled, Call.parse(call), StoredFacts.parse(facts)).verdict).toBe(verdict);
    }
    expect(new Set(stored.map(({ verdict }) => verdict)).size).toBe(4);
  });

  test("a risk gate judges the run as it is, not at its worst", async () => {
    const { key } = await agentWith("risk:\n  require_approval_at: 14\n");
    const call = Call.parse({ session_id: "s", run_id: "r", tool: "read_customer_record" });
    const verdicts: string[] = [];
    for (const tool of [
      "read_customer_record",
      "read_customer_record",
      "nobody_knows",
      "nobody_knows",
      "nobody_knows",
      "read_customer_record",
    ]) {
      verdicts.push(
        (await decideCall(await authenticate(key, true), { call: { ...call, tool }, idempotencyKey: null })).verdict,
      );
    }
    // First use counts against it, a quiet run does not, and three refusals do.
    expect(verdicts.slice(1)).toEqual([
      expect.toBeOneOf(["allow", "require_approval"]),
      "deny",
      "deny",
      "deny",
      "require_approval",
    ]);
  });

  test("what was spent beyond the bound is kept as overrun, and halts the run", async () => {
    const { key } = await agentWith("execution:\n  max_cost_usd: 0.10\n");
    const read = Call.parse({
      session_id: "s",
      run_id: "r",
      tool: "read_customer_record",
      estimate: { cost_usd: 0.05 },
    });
    const first = await decideCall(await authenticate(key, true), { call: read, idempotencyKey: null });
    expect(first.verdict).toBe("allow");
    await reportOutcome(await authenticate(key, false), {
      decisionId: first.decision_id,
      outcome: "success",
      cost_usd: 0.25,
    });
    const next = await decideCall(await authenticate(key, true), { call: read, idempotencyKey: null });
    expect(next.verdict).toBe("halt");
    const budget = await admin.db.budget.findFirstOrThrow({
      where: { workspaceId: admin.workspaceId, limitAmount: 100_000n },
    });
    expect({ used: budget.used, reserved: budget.reserved, overrun: budget.overrun }).toEqual({
      used: 100_000n,
      reserved: 0n,
      overrun: 150_000n,
    });
  });
});
