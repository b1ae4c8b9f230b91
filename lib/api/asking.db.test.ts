import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

import { type AskingWorld, codeOf, EMAIL, emailTo, givenAsking } from "@/lib/testing/asking";
import { connectOwner } from "@/lib/testing/owner";
import { type Replicas, startReplicas } from "@/lib/testing/replicas";

let replicas: Replicas;
const owner = await connectOwner();

beforeAll(async () => {
  replicas = await startReplicas(2);
}, 60_000);
afterAll(async () => {
  await replicas.stop();
  await owner.end();
});

const effect = (after: string, more: object = {}) => ({ effect: { kind: "text", before: "", after, ...more } });
const on = (digest: string) => ({ base: { digest } });

/** Moves what was decided into the past. */
async function settledAgo(id: string, minutes: number): Promise<void> {
  const text = "UPDATE approvals SET settled_at = settled_at - make_interval(mins => $2) WHERE id = $1";
  await owner.query(text, [id, minutes]);
}

const Count = z.object({ n: z.int() });
async function count(text: string, ...values: unknown[]): Promise<number> {
  return Count.parse((await owner.query(`SELECT count(*)::int AS n FROM ${text}`, values)).rows[0]).n;
}

describe("a repeat of what a person refused", () => {
  test("is denied at once for an hour, in any session, with the reason and no name", async () => {
    const world = await givenAsking(replicas.urls);
    const id = await world.ask();
    expect(await world.vote(id, "return", "Write to the account holder.")).toMatchObject({ status: 200 });

    const again = await world.decide({ ...EMAIL, session_id: "another" });
    expect(again).toMatchObject({ verdict: "deny", rule: "requests.repeat_of_denied", approval: null });
    expect(codeOf(again)).toBe("repeat_of_denied");
    expect(again.reasons[0]?.message).toMatch(
      /^A person returned this call at \d\d:\d\d UTC\. Their note: Write to the account holder\. It is refused without asking again until \d\d:\d\d UTC/,
    );
    expect(again.reasons[0]?.message).not.toContain("Reviewer");
    expect(again.reasons[0]?.retry_after_seconds).toBeGreaterThan(3_500);
    // The reason it would have been asked for is kept beside it.
    expect(again.reasons.map(({ code }) => code)).toContain("requires_approval");
    expect(await count("approvals WHERE workspace_id = $1", world.workspaceId)).toBe(1);

    // The order of keys is no difference; another value is.
    const reordered = { tool: EMAIL.tool, args: { template: "refund", to: "a@example.com" } };
    expect(codeOf(await world.decide(reordered))).toBe("repeat_of_denied");
    expect((await world.decide(emailTo("b@example.com"))).verdict).toBe("require_approval");
    expect(await world.violations()).toEqual([]);
  });

  test("is asked again when the hour is over, when the definition changed, or when the workspace says 0", async () => {
    const world = await givenAsking(replicas.urls);
    const id = await world.ask();
    await world.vote(id, "deny", "No.");
    await settledAgo(id, 59);
    expect(codeOf(await world.decide(EMAIL))).toBe("repeat_of_denied");
    await settledAgo(id, 1);
    const second = await world.ask();
    await world.vote(second, "deny", "No.");
    expect(codeOf(await world.decide(EMAIL))).toBe("repeat_of_denied");

    expect((await world.settings({ repeat_minutes: 0 })).status).toBe(200);
    const third = await world.ask();
    await world.vote(third, "deny", "No.");
    expect((await world.settings({ repeat_minutes: 5 })).status).toBe(200);
    expect(codeOf(await world.decide(EMAIL))).toBe("repeat_of_denied");
    await world.register({ description: "Sends one letter." });
    expect((await world.decide(EMAIL)).verdict).toBe("require_approval");
    expect(await world.violations()).toEqual([]);
  });

  test("keeps its own reason where it names an approval", async () => {
    const world = await givenAsking(replicas.urls);
    const id = await world.ask();
    await world.vote(id, "deny", "No.");
    expect(codeOf(await world.decide({ ...EMAIL, approval_id: id }))).toBe("approval_denied");
  });
});

