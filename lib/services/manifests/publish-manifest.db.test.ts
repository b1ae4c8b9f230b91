import { describe, expect, test } from "vitest";

import { RegisterAgentInput } from "@/lib/core/agents/schema";
import { EXAMPLE_MANIFEST } from "@/lib/core/manifests/example";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { registerAgent } from "../agents/register-agent";
import { showAgent } from "../agents/show-agent";
import { updateAgent } from "../agents/update-agent";
import { listEntries } from "../ledger/list-entries";
import { checkManifest } from "./check-manifest";
import { confirmManifest } from "./confirm-manifest";
import { listVersions } from "./list-versions";
import { publishManifest } from "./publish-manifest";
import { rejectManifest } from "./reject-manifest";
import { showManifest } from "./show-manifest";

const AGENT = "customer-support-agent-v3";
const NARROWER = EXAMPLE_MANIFEST.replace("max_steps: 20", "max_steps: 10");
const WIDER = EXAMPLE_MANIFEST.replace("max_steps: 20", "max_steps: 200");
const SAME = `# a comment\n${EXAMPLE_MANIFEST}`;

async function given(tenant: Tenant): Promise<{ author: Person; second: Person }> {
  const [author, second] = [await tenant.person("policy_admin"), await tenant.person("policy_admin")];
  const agent = {
    id: AGENT,
    task: "Answer tickets.",
    dri: author.email,
    environment: "production",
    level: 2,
    manifest: EXAMPLE_MANIFEST,
  };
  await registerAgent(author, RegisterAgentInput.parse(agent));
  return { author, second };
}

const states = async (person: Person) =>
  (await listVersions(person, AGENT)).items.map(({ version, state, change }) => [version, state, change]);

