import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type AskingWorld, codeOf, EMAIL, emailTo, givenAsking } from "@/lib/testing/asking";
import { supportManifest } from "@/lib/testing/client";
import { connectOwner } from "@/lib/testing/owner";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

// What an agent may try with an approval it has, by the numbers of the safety plan. T04 stands with the other races.

let replicas: Replicas;
const owner = await connectOwner();

beforeAll(async () => {
  replicas = await startReplicas(2);
}, 60_000);
afterAll(async () => {
  await replicas.stop();
  await owner.end();
});

const stateOf = async (world: AskingWorld, id: string) => (await world.poll(id)).body["state"];

async function approved(world: AskingWorld, call: object = EMAIL): Promise<string> {
  const id = await world.ask(call);
  expect((await world.vote(id, "approve")).body).toMatchObject({ state: "approved" });
  return id;
}

/** Lets the time of a request be up in so many milliseconds, by the database's clock. */
async function expiresIn(id: string, ms: number): Promise<void> {
  for (const table of [
    "approvals SET expires_at = $2 WHERE id = $1",
    "grants SET expires_at = $2 WHERE approval_id = $1",
  ])
    await owner.query(`UPDATE ${table.replace("$2", "clock_timestamp() + $2 * interval '1 ms'")}`, [id, ms]);
}

describe("an approval is good for one thing", () => {
  test("T01 approved for A, used for B: refused, not used up; A then runs once", async () => {
    const world = await givenAsking(replicas.urls);
    const id = await approved(world);
    for (const other of [
      emailTo("b@example.com"),
      { ...EMAIL, args: { ...EMAIL.args, cc: "b@example.com" } },
      { ...EMAIL, args: { to: EMAIL.args.to } },
      { ...EMAIL, session_id: "another" },
    ]) {
      const used = await world.decide({ ...other, approval_id: id });
      expect(used).toMatchObject({ verdict: "deny", reasons: [{ code: "approval_action_mismatch" }] });
    }
    expect(await stateOf(world, id)).toBe("approved");
    expect((await world.decide({ ...EMAIL, approval_id: id })).verdict).toBe("allow");
    expect(await stateOf(world, id)).toBe("consumed");
    expect(await world.violations()).toEqual([]);
  });

  test("T01 edited arguments are a call of their own, which people see as it is", async () => {
    const world = await givenAsking(replicas.urls);
    const first = await world.ask(emailTo("a@example.com"));
    const edited = await world.ask(emailTo("b@example.com"));
    expect(edited).not.toBe(first);
    const shown = await world.raw(`/api/v1/approvals/${edited}`, world.reviewer);
    expect(shown.body).toMatchObject({ state: "waiting", display: { args: { to: "b@example.com" } } });
    expect(await stateOf(world, first)).toBe("waiting");
  });

  test("T02 the same arguments in another order and notation are the same action and run once", async () => {
    const world = await givenAsking(replicas.urls);
    const body = (args: string, more = "") =>
      `{"session_id":"s","run_id":"r","tool":"send_customer_email","args":${args}${more}}`;
    const ask = (text: string) => world.raw("/api/v1/decisions", world.key, text);
    const asked = await ask(body('{"a":1,"b":2,"to":"é"}'));
    const { id } = asked.body["approval"] as unknown as { id: string };
    await world.vote(id, "approve");
    const used = await ask(body('{ "to" : "\\u00e9", "b":2.0, "a": 1e0 }', `,"approval_id":"${id}"`));
    expect(used.body).toMatchObject({ verdict: "allow", action_digest: asked.body["action_digest"] });
    expect(await stateOf(world, id)).toBe("consumed");
    expect(await world.violations()).toEqual([]);
  });

  test("T03 a used approval is refused to every later call", async () => {
    const world = await givenAsking(replicas.urls);
    const id = await approved(world);
    expect((await world.decide({ ...EMAIL, call_id: "c-1", approval_id: id })).verdict).toBe("allow");
    for (const call_id of ["c-1", "c-2"]) {
      const again = await world.decide({ ...EMAIL, call_id, approval_id: id });
      expect(again).toMatchObject({ verdict: "deny", reasons: [{ code: "approval_consumed" }] });
    }
    expect(await world.violations()).toEqual([]);
  });
});

