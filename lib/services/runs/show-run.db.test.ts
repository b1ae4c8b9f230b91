import { randomUUID } from "node:crypto";

import { beforeAll, describe, expect, test } from "vitest";

import { RegisterAgentInput } from "@/lib/core/agents/schema";
import { Call } from "@/lib/core/decisions/schema";
import { EXAMPLE_MANIFEST } from "@/lib/core/manifests/example";
import { RegisterToolInput } from "@/lib/core/tools/schema";
import { DecisionFilter } from "@/lib/core/runs/decision";
import { RunFilter } from "@/lib/core/runs/schema";
import { findCredentialHolder } from "@/lib/data/access";
import { hashSecret } from "@/lib/platform/secret";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { listAgents } from "../agents/list-agents";
import { registerAgent } from "../agents/register-agent";
import { setLevel } from "../agents/set-level";
import { showAgent } from "../agents/show-agent";
import { updateAgent } from "../agents/update-agent";
import type { ServiceContext } from "../context";
import { decideCall } from "../decisions/decide-call";
import { listDecisions } from "../decisions/list-decisions";
import { showDecision } from "../decisions/show-decision";
import { sequenceLedger } from "../ledger/sequence-ledger";
import { publishManifest } from "../manifests/publish-manifest";
import { registerTools } from "../tools/register-tools";
import { listRuns } from "./list-runs";
import { showRun } from "./show-run";

const AGENT = "customer-support-agent-v3";
const filter = (over: object = {}) => DecisionFilter.parse({ limit: 50, ...over });

type Given = {
  readonly tenant: Tenant;
  readonly reader: Person;
  readonly author: Person;
  readonly agent: ServiceContext;
};

async function given(): Promise<Given> {
  const tenant = await givenTenant();
  const [author, reader] = [await tenant.person("policy_admin"), await tenant.person("viewer")];
  const tool = (name: string, reversibility: string, blast_radius: string) =>
    RegisterToolInput.parse({ name, reversibility, blast_radius });
  await registerTools(author, [
    tool("read_customer_record", "read", "none"),
    tool("update_ticket_status", "reversible", "low"),
    tool("send_customer_email", "irreversible", "low"),
  ]);
  const input = {
    id: AGENT,
    task: "Answer.",
    dri: author.email,
    environment: "production",
    level: 3,
    manifest: EXAMPLE_MANIFEST,
  };
  const { key } = await registerAgent(author, RegisterAgentInput.parse(input));
  const holder = await findCredentialHolder(hashSecret(key));
  if (!holder) throw new Error("the new key opens nothing");
  const { agentId, credentialId, scopes } = holder;
  return {
    tenant,
    reader,
    author,
    agent: { ...tenant.system, actor: { kind: "agent", agentId, credentialId, scopes } },
  };
}

const decide = ({ agent }: Given, session: string, tool: string, args: object, more: object = {}) =>
  decideCall(agent, {
    call: Call.parse({ session_id: session, run_id: "r-1", tool, args, ...more }),
    idempotencyKey: null,
  });