describe("publishManifest", () => {
  test("puts what narrows or says the same in force at once", async () => {
    const tenant = await givenTenant();
    const { author } = await given(tenant);
    expect(await publishManifest(author, { agent: AGENT, manifest: NARROWER, publish: true })).toMatchObject({
      status: "published",
      version: 2,
      change: "narrowing",
    });
    expect(
      await publishManifest(author, { agent: AGENT, manifest: `${NARROWER}\n# more words`, publish: true }),
    ).toMatchObject({ status: "published", version: 3, change: "neutral" });
    expect(await states(author)).toEqual([
      [3, "published", "neutral"],
      [2, "superseded", "narrowing"],
      [1, "superseded", "first"],
    ]);
    expect(await showAgent(author, AGENT)).toMatchObject({ manifest_version: 3 });
    expect((await showManifest(author, { agent: AGENT })).text).toContain("# more words");
  });

  test("holds what widens until a second person publishes it", async () => {
    const tenant = await givenTenant();
    const { author, second } = await given(tenant);
    const answer = await publishManifest(author, { agent: AGENT, manifest: WIDER, publish: true });
    expect(answer).toMatchObject({ status: "needs_second_person", version: 2, change: "widening" });
    expect(answer.changes).toMatchObject([{ kind: "widening", path: "/execution/max_steps" }]);
    expect(await showAgent(author, AGENT)).toMatchObject({ manifest_version: 1, pending_version: 2 });

    await expect(confirmManifest(author, { agent: AGENT, version: 2 })).rejects.toMatchObject({
      code: "conflict",
      reason: "needs_second_person",
    });
    await expect(confirmManifest(await tenant.person("operator"), { agent: AGENT, version: 2 })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await confirmManifest(second, { agent: AGENT, version: 2 })).toMatchObject({
      status: "published",
      change: "widening",
    });
    expect(await showAgent(author, AGENT)).toMatchObject({ manifest_version: 2, pending_version: null });
    await expect(confirmManifest(second, { agent: AGENT, version: 2 })).rejects.toMatchObject({
      reason: "not_pending",
    });

    const published = (await listEntries(author, { kind: "manifest.publish", limit: 1 })).items[0]?.body;
    expect(published).toMatchObject({
      actor: { id: second.actor.memberId },
      details: { version: 2, previous: 1, change: "widening", proposed_by: author.actor.memberId, hash: answer.hash },
    });
  });

  test("of two people at once puts a widening in force once", async () => {
    const tenant = await givenTenant();
    const { author, second } = await given(tenant);
    await publishManifest(author, { agent: AGENT, manifest: WIDER, publish: true });
    const third = await tenant.person("policy_admin");
    const answers = await Promise.allSettled(
      [second, third, second, third].map((person) => confirmManifest(person, { agent: AGENT, version: 2 })),
    );
    expect(answers.filter((answer) => answer.status === "fulfilled")).toHaveLength(1);
    expect((await listEntries(author, { kind: "manifest.publish", limit: 10 })).items).toHaveLength(2);
  });

  test("stores a proposal without putting it in force, which its author may do when it widens nothing", async () => {
    const { author } = await given(await givenTenant());
    expect(await publishManifest(author, { agent: AGENT, manifest: SAME, publish: false })).toMatchObject({
      status: "pending",
      change: "neutral",
    });
    expect(await confirmManifest(author, { agent: AGENT, version: 2 })).toMatchObject({
      status: "published",
      change: "neutral",
    });
  });

  test("judges a proposal by the manifest in force when it is confirmed, not when it was written", async () => {
    const { author, second } = await given(await givenTenant());
    await publishManifest(author, { agent: AGENT, manifest: SAME, publish: false });
    await publishManifest(author, { agent: AGENT, manifest: NARROWER, publish: true });
    await expect(confirmManifest(author, { agent: AGENT, version: 2 })).rejects.toMatchObject({ reason: "base_moved" });
    await expect(confirmManifest(second, { agent: AGENT, version: 2 })).rejects.toMatchObject({ reason: "base_moved" });
  });

  test("can be rejected, by its author too, and is then gone", async () => {
    const { author, second } = await given(await givenTenant());
    await publishManifest(author, { agent: AGENT, manifest: WIDER, publish: true });
    expect(await rejectManifest(author, { agent: AGENT, version: 2 })).toMatchObject({ status: "rejected" });
    await expect(confirmManifest(second, { agent: AGENT, version: 2 })).rejects.toMatchObject({
      reason: "not_pending",
    });
    await expect(rejectManifest(second, { agent: AGENT, version: 1 })).rejects.toMatchObject({ code: "conflict" });
    expect(await publishManifest(author, { agent: AGENT, manifest: NARROWER, publish: true })).toMatchObject({
      version: 3,
    });
  });

  test("refuses faults with their lines and leaves everything as it was", async () => {
    const { author } = await given(await givenTenant());
    const attempt = publishManifest(author, {
      agent: AGENT,
      manifest: `${EXAMPLE_MANIFEST}  max_stepz: 3\n`,
      publish: true,
    });
    await expect(attempt).rejects.toMatchObject({
      code: "unprocessable",
      faults: [{ code: "unknown_key", path: "/execution/max_stepz", line: 24 }],
    });
    expect(await states(author)).toEqual([[1, "published", "first"]]);
  });

  test("refuses a manifest whose own pinned case fails, naming it", async () => {
    const { author } = await given(await givenTenant());
    const pinned = (expected: string) =>
      `${NARROWER}tests:\n  - name: deleting stays forbidden\n    call: { tool: delete_customer_record, args: { id: C-1 } }\n    expect: ${expected}\n`;
    await expect(
      publishManifest(author, { agent: AGENT, manifest: pinned("allow"), publish: true }),
    ).rejects.toMatchObject({
      faults: [
        {
          code: "failing_test",
          path: "/tests/0",
          line: 25,
          message: expect.stringContaining("deleting stays forbidden"),
        },
      ],
    });
    expect(await publishManifest(author, { agent: AGENT, manifest: pinned("deny"), publish: true })).toMatchObject({
      status: "published",
    });
  });

  test("brings a draft to life, and nothing to a retired agent", async () => {
    const tenant = await givenTenant();
    const author = await tenant.person("policy_admin");
    const draft = { id: AGENT, task: "Answer.", dri: author.email, environment: "staging", level: 1 };
    await registerAgent(author, RegisterAgentInput.parse(draft));
    expect(await publishManifest(author, { agent: AGENT, manifest: EXAMPLE_MANIFEST, publish: true })).toMatchObject({
      status: "published",
      version: 1,
      change: "first",
    });
    expect(await showAgent(author, AGENT)).toMatchObject({ status: "active" });
    await updateAgent(author, { agent: AGENT, status: "retired" });
    await expect(publishManifest(author, { agent: AGENT, manifest: NARROWER, publish: true })).rejects.toMatchObject({
      reason: "retired",
    });
  });

  test("stays in its workspace", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    await given(here);
    const stranger = await there.person("admin");
    const attempts = [
      publishManifest(stranger, { agent: AGENT, manifest: NARROWER, publish: true }),
      confirmManifest(stranger, { agent: AGENT, version: 1 }),
      rejectManifest(stranger, { agent: AGENT, version: 1 }),
      showManifest(stranger, { agent: AGENT }),
      listVersions(stranger, AGENT),
    ];
    await Promise.all(attempts.map((attempt) => expect(attempt).rejects.toMatchObject({ code: "not_found" })));
  });
});

describe("checkManifest", () => {
  test("says what publishing would meet and stores nothing", async () => {
    const { author } = await given(await givenTenant());
    const fine = await checkManifest(author, { agent: AGENT, manifest: WIDER });
    expect(fine).toMatchObject({ ok: true, change: "widening", changes: [{ kind: "widening" }] });
    expect(fine.unknown_tools).toEqual(["read_customer_record", "update_ticket_status", "send_customer_email"]);
    const broken = await checkManifest(author, { agent: AGENT, manifest: "agent: {id: a\ntools: [" });
    expect(broken).toMatchObject({ ok: false, hash: null, change: null });
    expect(broken.notes[0]).toMatchObject({ severity: "error", line: expect.any(Number) });
    expect(await states(author)).toHaveLength(1);
  });

  test("is open to viewers and to agents that are not registered yet", async () => {
    const tenant = await givenTenant();
    const viewer = await tenant.person("viewer");
    expect(await checkManifest(viewer, { agent: "", manifest: EXAMPLE_MANIFEST })).toMatchObject({
      ok: true,
      change: "first",
    });
    expect(await checkManifest(viewer, { agent: "someone-else", manifest: EXAMPLE_MANIFEST })).toMatchObject({
      ok: false,
    });
  });
});