describe("more requests than people can answer", () => {
  test("T15 of a thousand requests on two replicas at most as many wait as may, and the agent is paused", {
    timeout: 90_000,
  }, async () => {
    const world = await givenAsking(replicas.urls);
    const answers = [];
    for (let round = 0; round < 5; round += 1) {
      const calls = Array.from({ length: 200 }, (_, index) => emailTo(`${round}-${index}@example.com`));
      answers.push(...(await Promise.all(calls.map((call) => world.decide(call)))));
    }
    const asked = answers.filter(({ verdict }) => verdict === "require_approval");
    const codes = answers.filter(({ verdict }) => verdict === "deny").map(codeOf);
    expect(asked).toHaveLength(10);
    expect(codes).toHaveLength(990);
    // Ten more than may wait are a flood: from then on nothing is asked at all.
    expect(codes.filter((code) => code === "approval_backlog")).toHaveLength(10);
    expect(codes.filter((code) => code === "approval_paused")).toHaveLength(980);
    expect(await count("approvals WHERE workspace_id = $1", world.workspaceId)).toBe(10);
    const floods = await world.raw("/api/v1/floods", world.reviewer);
    expect(floods.body["items"]).toMatchObject([{ agent: world.handle, waiting: 10, refused: 990 }]);
    expect(await world.violations()).toEqual([]);
  });

  test("twenty-five is the most a workspace may let wait, exactly, also of two hundred at once", async () => {
    const world = await givenAsking(replicas.urls);
    expect((await world.settings({ pending_cap: 26 })).status).toBe(400);
    expect((await world.settings({ pending_cap: 25 })).status).toBe(200);
    // Each is asked twice: an equal request joins the one that waits and takes no room.
    const calls = Array.from({ length: 200 }, (_, index) => emailTo(`${index % 100}@example.com`));
    await Promise.all(calls.map((call) => world.decide(call)));
    expect(await count("approvals WHERE workspace_id = $1 AND state = 'waiting'", world.workspaceId)).toBe(25);
    expect(await world.violations()).toEqual([]);
  });

  test("a paused agent asks for nothing until a person lets it, which the ledger keeps", async () => {
    const world = await givenAsking(replicas.urls);
    await world.settings({ pending_cap: 2 });
    const [first] = [await world.ask(emailTo("1@x")), await world.ask(emailTo("2@x"))];
    expect(codeOf(await world.decide(emailTo("3@x")))).toBe("approval_backlog");
    expect((await world.decide(emailTo("1@x"))).approval?.id).toBe(first);
    expect(codeOf(await world.decide(emailTo("4@x")))).toBe("approval_backlog");
    const paused = await world.decide(emailTo("1@x"));
    expect(codeOf(paused)).toBe("approval_paused");
    expect(paused.reasons[0]?.retry_after_seconds).toBeGreaterThan(1_700);
    // What needs no person goes on.
    expect((await world.decide({ tool: "read_customer_record", args: { customer_id: "C-1" } })).verdict).toBe("allow");

    const lift = () => world.raw(`/api/v1/floods/${world.handle}`, world.reviewer, undefined, { method: "DELETE" });
    expect(await lift()).toMatchObject({ status: 200 });
    expect(await lift()).toMatchObject({ status: 409, body: { code: "not_paused" } });
    expect(codeOf(await world.decide(emailTo("5@x")))).toBe("approval_backlog");
    await world.vote(first, "deny", "No.");
    expect((await world.decide(emailTo("5@x"))).verdict).toBe("require_approval");
    const kinds = "ledger_entries WHERE workspace_id = $1 AND kind IN ('agent.asking_paused', 'agent.asking_resumed')";
    expect(await count(kinds, world.workspaceId)).toBe(2);
    expect(await world.violations()).toEqual([]);
  });

  test("a pause is over by itself after half an hour", async () => {
    const world = await givenAsking(replicas.urls);
    await world.settings({ pending_cap: 1 });
    await world.ask(emailTo("1@x"));
    expect(codeOf(await world.decide(emailTo("2@x")))).toBe("approval_backlog");
    expect(codeOf(await world.decide(emailTo("1@x")))).toBe("approval_paused");
    await owner.query("UPDATE floods SET paused_until = clock_timestamp() WHERE workspace_id = $1", [
      world.workspaceId,
    ]);
    expect((await world.decide(emailTo("1@x"))).verdict).toBe("require_approval");
    expect((await world.raw("/api/v1/floods", world.admin)).body["items"]).toEqual([]);
  });
});

