import { randomUUID } from "node:crypto";

import { beforeEach, describe, expect, test } from "vitest";

import { RegisterToolInput } from "@/lib/core/tools/schema";
import { transact, type Tx } from "@/lib/data/db";
import { insertTie } from "@/lib/data/people";
import { givenRun } from "@/lib/testing/run";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { setLevel } from "../agents/set-level";
import { showAgent } from "../agents/show-agent";
import { updateAgent } from "../agents/update-agent";
import { listEntries } from "../ledger/list-entries";
import { findTool } from "../tools/find-tool";
import { registerTools } from "../tools/register-tools";
import { disableMember } from "../workspaces/disable-member";
import { changeRoles } from "./change-roles";

let tenant: Tenant;
let ada: Person;
let ben: Person;
let puppet: Person;
let dri: Person;

beforeEach(async () => {
  tenant = await givenTenant();
  [ada, ben, puppet, dri] = [
    await tenant.person("admin", "policy_admin"),
    await tenant.person("policy_admin"),
    await tenant.person("policy_admin"),
    await tenant.person("viewer"),
  ];
  await tie(ada, puppet);
});

const idOf = (who: Person) => who.actor.memberId;
const sql = <T>(run: (tx: Tx) => Promise<T>) => transact(tenant.system.db, run);
const tie = (by: Person, member: Person) =>
  sql((tx) => insertTie(tx, tenant.workspaceId, { memberId: idOf(member), byId: idOf(by), kind: "invitation" }));
const entries = async (kind: string) => (await listEntries(ada, { kind, limit: 20 })).items;

