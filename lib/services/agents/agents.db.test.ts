import { describe, expect, test } from "vitest";

import { RegisterAgentInput } from "@/lib/core/agents/schema";
import { EXAMPLE_MANIFEST } from "@/lib/core/manifests/example";
import { findCredentialHolder } from "@/lib/data/access";
import { hashSecret } from "@/lib/platform/secret";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { listEntries } from "../ledger/list-entries";
import { createCredential } from "./create-credential";
import { listAgents } from "./list-agents";
import { registerAgent } from "./register-agent";
import { revokeCredential } from "./revoke-credential";
import { setLevel } from "./set-level";
import { showAgent } from "./show-agent";
import { updateAgent } from "./update-agent";

const HANDLE = "customer-support-agent-v3";

const input = (dri: string, over: object = {}) =>
  RegisterAgentInput.parse({
    id: HANDLE,
    task: "Answer tickets.",
    dri,
    environment: "production",
    level: 2,
    manifest: EXAMPLE_MANIFEST,
    ...over,
  });

async function givenAgent(tenant: Tenant, over: object = {}): Promise<{ admin: Person; dri: Person; key: string }> {
  const [admin, dri] = [await tenant.person("policy_admin"), await tenant.person("viewer")];
  const { key } = await registerAgent(admin, input(dri.email, over));
  return { admin, dri, key };
}

const epochOf = async ({ db, workspaceId }: Person) =>
  (await db.agent.findFirstOrThrow({ where: { workspaceId, handle: HANDLE }, select: { epoch: true } })).epoch;

describe("registerAgent", () => {
  test("publishes the manifest of the documentation as version 1 and gives a key that works, once", async () => {
    const tenant = await givenTenant();
    const [admin, dri] = [await tenant.person("admin"), await tenant.person("viewer")];
    const answer = await registerAgent(admin, input(dri.email.toUpperCase()));
    expect(answer).toMatchObject({
      agent_id: HANDLE,
      key: expect.stringMatching(/^ilk_[A-Za-z0-9_-]{43}$/),
      manifest: { version: 1 },
    });
    expect(await findCredentialHolder(hashSecret(answer.key))).toMatchObject({
      workspaceId: tenant.workspaceId,
      scopes: ["decide", "ingest", "context"],
    });

    const shown = await showAgent(admin, HANDLE);
    expect(shown).toMatchObject({
      status: "active",
      level: 2,
      manifest_version: 1,
      dri: { id: dri.actor.memberId },
      manifest: { version: 1, text: EXAMPLE_MANIFEST },
    });
    expect(shown.credentials).toMatchObject([{ hint: answer.key.slice(-4), usable: true }]);
    expect(JSON.stringify(shown)).not.toContain(answer.key);
    const days = (shown.credentials[0]?.expires_at.getTime() ?? 0) - Date.now();
    expect(Math.round(days / 86_400_000)).toBe(90);

    const entries = await listEntries(admin, { limit: 10 });
    expect(entries.items.map((entry) => entry.kind).sort()).toEqual(["agent.register", "manifest.publish"]);
    expect(JSON.stringify(entries.items.map((entry) => entry.body))).not.toContain(answer.key);
  });

  test("takes a manifest as an object, a DRI by id, and no manifest as a draft", async () => {
    const tenant = await givenTenant();
    const [admin, dri] = [await tenant.person("policy_admin"), await tenant.person("viewer")];
    const manifest = { agent: { id: "other" }, tools: { allowed: [{ name: "read_file" }] } };
    expect(await registerAgent(admin, input(dri.actor.memberId, { id: "other", manifest }))).toMatchObject({
      manifest: { version: 1 },
    });
    const draft = await registerAgent(admin, input(dri.email, { id: "later", manifest: undefined }));
    expect(draft).toMatchObject({ manifest: null });
    expect(await showAgent(admin, "later")).toMatchObject({ status: "draft", manifest: null });
  });

  test("refuses a manifest with every fault and its line, and stores nothing", async () => {
    const tenant = await givenTenant();
    const [admin, dri] = [await tenant.person("policy_admin"), await tenant.person("viewer")];
    const broken = EXAMPLE_MANIFEST.replace("requires_approval", "requires_aproval").replace(
      "max_steps: 20",
      "max_steps: many",
    );
    await expect(registerAgent(admin, input(dri.email, { manifest: broken }))).rejects.toMatchObject({
      code: "unprocessable",
      reason: "invalid_manifest",
      faults: [
        { code: "unknown_key", line: 12, message: expect.stringContaining("requires_approval") },
        { path: "/execution/max_steps", line: 20, column: expect.any(Number) },
      ],
    });
    const other = EXAMPLE_MANIFEST.replace(HANDLE, "someone-else");
    await expect(registerAgent(admin, input(dri.email, { manifest: other }))).rejects.toMatchObject({
      faults: [{ code: "agent_id_mismatch", path: "/agent/id", line: 2 }],
    });
    expect((await listAgents(admin, { limit: 10 })).items).toEqual([]);
    expect((await listEntries(admin, { limit: 10 })).items).toEqual([]);
  });

  test("refuses a handle in use, a reserved one, and a DRI who is unknown or disabled", async () => {
    const tenant = await givenTenant();
    const { admin, dri } = await givenAgent(tenant);
    await expect(registerAgent(admin, input(dri.email))).rejects.toMatchObject({
      code: "conflict",
      reason: "handle_taken",
    });
    await expect(registerAgent(admin, input(dri.email, { id: "new", manifest: undefined }))).rejects.toMatchObject({
      reason: "reserved_handle",
    });
    await expect(registerAgent(admin, input("nobody@example.com", { id: "x" }))).rejects.toMatchObject({
      reason: "unknown_dri",
    });
    await admin.db.member.update({ where: { id: dri.actor.memberId }, data: { disabledAt: new Date() } });
    await expect(registerAgent(admin, input(dri.email, { id: "x" }))).rejects.toMatchObject({ reason: "unknown_dri" });
  });

  test("is for policy administrators, and a handle belongs to one workspace", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    await givenAgent(here);
    for (const role of ["viewer", "reviewer", "operator"] as const) {
      const person = await here.person(role);
      await expect(registerAgent(person, input(person.email, { id: "x" }))).rejects.toMatchObject({
        code: "forbidden",
      });
    }
    const stranger = await there.person("admin");
    expect((await listAgents(stranger, { limit: 10 })).items).toEqual([]);
    await expect(showAgent(stranger, HANDLE)).rejects.toMatchObject({ code: "not_found" });
    await expect(updateAgent(stranger, { agent: HANDLE, task: "Mine." })).rejects.toMatchObject({ code: "not_found" });
    expect(await registerAgent(stranger, input(stranger.email))).toMatchObject({ agent_id: HANDLE });
  });
});