describe("the same action with another effect", () => {
  test("takes the place of the one that waits, whose reviewers are told", async () => {
    const world = await givenAsking(replicas.urls);
    const first = await world.ask({ ...EMAIL, ...effect("Dear Ada") });
    // The same again joins: another run, other words about why.
    const same = { ...EMAIL, ...effect("Dear Ada"), run_id: "r2", rationale: { goal: "please" } };
    expect(await world.ask(same)).toBe(first);
    const shown = await world.raw(`/api/v1/approvals/${first}`, world.reviewer);

    const second = await world.ask({ ...EMAIL, ...effect("Dear Bob") });
    expect(second).not.toBe(first);
    expect((await world.poll(first)).body).toMatchObject({ state: "superseded", superseded_by: second });
    expect((await world.poll(second)).body).toMatchObject({ state: "waiting", superseded_by: null });
    const vote = { verdict: "approve", display_digest: shown.body["display_digest"], note: "Read it all." };
    const late = await world.raw(`/api/v1/approvals/${first}/votes`, world.reviewer, vote);
    expect(late).toMatchObject({ status: 409, body: { code: "stale_view" } });
    const old = await world.decide({ ...EMAIL, ...effect("Dear Ada"), approval_id: first });
    expect(codeOf(old)).toBe("approval_superseded");
    const said = "ledger_entries WHERE workspace_id = $1 AND kind = 'approval.supersede'";
    expect(await count(said, world.workspaceId)).toBe(1);
    expect(await world.violations()).toEqual([]);
  });

  test("no race with a vote leaves two outcomes: the vote counts or the request is superseded", {
    timeout: 60_000,
  }, async () => {
    const world = await givenAsking(replicas.urls);
    const seen = new Set<string>();
    for (let round = 0; round < 40; round += 1) {
      const call = emailTo(`${round}@example.com`);
      const first = await world.ask({ ...call, ...effect("one") });
      const shown = await world.raw(`/api/v1/approvals/${first}`, world.reviewer);
      const vote = { verdict: "approve", display_digest: shown.body["display_digest"], note: "Read it all." };
      const [voted, asked] = await Promise.all([
        sleep(round % 8).then(() => world.raw(`/api/v1/approvals/${first}/votes`, world.reviewer, vote)),
        sleep((round * 3) % 8).then(() => world.ask({ ...call, ...effect("two") })),
      ]);
      const { body } = await world.poll(first);
      const outcome = `${voted.status} ${String(body["state"])} ${body["superseded_by"] === asked}`;
      expect(["200 approved false", "409 superseded true"]).toContain(outcome);
      seen.add(outcome);
      expect(asked).not.toBe(first);
      await world.vote(asked, "deny", "Enough.");
    }
    expect(seen.size).toBe(2);
    expect(await world.violations()).toEqual([]);
  });

  test("a riskier band takes its place too, a milder one joins", async () => {
    const world = await givenAsking(replicas.urls);
    const first = await world.ask();
    await owner.query("UPDATE approvals SET band = 'critical' WHERE id = $1", [first]);
    expect(await world.ask()).toBe(first);
    await owner.query("UPDATE approvals SET band = 'low' WHERE id = $1", [first]);
    expect(await world.ask()).not.toBe(first);
  });
});

