import { randomUUID } from "node:crypto";

import { v7 as uuidv7 } from "uuid";
import { describe, expect, test } from "vitest";

import { RegisterAgentInput } from "@/lib/core/agents/schema";
import { EXAMPLE_MANIFEST } from "@/lib/core/manifests/example";
import { AgentId } from "@/lib/core/shared/brand";
import { findToolHistory, findUsualSpend } from "@/lib/data/tool-history";
import { connectOwner } from "@/lib/testing/owner";
import { givenTenant, type Tenant } from "@/lib/testing/tenant";

import { registerAgent } from "../agents/register-agent";
import { sha256Hex } from "./digests";
import { markRegret } from "./mark-regret";
import { rollUpUsage } from "./roll-up-usage";
import { showDecision } from "./show-decision";

const HOUR_MS = 3_600_000;

/** An agent with a run to which finished calls can be added, as if they had been made some hours ago. */
async function givenPast(tenant: Tenant) {
  const { db } = tenant.system;
  const { workspaceId } = tenant;
  const [admin, dri] = [await tenant.person("policy_admin"), await tenant.person("viewer")];
  const [id, environment, level] = ["customer-support-agent-v3", "production", 3];
  const registration = { id, task: "t", dri: dri.email, environment, level, manifest: EXAMPLE_MANIFEST };
  await registerAgent(admin, RegisterAgentInput.parse(registration));
  const agent = await db.agent.findFirstOrThrow({ where: { workspaceId }, select: { id: true } });
  const agentId = AgentId.parse(agent.id);
  const at = { workspaceId, agentId };
  const undo = { tools: { allowed: [{ name: "refund", rollback: "take_back" }, { name: "take_back" }] } };
  const version = { version: 2, state: "published", text: "", content: undo, hash: randomUUID(), change: "neutral" };
  await db.manifest.create({ data: { id: uuidv7(), ...at, ...version } });
  const session = { id: uuidv7(), externalId: "s" };
  await db.session.create({ data: { ...session, ...at } });
  const run = { id: uuidv7(), externalId: "r", sessionId: session.id, startedAt: new Date(), lastAt: new Date() };
  await db.run.create({ data: { ...run, ...at } });

  async function made(hoursAgo: number, call: { tool?: string; args?: object; effect?: object }, given: object = {}) {
    const createdAt = new Date(Date.now() - hoursAgo * HOUR_MS);
    const decisionId = uuidv7({ msecs: createdAt.getTime() });
    const data = {
      id: decisionId,
      ...at,
      sessionId: session.id,
      runId: run.id,
      callId: "",
      step: 1,
      tool: call.tool ?? "refund",
      toolHash: "h",
      actionDigest: "d",
      call: { args: {}, effect: null, ...call },
      salt: new Uint8Array(32),
      verdict: "allow",
      reasons: [],
      checks: [],
      risk: { score: 0, band: "low", factors: [] },
      facts: {},
      manifestVersion: 2,
      remaining: { steps: null, seconds: null, cost_micros: null },
      createdAt,
      ...given,
    };
    await db.decision.create({ data });
    return decisionId;
  }
  const historyOf = (target: string | null = null, tool = "refund") =>
    findToolHistory(db, workspaceId, { agentId, tool, target: target === null ? null : sha256Hex(target) });
  const failed = (decisionId: string, outcome: string, named: object = {}) => {
    const createdAt = new Date(Date.now() - HOUR_MS);
    const reported = {
      id: uuidv7({ msecs: createdAt.getTime() }),
      decisionId,
      runId: run.id,
      outcome,
      claimed: outcome,
      ...named,
    };
    return db.outcome.create({ data: { ...reported, workspaceId, createdAt } });
  };
  const late = async (decisionId: string, { before, now }: { readonly before: number; readonly now: number }) => {
    const at = new Date(Date.now() - HOUR_MS / 2);
    // Only the function that settles a report writes them.
    const owner = await connectOwner();
    await owner.query(
      `INSERT INTO late_costs (id, workspace_id, decision_id, cost_before, cost_micros, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [uuidv7({ msecs: at.getTime() }), workspaceId, decisionId, before, now, at],
    );
    await owner.end();
  };
  const usual = () => findUsualSpend(db, workspaceId, { agentId, tool: "refund" });
  return { made, failed, historyOf, late, usual, agentId };
}

const approved = () => ({ approvalId: randomUUID() });

describe("rollUpUsage", () => {
  test("counts each allowed call once, however often and wherever it runs", async () => {
    const tenant = await givenTenant();
    const { made, historyOf } = await givenPast(tenant);
    for (let n = 1; n <= 5; n += 1) await made(n, { args: { amount: n * 10, customer_id: "C-1" } });
    await made(1, { args: { amount: 9_999 } }, { verdict: "deny" });
    await made(40 * 24, { args: { amount: 9_999 } });
    await Promise.all([rollUpUsage(tenant.system), rollUpUsage(tenant.system), rollUpUsage(tenant.system)]);
    expect(await historyOf("customer_id=C-1")).toEqual({
      uses: 5,
      approved: 0,
      approvedThenRolledBack: 0,
      rowsP99: 1,
      amountP99: 50,
      targetSeen: true,
    });
    // Refused calls are counted by the hour as well, and nothing is counted that is older than the history.
    const hours = await tenant.system.db.decisionHour.findMany({ where: { workspaceId: tenant.workspaceId } });
    const counted = (verdict: string) =>
      hours.filter((hour) => hour.verdict === verdict).reduce((sum, hour) => sum + hour.decisions, 0n);
    expect([counted("allow"), counted("deny")]).toEqual([5n, 1n]);
    expect(await historyOf("customer_id=C-2")).toMatchObject({ targetSeen: false });
    expect(await historyOf(null, "other")).toMatchObject({ uses: 0, rowsP99: null, amountP99: null, targetSeen: null });
    // What comes later is added; what is too young to be the last of its time waits.
    await made(0.5, { args: { amount: 70 } });
    await made(0, { args: { amount: 8_000 } });
    await rollUpUsage(tenant.system);
    expect(await historyOf()).toMatchObject({ uses: 6, amountP99: 70 });
    await expect(rollUpUsage(await tenant.person("admin"))).rejects.toMatchObject({ code: "forbidden" });
  });

  test("gives a percentile that occurred, as near to the exact one as the buckets are fine", async () => {
    const tenant = await givenTenant();
    const { made, historyOf } = await givenPast(tenant);
    const sizes = Array.from({ length: 300 }, (_, n) => ((n * 7_919) % 1_000) + 1);
    for (const total of sizes) await made(2, { effect: { kind: "rows", total, before: [], after: [] } });
    await rollUpUsage(tenant.system);
    const exact = sizes.toSorted((a, b) => a - b)[Math.ceil(sizes.length * 0.99) - 1] ?? 0;
    const { rowsP99 } = await historyOf();
    expect(sizes).toContain(rowsP99);
    expect(Math.abs((rowsP99 ?? 0) - exact) / exact).toBeLessThan(0.1);
  });

  test("knows what a tool usually spends from twenty reports on, each once, at the most that was named of it", async () => {
    const tenant = await givenTenant();
    const { made, failed, late, usual } = await givenPast(tenant);
    const calls: string[] = [];
    for (let n = 0; n < 19; n += 1) calls.push(await made(2, {}));
    for (const id of calls) await failed(id, "success", { costMicros: 100n, tokens: 10n });
    await failed(await made(2, {}), "error");
    await rollUpUsage(tenant.system);
    expect(await usual()).toEqual({ costMicros: null, tokens: null });
    await failed(await made(40 * 24, {}), "success", { costMicros: 9_000n });
    await rollUpUsage(tenant.system);
    expect(await usual()).toEqual({ costMicros: null, tokens: null });
    await failed(await made(2, {}), "success", { costMicros: 500n });
    await Promise.all([rollUpUsage(tenant.system), rollUpUsage(tenant.system)]);
    expect(await usual()).toEqual({ costMicros: 100, tokens: null });
    // Of twenty calls, the nineteenth by size is now a dear one.
    await late(calls[0] ?? "", { before: 100, now: 800 });
    await Promise.all([rollUpUsage(tenant.system), rollUpUsage(tenant.system)]);
    await rollUpUsage(tenant.system);
    expect(await usual()).toEqual({ costMicros: 500, tokens: null });
  });

  test("regrets what failed, what was taken back and what a person says, once each, and only what was approved", async () => {
    const tenant = await givenTenant();
    const { made, failed, historyOf } = await givenPast(tenant);
    const calls = [];
    for (let n = 0; n < 6; n += 1) calls.push(await made(10 - n, {}, approved()));
    const [one = "", two = "", three = "", four = ""] = calls;
    await failed(one, "failed_validation");
    await failed(two, "error");
    await failed(three, "success");
    await failed(await made(4, {}), "error");
    await made(3, { tool: "take_back" }); // the last approved refund before it, which is the sixth
    await rollUpUsage(tenant.system);
    expect(await historyOf()).toMatchObject({ uses: 7, approved: 6, approvedThenRolledBack: 3 });
    const reviewer = await tenant.person("reviewer");
    expect(await markRegret(reviewer, { decision_id: four, note: "Wrong customer." })).toMatchObject({ marked: true });
    expect(await markRegret(reviewer, { decision_id: one, note: "Again." })).toMatchObject({ marked: false });
    expect(await historyOf()).toMatchObject({ approvedThenRolledBack: 4 });
    expect((await showDecision(reviewer, four)).regret).toMatchObject({ cause: "person", note: "Wrong customer." });
    expect((await showDecision(reviewer, one)).regret).toMatchObject({ cause: "failed" });
    await expect(markRegret(reviewer, { decision_id: randomUUID(), note: "x" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(markRegret(await tenant.person("viewer"), { decision_id: four, note: "x" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });
});
