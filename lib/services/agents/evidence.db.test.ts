import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { workspaceDb } from "@/lib/data/db";
import { WorkspaceId } from "@/lib/core/shared/brand";
import { givenAgent, givenMember, givenWorkspace, send, supportManifest } from "@/lib/testing/client";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

import { demoteAgents } from "./demote-agents";

let replicas: Replicas;
let admin: string;
let second: string;
let workspace: string;
const url = () => replicas.urls[0] ?? "";

beforeAll(async () => {
  replicas = await startReplicas(1);
  const given = await givenWorkspace();
  admin = given.token;
  workspace = given.workspaceId;
  const other = { email: "second@example.com", name: "Second", roles: ["policy_admin"] };
  second = (await givenMember(url(), admin, other)).token;
}, 60_000);
afterAll(async () => {
  await replicas.stop();
});

const withAutonomy = (autonomy: string) => (handle: string) => supportManifest(handle, `autonomy: ${autonomy}\n`);
const read = () => ({
  session_id: `s-${randomUUID()}`,
  run_id: "r-1",
  tool: "read_customer_record",
  args: { customer_id: "C-1" },
});
const raise = (handle: string, level: number, token = admin) =>
  send(url(), `/api/v1/agents/${handle}/level`, token, { level, reason: "It did well." }, { method: "PUT" });

/** Lets the agent act once and report how it went. */
async function act(key: string, outcome: string): Promise<void> {
  const { body } = await send(url(), "/api/v1/decisions", key, read());
  await send(url(), `/api/v1/decisions/${String(body["decision_id"])}/outcome`, key, { outcome });
}

const demote = () => {
  const workspaceId = WorkspaceId.parse(workspace);
  const actor = { kind: "system", job: "agents.demote" } as const;
  return demoteAgents({ workspaceId, actor, requestId: "test", now: new Date(), db: workspaceDb(workspaceId) });
};

describe("evidence", () => {
  test("a level is given only for what the manifest asked, and every unmet criterion is named with its figure", {
    timeout: 90_000,
  }, async () => {
    const { handle, key } = await givenAgent(url(), admin, {
      level: 2,
      manifest: withAutonomy("{promote: {to: 3, criteria: {min_decisions: 2, min_success: 0.9, max_incidents: 0}}}"),
    });
    await act(key, "error");
    expect(await raise(handle, 3)).toMatchObject({
      status: 409,
      body: {
        code: "criteria_unmet",
        faults: [
          { path: "/autonomy/promote/criteria/min_decisions", message: "at least 2 decisions; now 1" },
          { path: "/autonomy/promote/criteria/min_success" },
        ],
      },
    });
    for (let count = 0; count < 9; count += 1) await act(key, "success");
    const shown = await send(url(), `/api/v1/agents/${handle}/evidence`, admin);
    expect(shown.body).toMatchObject({ evidence: { decisions: 10, success: 0.9, days: 1 }, promote: { to: 3 } });
    expect(await raise(handle, 4)).toMatchObject({ status: 409, body: { code: "above_promotion" } });
    expect(await raise(handle, 3)).toMatchObject({ status: 202, body: { level: 2, proposed: 3 } });
    await act(key, "error");
    // The second person's word is held against the evidence of now, not of when the first was given.
    expect(await raise(handle, 3, second)).toMatchObject({ status: 409, body: { code: "criteria_unmet" } });
    for (let count = 0; count < 9; count += 1) await act(key, "success");
    expect(await raise(handle, 3, second)).toMatchObject({ status: 200, body: { level: 3, previous: 2 } });
    const again = await send(url(), `/api/v1/agents/${handle}/evidence`, admin);
    expect(again.body).toMatchObject({ evidence: { decisions: 0, success: null } });
  });

  test("an agent that no longer shows what is asked loses one level, once, and it is written down", async () => {
    const { handle, key } = await givenAgent(url(), admin, {
      level: 3,
      manifest: withAutonomy("{demote: {criteria: {min_decisions: 3, min_success: 0.5}}}"),
    });
    for (const outcome of ["error", "error"]) await act(key, outcome);
    expect(await demote()).toEqual({ demoted: 0 });
    await act(key, "error");
    expect(await demote()).toEqual({ demoted: 1 });
    expect(await demote()).toEqual({ demoted: 0 });
    expect((await send(url(), `/api/v1/agents/${handle}`, admin)).body).toMatchObject({ level: 2 });
    const { body } = await send(url(), "/api/v1/ledger?kind=agent.level", admin);
    expect(JSON.stringify(body)).toContain("min_success");
  });

  test("a criterion outside the vocabulary is refused with the nearest one", async () => {
    const { handle } = await givenAgent(url(), admin);
    const text = supportManifest(handle, "autonomy: {promote: {to: 3, criteria: {min_sucess: 0.9}}}\n");
    const answer = await send(url(), `/api/v1/agents/${handle}/manifests`, admin, text, {
      headers: { "content-type": "application/yaml" },
    });
    expect(answer).toMatchObject({ status: 422, body: { faults: [{ code: "unknown_key" }] } });
    expect(JSON.stringify(answer.body["faults"])).toContain("min_success");
  });
});
