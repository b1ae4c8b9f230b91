import { beforeAll, describe, expect, test } from "vitest";

import { RegisterToolInput } from "@/lib/core/tools/schema";
import { type AskingAgent, ask, givenAskingAgent } from "@/lib/testing/agent";
import { refusal } from "@/lib/testing/refusal";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { reportOutcome } from "../outcomes/report-outcome";
import { changeSettings } from "../workspaces/change-settings";
import { listDependencies } from "./list-dependencies";
import { registerTools } from "./register-tools";
import { resetDependency } from "./reset-dependency";
import { showTool } from "./show-tool";

const CLASS = { reversibility: "reversible", blast_radius: "low" };

let tenant: Tenant;
let admin: Person;
let operator: Person;
let agent: AskingAgent;
let second: AskingAgent;

beforeAll(async () => {
  tenant = await givenTenant();
  [admin, operator] = [await tenant.person("admin", "policy_admin"), await tenant.person("operator")];
  const given = (handle: string) =>
    givenAskingAgent(tenant, {
      author: admin,
      handle,
      tools: [
        { name: "charge", dependency: "stripe.com", ...CLASS },
        { name: "lookup", ...CLASS },
      ],
      manifest: "tools:\n  allowed:\n    - {name: charge}\n    - {name: lookup}\n",
    });
  [agent, second] = [await given("a"), await given("b")];
  await changeSettings(admin, { dependency_failures: 3, dependency_cool_down_seconds: 600 });
});

const register = (tool: object) => registerTools(admin, [RegisterToolInput.parse({ ...CLASS, ...tool })]);
const entries = async (kind: string) => {
  const where = { workspaceId: tenant.workspaceId, kind };
  const rows = await admin.db.ledgerEntry.findMany({ where, orderBy: { id: "asc" } });
  return rows.map(({ body }) => JSON.parse(body) as { actor: object; details: object });
};
let calls = 0;
const call = (tool = "charge", by = agent) => ask(by, tool, { args: { n: (calls += 1) } });
async function fail(by = agent): Promise<void> {
  const { decision_id: decisionId } = await call("charge", by);
  await reportOutcome(by, { decisionId, outcome: "error" });
}

describe("the dependency of a tool", () => {
  test("is set, kept when it is not spoken of, moved and cleared, and never changes the definition", async () => {
    const before = await showTool(admin, "lookup");
    expect(before.dependency).toBeNull();
    const [named] = (await register({ name: "lookup", dependency: " Warehouse" })).items;
    expect(named).toMatchObject({ hash: before.hash, changed: false });
    expect((await showTool(admin, "lookup")).dependency).toBe("warehouse");
    await register({ name: "lookup" });
    await register({ name: "lookup", owner: "data" });
    expect(await showTool(admin, "lookup")).toMatchObject({ dependency: "warehouse", owner: "data" });
    await register({ name: "lookup", owner: "data", dependency: null });
    expect(await showTool(admin, "lookup")).toMatchObject({ dependency: null, hash: before.hash });
    const told = (await entries("tool.register")).filter(
      ({ details }) => "tool" in details && details.tool === "lookup",
    );
    expect(told.map(({ details }) => ("dependency" in details ? details.dependency : "unsaid"))).toEqual([
      "unsaid",
      "warehouse",
      "warehouse",
      null,
    ]);
  });

  test("counts an outcome where its call was allowed, whatever the catalogue says by then", async () => {
    const { decision_id: decisionId } = await call();
    await register({ name: "charge", dependency: "other.example" });
    await reportOutcome(agent, { decisionId, outcome: "error" });
    await register({ name: "charge", dependency: "stripe.com" });
    expect(await listDependencies(operator)).toMatchObject({
      limits: { failures: 3, cool_down_seconds: 600 },
      items: [{ name: "stripe.com", failures: 1, agents: 1, tools: ["charge"], state: "closed" }],
    });
  });
});

describe("closing a breaker by hand", () => {
  const reset = (by: Person, name = "stripe.com") =>
    resetDependency(by, { name, reason: "Their status page is green." });

  test("lets calls through again, and says in the ledger who did it and why", async () => {
    await fail();
    await fail();
    // What one agent alone reports holds back nobody.
    expect((await call()).verdict).toBe("allow");
    expect((await listDependencies(operator)).items[0]).toMatchObject({ failures: 3, agents: 1, state: "closed" });
    await fail(second);
    expect((await call()).verdict).toBe("deny");
    for (const role of ["viewer", "reviewer", "policy_admin"] as const)
      expect(await refusal(reset(await tenant.person(role)))).toBe("role_missing");
    expect((await call()).verdict).toBe("deny");
    expect(await reset(operator)).toEqual({ name: "stripe.com", failures: 4 });
    expect((await call()).verdict).toBe("allow");
    expect((await listDependencies(operator)).items[0]).toMatchObject({ failures: 0, state: "closed", refused: 2 });
    expect(await entries("dependency.reset")).toMatchObject([
      {
        actor: { kind: "member", id: operator.actor.memberId },
        details: { dependency: "stripe.com", failures: 4, reason: "Their status page is green." },
      },
    ]);
  });

  test("is refused where nothing failed, and in another workspace, and leaves no entry", async () => {
    await fail();
    const stranger = await (await givenTenant()).person("operator");
    expect(await refusal(reset(stranger))).toBe("not_failing");
    expect(await refusal(reset(operator, "nowhere"))).toBe("not_failing");
    expect((await listDependencies(operator)).items[0]).toMatchObject({ failures: 1 });
    expect(await entries("dependency.reset")).toHaveLength(1);
  });
});