describe("data that changed since it was approved", () => {
  test("is not acted on: the approval stays unused and says so, until it is asked again", async () => {
    const world = await givenAsking(replicas.urls);
    const call = { ...EMAIL, ...effect("Dear Ada", on("v1")) };
    const id = await world.ask(call);
    await world.vote(id, "approve");
    const moved = await world.decide({ ...EMAIL, ...effect("Dear Ada", on("v2")), approval_id: id });
    expect(moved).toMatchObject({ verdict: "deny", rule: "approval", reasons: [{ code: "approval_base_moved" }] });
    const silent = await world.decide({ ...EMAIL, approval_id: id });
    expect(codeOf(silent)).toBe("approval_base_moved");
    const { body } = await world.poll(id);
    expect(body).toMatchObject({ state: "approved", consumed_by: null });
    expect(body["base_moved_at"]).toEqual(expect.any(String));

    const next = await world.ask({ ...EMAIL, ...effect("Dear Ada", on("v2")) });
    expect((await world.poll(id)).body).toMatchObject({ state: "superseded", superseded_by: next });
    await world.vote(next, "approve");
    const used = await world.decide({ ...EMAIL, ...effect("Dear Ada", on("v2")), approval_id: next });
    expect(used.verdict).toBe("allow");
    expect(await world.violations()).toEqual([]);
  });

  test("the same state of the data is enough, whatever else the effect says; no state was asked for none", async () => {
    const world = await givenAsking(replicas.urls);
    const id = await world.ask({ ...EMAIL, ...effect("Dear Ada", on("v1")) });
    await world.vote(id, "approve");
    const used = await world.decide({ ...EMAIL, ...effect("later", on("v1")), approval_id: id });
    expect(used.verdict).toBe("allow");
    const plain = await world.ask(emailTo("b@example.com"));
    await world.vote(plain, "approve");
    expect((await world.decide({ ...emailTo("b@example.com"), approval_id: plain })).verdict).toBe("allow");
  });

  test("a person can ask for the dry run again, and the agent hears it while it waits", async () => {
    const world = await givenAsking(replicas.urls);
    const id = await world.ask({ ...EMAIL, ...effect("Dear Ada", on("v1")) });
    const waiting = world.poll(id, 20);
    await sleep(200);
    const rerun = (which: string) => world.raw(`/api/v1/approvals/${which}/rerun`, world.reviewer, {});
    expect(await rerun(id)).toMatchObject({ status: 200 });
    const { body } = await waiting;
    expect(body).toMatchObject({ state: "waiting", rerun_requested_at: expect.any(String) });
    const next = await world.ask({ ...EMAIL, ...effect("Dear Ada", on("v2")) });
    expect((await world.poll(id)).body).toMatchObject({ state: "superseded", superseded_by: next });
    expect(await rerun(id)).toMatchObject({ status: 409, body: { code: "already_decided" } });
    const plain = await world.ask(emailTo("b@example.com"));
    expect(await rerun(plain)).toMatchObject({ status: 409, body: { code: "no_base" } });
  });
});

test("the desk's line about variations counts what was asked within the hour", async () => {
  const { findAskedLately } = await import("@/lib/data/floods");
  const { workspaceDb } = await import("@/lib/data/db");
  const { WorkspaceId } = await import("@/lib/core/shared/brand");
  const world: AskingWorld = await givenAsking(replicas.urls);
  const ids: string[] = [];
  for (const to of ["1@x", "2@x", "3@x"]) ids.push(await world.ask(emailTo(to)));
  for (const id of ids.slice(0, 2)) await world.vote(id, "deny", "No.");
  const workspaceId = WorkspaceId.parse(world.workspaceId);
  const lately = () => findAskedLately(workspaceDb(workspaceId), workspaceId, ids[2] ?? "");
  expect(await lately()).toEqual({ asked: 3, denied: 2 });
  await owner.query("UPDATE approvals SET created_at = created_at - interval '61 minutes' WHERE id = $1", [ids[0]]);
  expect(await lately()).toEqual({ asked: 2, denied: 1 });
});