describe("an approval is good for its time", () => {
  test("T05 after its time it is refused, whether or not a job has been there", async () => {
    const world = await givenAsking(replicas.urls);
    const id = await approved(world);
    await expiresIn(id, 150);
    await sleep(200);
    expect(codeOf(await world.decide({ ...EMAIL, approval_id: id }))).toBe("approval_expired");
    expect(await stateOf(world, id)).toBe("expired");
    expect(await world.violations()).toEqual([]);
  });

  test("T05 a call that began in time and got the row after it is refused: the clock is read when it is used", async () => {
    const world = await givenAsking(replicas.urls);
    const id = await approved(world);
    const blocker = await connectOwner();
    try {
      await expiresIn(id, 350);
      await blocker.query("BEGIN");
      await blocker.query("SELECT id FROM approvals WHERE id = $1 FOR UPDATE", [id]);
      const call = world.decide({ ...EMAIL, approval_id: id });
      await sleep(600);
      await blocker.query("COMMIT");
      expect(codeOf(await call)).toBe("approval_expired");
    } finally {
      await blocker.end();
    }
  });

  test("T13 when the time is up nothing has been allowed, and no word of any manifest or table can make it so", async () => {
    const world = await givenAsking(replicas.urls, {
      manifest: (handle) =>
        supportManifest(handle).replace("auto_deny_on_timeout: true", "auto_deny_on_timeout: false"),
    });
    const id = await world.ask();
    const waiting = world.poll(id, 10);
    await expiresIn(id, 300);
    // Whoever waits hears of it in time, without a job and without an event.
    expect((await waiting).body).toMatchObject({ state: "expired", note: null, consumed_by: null });
    expect(codeOf(await world.decide({ ...EMAIL, approval_id: id }))).toBe("approval_expired");
    const { rows } = await owner.query("SELECT count(*)::int AS n FROM executions WHERE workspace_id = $1", [
      world.workspaceId,
    ]);
    expect(rows).toEqual([{ n: 0 }]);

    const schema = readdirSync("prisma/migrations", { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => readFileSync(`prisma/migrations/${name}/migration.sql`, "utf8"))
      .join("\n");
    const words = `${schema}\n${readFileSync("lib/core/manifests/schema.ts", "utf8")}`;
    expect(words).toContain("auto_deny_on_timeout");
    expect(words).not.toMatch(/auto_?(approve|allow)|allow_on_timeout|default_verdict/i);
    expect(await world.violations()).toEqual([]);
  });
});

describe("an approval is good under what it was given under", () => {
  const publish = (world: AskingWorld, more: string) =>
    world.raw(`/api/v1/agents/${world.handle}/manifests?publish=true`, world.admin, {
      manifest: supportManifest(world.handle, more),
    });

  test.each([
    [
      "the manifest",
      "approval_action_mismatch",
      (world: AskingWorld) => publish(world, "execution: { max_steps: 99 }\n"),
    ],
    ["the tool", "approval_action_mismatch", (world: AskingWorld) => world.register({ description: "Changed." })],
    [
      "the guardrail",
      "approval_superseded",
      (world: AskingWorld) =>
        world.raw("/api/v1/guardrails?publish=true", world.admin, "approval: {quorum: 2}", {
          headers: { "content-type": "application/yaml" },
        }),
    ],
  ])("T11 %s changed since: refused, and people are asked anew", async (_what, code, change) => {
    const world = await givenAsking(replicas.urls);
    const [id, waiting] = [await approved(world), await world.ask(emailTo("b@example.com"))];
    const poll = world.poll(waiting, 20);
    expect((await change(world)).status).toBeLessThan(300);
    expect((await poll).body).toMatchObject({ state: "superseded", superseded_by: null });
    expect(codeOf(await world.decide({ ...EMAIL, approval_id: id }))).toBe(code);
    expect(await stateOf(world, id)).toBe("superseded");
    const late = await world.vote(waiting, "approve");
    expect(late).toMatchObject({ status: 409, body: { code: "stale_view" } });
    expect(await world.ask()).not.toBe(id);
    expect(await world.violations()).toEqual([]);
  });

  test("T12 no manifest may ask nobody, and where nobody is left to ask nothing is allowed", async () => {
    const world = await givenAsking(replicas.urls, {
      manifest: (handle) => supportManifest(handle, 'approval: { approver_role: "operator" }\n'),
    });
    for (const terms of ["quorum: 0", "quorum: -1", 'approver_role: ""', 'approver_role: "nobody"']) {
      const answer = await publish(world, `approval: { ${terms} }\n`);
      expect([terms, answer.status]).toEqual([terms, 422]);
    }
    const id = await world.ask();
    expect(await world.vote(id, "approve")).toMatchObject({ status: 403, body: { code: "role_missing" } });
    expect(await stateOf(world, id)).toBe("waiting");
    expect(codeOf(await world.decide({ ...EMAIL, approval_id: id }))).toBe("approval_waiting");
    expect(await world.violations()).toEqual([]);
  });
});

describe("an approval is for one action", () => {
  test("T16 a vote names one request and what was shown of it; nothing takes an approval of several", async () => {
    const world = await givenAsking(replicas.urls);
    const [one, two] = [await world.ask(emailTo("1@x")), await world.ask(emailTo("2@x"))];
    const digests = [];
    for (const id of [one, two])
      digests.push((await world.raw(`/api/v1/approvals/${id}`, world.reviewer)).body["display_digest"]);
    const votes = `/api/v1/approvals/${one}/votes`;
    const vote = { verdict: "approve", display_digest: digests[0], note: "Read the letter." };
    for (const body of [
      { ...vote, approval_id: two },
      { ...vote, approval_ids: [one, two] },
      { ...vote, display_digest: digests },
      [vote, { ...vote, display_digest: digests[1] }],
    ]) {
      expect((await world.raw(votes, world.reviewer, body)).status).toBe(400);
    }
    const other = await world.raw(votes, world.reviewer, { ...vote, display_digest: digests[1] });
    expect(other).toMatchObject({ status: 409, body: { code: "stale_view" } });
    const both = await world.raw(`/api/v1/approvals/${one},${two}/votes`, world.reviewer, vote);
    expect(both.status).toBe(400);
    expect([await stateOf(world, one), await stateOf(world, two)]).toEqual(["waiting", "waiting"]);

    const document = await world.raw("/api/openapi.json", world.reviewer);
    const voting = Object.keys(document.body["paths"] ?? {}).filter((path) => path.endsWith("/votes"));
    expect(voting).toEqual(["/api/v1/approvals/{id}/votes"]);
  });
});