describe("raising a level", () => {
  const raise = (who: Person, agent: string, level: 3 | 4 = 4) =>
    setLevel(who, { agent, level, reason: "It behaved." });

  test("takes two independent people, and lowering one", async () => {
    const { agent } = await givenRun(tenant, dri);
    const { level } = await showAgent(ada, agent);
    expect(level).toBeLessThan(4);
    expect(await raise(ada, agent)).toMatchObject({ status: "needs_second_person", level, proposed: 4 });
    await expect(raise(puppet, agent)).rejects.toMatchObject({ code: "conflict", reason: "not_independent" });
    expect(await showAgent(ben, agent)).toMatchObject({ level, proposed_level: { not_second: null } });
    expect((await showAgent(puppet, agent)).proposed_level?.not_second).toContain("you cannot be the second now");
    expect((await showAgent(ada, agent)).proposed_level?.not_second).toContain("You proposed it");
    expect(await raise(ben, agent)).toMatchObject({ status: "in_force", level: 4 });
    expect(await showAgent(ada, agent)).toMatchObject({ level: 4, proposed_level: null });
    expect(await entries("agent.propose")).toHaveLength(1);
    expect(await setLevel(puppet, { agent, level: 3, reason: "" })).toMatchObject({ status: "in_force", level: 3 });
    // What two people raised once, one of them does not raise again.
    expect(await raise(ben, agent)).toMatchObject({ status: "needs_second_person" });
  });

  test("counts no word for another level, of before a change, or of somebody who may not write policy any more", async () => {
    const { agent } = await givenRun(tenant, dri);
    await setLevel(ada, { agent, level: 1, reason: "" });
    await raise(ada, agent, 3);
    expect(await raise(ben, agent, 4)).toMatchObject({ status: "needs_second_person" });
    await setLevel(ada, { agent, level: 1, reason: "" });
    expect(await raise(ada, agent, 4)).toMatchObject({ status: "needs_second_person" });
    const boss = await tenant.person("admin");
    await changeRoles(boss, { member: idOf(ada), roles: ["viewer"] });
    expect(await raise(ben, agent, 4)).toMatchObject({ status: "needs_second_person" });
    await disableMember(boss, { member: idOf(ben) });
    expect(await raise(puppet, agent, 4)).toMatchObject({ status: "needs_second_person" });
    expect((await showAgent(boss, agent)).level).toBe(1);
    await expect(raise(ben, agent, 4)).rejects.toMatchObject({ reason: "member_disabled" });
    await expect(raise(ada, agent, 4)).rejects.toMatchObject({ reason: "role_missing" });
  });

  test("is done once when both ask at the same moment, and never by two who count as one", async () => {
    const { agent } = await givenRun(tenant, dri);
    const both = await Promise.all([raise(ada, agent), raise(ben, agent)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["in_force", "needs_second_person"]);
    await setLevel(ada, { agent, level: 1, reason: "" });
    const one = await Promise.allSettled([ada, puppet, ada, puppet].map((who) => raise(who, agent)));
    expect(one.filter((answer) => answer.status === "fulfilled" && answer.value.status === "in_force")).toEqual([]);
    expect((await showAgent(ada, agent)).level).toBe(1);
  });

  test("is refused by the database without two people, whatever wrote it", async () => {
    const { agent } = await givenRun(tenant, dri);
    const behind = () => sql((tx) => tx.$executeRaw`UPDATE agents SET level = level + 1 WHERE handle = ${agent}`);
    await expect(behind()).rejects.toThrow(/two people|loosening_two_people/);
    await raise(ada, agent);
    // A proposal that one person confirms behind the back of the services, and one that was used before.
    const settled = (by: Person) => (tx: Tx) =>
      tx.$executeRaw`
      UPDATE proposals SET state = 'confirmed', settled_by = ${idOf(by)}::uuid, settled_at = clock_timestamp(),
        settled_in = pg_current_xact_id() WHERE state = 'pending'`;
    await expect(sql(settled(ada))).rejects.toThrow(/check/);
    const attempt = sql(async (tx) => {
      await settled(puppet)(tx);
      await tx.$executeRaw`UPDATE agents SET level = 4 WHERE handle = ${agent}`;
    });
    await expect(attempt).rejects.toThrow(/two people|loosening_two_people/);
    expect(await raise(ben, agent)).toMatchObject({ status: "in_force" });
    await setLevel(ada, { agent, level: 3, reason: "" });
    await expect(sql((tx) => tx.$executeRaw`UPDATE agents SET level = 4 WHERE handle = ${agent}`)).rejects.toThrow(
      /two people|loosening_two_people/,
    );
  });

  test("is not for whoever was handed the agent lately or handed it on", async () => {
    const { agent } = await givenRun(tenant, ben);
    await updateAgent(ada, { agent, dri: idOf(dri) });
    await raise(ada, agent);
    await expect(raise(ben, agent)).rejects.toMatchObject({ reason: "not_independent" });
  });
});

describe("another environment", () => {
  test("takes two people once there is a manifest, and everything else of the same change is done", async () => {
    const { agent } = await givenRun(tenant, dri);
    await sql((tx) => tx.$executeRaw`UPDATE agents SET manifest_version = 1 WHERE handle = ${agent}`);
    const { environment } = await showAgent(ada, agent);
    const other = environment === "staging" ? "development" : "staging";
    const first = await updateAgent(ada, { agent, task: "Something else.", environment: other });
    expect(first).toMatchObject({ needs_second_person: true, environment, task: "Something else." });
    await expect(updateAgent(puppet, { agent, environment: other })).rejects.toMatchObject({
      reason: "not_independent",
    });
    expect(await updateAgent(ben, { agent, environment: other })).toMatchObject({ environment: other });
    await expect(
      sql((tx) => tx.$executeRaw`UPDATE agents SET environment = ${environment} WHERE handle = ${agent}`),
    ).rejects.toThrow(/two people|loosening_two_people/);
  });
});

describe("a tool's class", () => {
  const name = `wipe_${randomUUID().slice(0, 8)}`;
  const tool = (more: object = {}) =>
    RegisterToolInput.parse({ name, reversibility: "irreversible", blast_radius: "high", ...more });
  const looser = () => tool({ reversibility: "read", blast_radius: "none" });
  const item = async (who: Person, input: RegisterToolInput) => (await registerTools(who, [input])).items[0];

  test("is loosened by two independent people, and tightened by one", async () => {
    await item(ada, tool());
    expect(await item(ada, looser())).toMatchObject({ needs_second_person: true, changed: false });
    expect(await item(ada, looser())).toMatchObject({ needs_second_person: true, changed: false });
    await expect(item(puppet, looser())).rejects.toMatchObject({ code: "conflict", reason: "not_independent" });
    const shown = await findTool(ben, name);
    expect(shown).toMatchObject({ tool: { reversibility: "irreversible" }, proposed: { reversibility: "read" } });
    expect(shown?.proposal?.not_second).toBeNull();
    expect(await item(ben, looser())).toMatchObject({ needs_second_person: false, changed: true });
    expect((await entries("tool.register"))[0]?.body["details"]).toMatchObject({ proposed_by: idOf(ada) });
    expect(await item(puppet, tool())).toMatchObject({ needs_second_person: false, changed: true });
    await expect(
      sql((tx) => tx.$executeRaw`UPDATE tools SET blast_radius = 'low' WHERE name = ${name}`),
    ).rejects.toThrow(/two people|loosening_two_people/);
  });

  test("is loosened neither by leaving out a hint that tightened it, nor by another place of its scope", async () => {
    const hinted = { reversibility: "reversible", blast_radius: "low", hints: { destructiveHint: true } };
    await item(ada, tool({ ...hinted, scope_argument: "fields" }));
    for (const change of [{ hints: null }, { hints: { destructiveHint: false } }, { scope_argument: "nothing" }])
      expect(await item(ada, tool({ ...hinted, scope_argument: "fields", ...change }))).toMatchObject({
        needs_second_person: true,
      });
    const other = tool({ ...hinted, scope_argument: "fields", description: "Says more." });
    expect(await item(ada, other)).toMatchObject({ needs_second_person: false, changed: true });
  });

  test("in a list, the tools that loosen wait and the others are done", async () => {
    await item(ada, tool());
    const { items } = await registerTools(ada, [looser(), RegisterToolInput.parse({ name: `${name}_other` })]);
    expect(items).toMatchObject([
      { needs_second_person: true, changed: false },
      { needs_second_person: false, created: true },
    ]);
  });
});