describe("what an agent did", () => {
  let here: Given;
  const session = `s-${randomUUID()}`;
  beforeAll(async () => {
    here = await given();
    const asOf = new Date(Date.now() - 240_000).toISOString();
    await decide(
      here,
      session,
      "read_customer_record",
      { customer_id: "C-1" },
      { context: [{ source: "crm", as_of: asOf }] },
    );
    await decide(here, session, "update_ticket_status", { status: "archived" });
    await decide(here, session, "delete_customer_record", {});
    await decide(here, session, "send_customer_email", { to: "a@example.com" });
    await decide(here, "other", "read_customer_record", { customer_id: "C-2" });
  });

  test("is listed by run under its session, with counts", async () => {
    const { items } = await listRuns(here.reader, RunFilter.parse({ session }));
    expect(items).toMatchObject([
      {
        run: "r-1",
        session,
        agent: AGENT,
        state: "running",
        steps: 4,
        allowed: 1,
        asked: 1,
        refused: 2,
        cost_usd: "0.075", // a twentieth of the bound: held for the call that said nothing of its cost
      },
    ]);
    expect((await listRuns(here.reader, RunFilter.parse({}))).items).toHaveLength(2);
    const first = await listRuns(here.reader, RunFilter.parse({ limit: 1 }));
    const second = await listRuns(here.reader, RunFilter.parse({ limit: 1, cursor: first.next }));
    expect(new Set([...first.items, ...second.items].map((run) => run.session))).toEqual(new Set([session, "other"]));
    expect(second.next).toBeNull();
  });

  test("is shown step by step, with context and its age, and page by page", async () => {
    const [run] = (await listRuns(here.reader, RunFilter.parse({ session }))).items;
    const shown = await showRun(here.reader, run?.id ?? "");
    expect(shown.decisions.map(({ step, tool, verdict }) => [step, tool, verdict])).toEqual([
      [1, "read_customer_record", "allow"],
      [2, "update_ticket_status", "deny"],
      [3, "delete_customer_record", "deny"],
      [4, "send_customer_email", "require_approval"],
    ]);
    const [age] = shown.decisions[0]?.context.map((use) => use.age_seconds) ?? [];
    expect(age).toBeGreaterThanOrEqual(239);
    expect(age).toBeLessThan(300);
    expect(shown.decisions[3]).toMatchObject({ approval: { state: "waiting" }, args: { to: "a@example.com" } });
    expect((await showRun(here.reader, run?.id ?? "", 2)).decisions.map(({ step }) => step)).toEqual([3, 4]);
  });

  test("is filtered by verdict, agent, tool and time", async () => {
    const count = async (over: object) => (await listDecisions(here.reader, filter(over))).items.length;
    expect(await count({})).toBe(5);
    expect(await count({ verdict: "deny" })).toBe(2);
    expect(await count({ verdict: "deny", tool: "delete_customer_record" })).toBe(1);
    expect(await count({ agent: "nobody" })).toBe(0);
    expect(await count({ from: new Date(Date.now() - 60_000) })).toBe(5);
    expect(await count({ from: new Date(Date.now() + 60_000) })).toBe(0);
    expect(await count({ to: new Date(Date.now() - 60_000) })).toBe(0);
  });

  test("is explained with every check, the rule's line and its place in the ledger", async () => {
    await sequenceLedger(here.tenant.system);
    const [denied] = (await listDecisions(here.reader, filter({ tool: "update_ticket_status" }))).items;
    const shown = await showDecision(here.reader, denied?.id ?? "");
    expect(shown).toMatchObject({
      verdict: "deny",
      rule: "tools.allowed[1].constraints.allowed_statuses",
      line: 10,
      level: 3,
      environment: "production",
    });
    expect(shown.checks.map((check) => check.check)).toEqual(
      expect.arrayContaining(["control", "blocked", "allowed", "constraints"]),
    );
    expect(shown.reasons).toMatchObject([{ path: "/args/status" }]);
    expect(shown.entry).toMatchObject({
      index: expect.stringMatching(/^\d+$/),
      leaf_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(shown.entry?.body).toMatchObject({ kind: "decision", verdict: "deny" });
  });

  test("is counted on its agent, whose open requests are listed", async () => {
    expect((await listAgents(here.reader, { limit: 10 })).items[0]?.counts_24h).toEqual({
      allow: 2,
      require_approval: 1,
      recommend: 0,
      deny: 2,
      halt: 0,
    });
    const shown = await showAgent(here.reader, AGENT);
    expect(shown.approvals).toMatchObject([{ tool: "send_customer_email" }]);
    expect(shown.decisions).toHaveLength(5);
  });

  test("is nobody else's to see", async () => {
    const there = await given();
    const [run] = (await listRuns(here.reader, RunFilter.parse({ session }))).items;
    const [decision] = (await listDecisions(here.reader, filter())).items;
    expect((await listRuns(there.reader, RunFilter.parse({}))).items).toEqual([]);
    expect((await listDecisions(there.reader, filter())).items).toEqual([]);
    await expect(showRun(there.reader, run?.id ?? "")).rejects.toMatchObject({ code: "not_found" });
    await expect(showDecision(there.reader, decision?.id ?? "")).rejects.toMatchObject({ code: "not_found" });
    await expect(showRun(here.reader, "no id")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a change of the rules", () => {
  test("closes the requests it has overtaken: those of the agent, and those for the tool", async () => {
    const here = await given();
    const stateOf = async (id: string | undefined) =>
      (await here.reader.db.approval.findUniqueOrThrow({ where: { id: id ?? "" }, select: { state: true } })).state;
    const first = await decide(here, "s-1", "send_customer_email", { to: "a@example.com" });
    await registerTools(here.author, [
      RegisterToolInput.parse({
        name: "send_customer_email",
        reversibility: "irreversible",
        blast_radius: "low",
        description: "Changed.",
      }),
    ]);
    expect(await stateOf(first.approval?.id)).toBe("superseded");

    const second = await decide(here, "s-1", "send_customer_email", { to: "a@example.com" });
    expect(second.approval?.id).not.toBe(first.approval?.id);
    await publishManifest(here.author, {
      agent: AGENT,
      manifest: EXAMPLE_MANIFEST.replace("max_steps: 20", "max_steps: 10"),
      publish: true,
    });
    expect(await stateOf(second.approval?.id)).toBe("superseded");
    const used = await decide(
      here,
      "s-1",
      "send_customer_email",
      { to: "a@example.com" },
      { approval_id: second.approval?.id },
    );
    expect(used).toMatchObject({ verdict: "deny", reasons: [{ code: "approval_action_mismatch" }] });
  });

  test("decides the next call: a suspended agent gets nothing, a lowered level asks", async () => {
    const here = await given();
    const call = () => decide(here, "s-1", "update_ticket_status", { status: "open" });
    expect((await call()).verdict).toBe("allow");
    await setLevel(here.author, { agent: AGENT, level: 2, reason: "" });
    expect((await call()).verdict).toBe("require_approval");
    await updateAgent(here.author, { agent: AGENT, status: "suspended" });
    expect(["deny", "halt"]).toContain((await call()).verdict);
  });
});