describe("changing an agent", () => {
  test("is recorded with before and after, and makes what replicas know of it stale", async () => {
    const tenant = await givenTenant();
    const { admin } = await givenAgent(tenant);
    const before = await epochOf(admin);
    const there = { agent: HANDLE, environment: "staging" } as const;
    expect(await updateAgent(admin, there)).toMatchObject({ environment: "production", needs_second_person: true });
    const second = await tenant.person("policy_admin");
    const changed = await updateAgent(second, { ...there, task: "Answer refunds." });
    expect(changed).toMatchObject({ task: "Answer refunds.", environment: "staging", status: "active" });
    expect(await epochOf(admin)).toBeGreaterThan(before);
    const [entry] = (await listEntries(admin, { kind: "agent.update", limit: 1 })).items;
    expect(entry?.body["details"]).toMatchObject({
      changed: ["task", "environment"],
      before: { environment: "production" },
      after: { environment: "staging" },
    });
  });

  test("to suspended is open to the DRI and to operators, back only to policy administrators", async () => {
    const tenant = await givenTenant();
    const { admin, dri } = await givenAgent(tenant);
    const operator = await tenant.person("operator");
    await expect(
      updateAgent(await tenant.person("reviewer"), { agent: HANDLE, status: "suspended" }),
    ).rejects.toMatchObject({ code: "forbidden" });
    expect(await updateAgent(dri, { agent: HANDLE, status: "suspended" })).toMatchObject({ status: "suspended" });
    await expect(updateAgent(dri, { agent: HANDLE, status: "active" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(updateAgent(operator, { agent: HANDLE, status: "suspended", task: "x" })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await updateAgent(admin, { agent: HANDLE, status: "active" })).toMatchObject({ status: "active" });
    expect(await updateAgent(operator, { agent: HANDLE, status: "suspended" })).toMatchObject({ status: "suspended" });
  });

  test("never brings a retired agent back or a draft to life", async () => {
    const tenant = await givenTenant();
    const { admin, dri } = await givenAgent(tenant);
    await registerAgent(admin, input(dri.email, { id: "draft", manifest: undefined }));
    await expect(updateAgent(admin, { agent: "draft", status: "active" })).rejects.toMatchObject({ code: "conflict" });
    await updateAgent(admin, { agent: HANDLE, status: "retired" });
    await expect(updateAgent(admin, { agent: HANDLE, status: "active" })).rejects.toMatchObject({ code: "conflict" });
    await expect(createCredential(admin, { agent: HANDLE, days: 90 })).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("setLevel", () => {
  test("down is one click for the DRI and operators; up needs two policy administrators", async () => {
    const tenant = await givenTenant();
    const { admin, dri } = await givenAgent(tenant, { level: 3 });
    await expect(
      setLevel(await tenant.person("reviewer"), { agent: HANDLE, level: 2, reason: "" }),
    ).rejects.toMatchObject({ code: "forbidden" });
    expect(await setLevel(dri, { agent: HANDLE, level: 2, reason: "" })).toMatchObject({ level: 2, previous: 3 });
    expect(await setLevel(await tenant.person("operator"), { agent: HANDLE, level: 1, reason: "" })).toMatchObject({
      level: 1,
    });
    await expect(setLevel(dri, { agent: HANDLE, level: 2, reason: "It behaved." })).rejects.toMatchObject({
      code: "forbidden",
    });
    const before = await epochOf(admin);
    const up = { agent: HANDLE, level: 2, reason: "It behaved." } as const;
    const waits = { status: "needs_second_person", level: 1, proposed: 2 };
    expect(await setLevel(admin, up)).toMatchObject(waits);
    expect(await setLevel(admin, up)).toMatchObject(waits);
    expect(await setLevel(await tenant.person("policy_admin"), up)).toMatchObject({
      status: "in_force",
      level: 2,
      previous: 1,
    });
    expect(await epochOf(admin)).toBeGreaterThan(before);
    const entries = (await listEntries(admin, { kind: "agent.level", limit: 5 })).items;
    expect(entries.map((entry) => entry.body["details"])).toMatchObject([
      { from: 1, to: 2, reason: "It behaved.", proposed_by: admin.actor.memberId },
      { from: 2, to: 1 },
      { from: 3, to: 2 },
    ]);
  });
});

describe("keys", () => {
  test("are made beside the old one and revoked one by one, at once", async () => {
    const tenant = await givenTenant();
    const { admin, dri, key } = await givenAgent(tenant);
    const second = await createCredential(dri, { agent: HANDLE, days: 30 });
    expect(await findCredentialHolder(hashSecret(key))).not.toBeNull();
    expect(await findCredentialHolder(hashSecret(second.key))).not.toBeNull();

    const first = (await showAgent(admin, HANDLE)).credentials.find(
      (credential) => credential.id !== second.credential_id,
    );
    await revokeCredential(dri, { agent: HANDLE, credential_id: first?.id ?? "" });
    expect(await findCredentialHolder(hashSecret(key))).toBeNull();
    expect(await findCredentialHolder(hashSecret(second.key))).not.toBeNull();
    await expect(revokeCredential(admin, { agent: HANDLE, credential_id: first?.id ?? "" })).rejects.toMatchObject({
      code: "not_found",
    });
    const kinds = (await listEntries(admin, { limit: 10 })).items.map((entry) => entry.kind);
    expect(kinds).toEqual(expect.arrayContaining(["credential.create", "credential.revoke"]));
  });

  test("of one agent cannot be revoked by way of another, nor made without the right", async () => {
    const tenant = await givenTenant();
    const { admin, dri } = await givenAgent(tenant);
    await registerAgent(admin, input(dri.email, { id: "other", manifest: undefined }));
    const [credential] = (await showAgent(admin, HANDLE)).credentials;
    await expect(
      revokeCredential(admin, { agent: "other", credential_id: credential?.id ?? "" }),
    ).rejects.toMatchObject({ code: "not_found" });
    await expect(createCredential(await tenant.person("operator"), { agent: HANDLE, days: 90 })).rejects.toMatchObject({
      code: "forbidden",
    });
    for (let made = 1; made < 5; made += 1) await createCredential(admin, { agent: HANDLE, days: 90 });
    await expect(createCredential(admin, { agent: HANDLE, days: 90 })).rejects.toMatchObject({
      reason: "too_many_keys",
    });
  });
});
