import { beforeAll, describe, expect, test } from "vitest";

import { transact } from "@/lib/data/db";
import { ask, type AskingAgent, givenAskingAgent } from "@/lib/testing/agent";
import { atScreen } from "@/lib/testing/review";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { changeSettings } from "../workspaces/change-settings";
import { announceApprovals } from "./announce-approvals";
import { castVote } from "./cast-vote";
import { readApproval } from "./read-approval";
import { undoVote } from "./undo-vote";

let tenant: Tenant;
let agent: AskingAgent;
let ada: Person;
let bob: Person;
let admin: Person;
let runs = 0;

beforeAll(async () => {
  tenant = await givenTenant();
  const author = await tenant.person("policy_admin", "admin");
  [ada, bob, admin] = [
    atScreen(await tenant.person("reviewer")),
    atScreen(await tenant.person("reviewer")),
    await tenant.person("admin"),
  ];
  await changeSettings(admin, { pending_cap: 25 });
  agent = await givenAskingAgent(tenant, {
    author,
    handle: "undoing",
    tools: [{ name: "tag_ticket", reversibility: "reversible", blast_radius: "none" }],
    manifest: `tools:
  allowed:
    - name: "tag_ticket"
      requires_approval: true
      approval_timeout_seconds: 300
execution:
  max_steps: 500
`,
  });
});

type Asked = { readonly id: string; readonly call: object; readonly digest: string };

/** A Low action that waits. */
async function asked(): Promise<Asked> {
  runs += 1;
  const call = { run_id: `r-${runs}`, session_id: `s-${runs}`, args: { n: runs } };
  const answer = await ask(agent, "tag_ticket", call);
  const id = answer.approval?.id ?? "";
  const { band, display_digest: digest } = await readApproval(agent, id);
  expect(band).toBe("low");
  return { id, call, digest };
}

const approve = (who: Person, on: Asked) =>
  castVote(who, { approval_id: on.id as never, verdict: "approve", display_digest: on.digest });
const use = (on: Asked) => ask(agent, "tag_ticket", { ...on.call, approval_id: on.id });
const deny = (on: Asked) => castVote(bob, { approval_id: on.id as never, verdict: "deny" });
const undo = (who: Person, on: Asked) => undoVote(who, { approval_id: on.id });
const sql = <T>(run: (tx: Parameters<Parameters<typeof transact>[1]>[0]) => Promise<T>) =>
  transact(tenant.system.db, run);
const usableIn = (on: Asked, ms: number) =>
  sql(
    (tx) =>
      tx.$executeRaw`UPDATE grants SET usable_at = clock_timestamp() + make_interval(secs => ${ms / 1000}) WHERE approval_id = ${on.id}::uuid`,
  );
const kindsOf = async (on: Asked) => {
  const rows = await sql(
    (tx) =>
      tx.$queryRaw<
        { kind: string }[]
      >`SELECT kind FROM ledger_entries WHERE body::jsonb -> 'details' ->> 'approval_id' = ${on.id} ORDER BY id`,
  );
  return rows.map(({ kind }) => kind);
};

describe("undo of a Low approval", () => {
  test("until the window is over the agent is told to wait, and a use is refused", async () => {
    const on = await asked();
    expect(await approve(ada, on)).toMatchObject({ state: "approved", undo_seconds: 5 });
    expect(await readApproval(agent, on.id)).toMatchObject({ state: "waiting", votes: null, settled_at: null });
    expect(await readApproval(ada, on.id)).toMatchObject({ state: "approved" });
    expect(await use(on)).toMatchObject({ verdict: "deny", reasons: [{ code: "approval_waiting" }] });
    await usableIn(on, -1);
    expect(await readApproval(agent, on.id)).toMatchObject({ state: "approved" });
    expect(await use(on)).toMatchObject({ verdict: "allow" });
    await expect(undo(ada, on)).rejects.toMatchObject({ code: "conflict", reason: "undo_over" });
  });

  test("what was taken back waits again, leaves both in the ledger, and can be approved anew", async () => {
    const on = await asked();
    await approve(ada, on);
    await expect(undo(bob, on)).rejects.toMatchObject({ reason: "undo_over" });
    expect(await undo(ada, on)).toEqual({ state: "waiting" });
    expect(await use(on)).toMatchObject({ verdict: "deny", reasons: [{ code: "approval_waiting" }] });
    await expect(undo(ada, on)).rejects.toMatchObject({ reason: "undo_over" });
    await approve(ada, on);
    await usableIn(on, -1);
    expect(await use(on)).toMatchObject({ verdict: "allow" });
    expect(await kindsOf(on)).toEqual([
      "approval.vote",
      "approval.settle",
      "approval.undo",
      "approval.vote",
      "approval.settle",
    ]);
    const votes = await sql((tx) => tx.vote.findMany({ where: { approvalId: on.id }, orderBy: { id: "asc" } }));
    expect(votes.map(({ undoneAt }) => undoneAt === null)).toEqual([false, true]);
  });

  test("after it is taken back a denial ends it, and nothing of the approval is left", async () => {
    const on = await asked();
    await approve(ada, on);
    await undo(ada, on);
    expect(await castVote(bob, { approval_id: on.id as never, verdict: "deny" })).toMatchObject({ state: "denied" });
    expect(await sql((tx) => tx.grant.count({ where: { approvalId: on.id } }))).toBe(0);
    expect(await use(on)).toMatchObject({ verdict: "deny", reasons: [{ code: "approval_denied" }] });
  });

  test("when the agent has asked for the same again meanwhile, that request waits and this one is over", async () => {
    const on = await asked();
    await approve(ada, on);
    const again = await ask(agent, "tag_ticket", on.call);
    expect(again.approval?.id).not.toBe(on.id);
    expect(await undo(ada, on)).toEqual({ state: "superseded" });
    expect(await use(on)).toMatchObject({ verdict: "deny" });
  });

  test("whoever waits is told when it stands, once, and not before", async () => {
    const on = await asked();
    const told = () =>
      sql((tx) =>
        tx.outboxEvent.count({
          where: { topic: "approval.settled", payload: { path: ["approval_id"], equals: on.id } },
        }),
      );
    await approve(ada, on);
    await announceApprovals(tenant.system);
    expect(await told()).toBe(0);
    await usableIn(on, -1);
    await announceApprovals(tenant.system);
    await announceApprovals(tenant.system);
    expect(await told()).toBe(1);
  });

  test("the workspace says how long, by token there is nobody to press a key", async () => {
    await changeSettings(admin, { undo_seconds: 0 });
    const at_once = await asked();
    expect(await approve(ada, at_once)).toMatchObject({ undo_seconds: 0 });
    expect(await use(at_once)).toMatchObject({ verdict: "allow" });
    await changeSettings(admin, { undo_seconds: 5 });
    const byToken = await asked();
    const program = { ...bob, actor: { ...bob.actor, via: "token" as const } };
    expect(await approve(program, byToken)).toMatchObject({ undo_seconds: 0 });
    expect(await use(byToken)).toMatchObject({ verdict: "allow" });
  });
});

/** From over to far from it, and most where it is decided by who comes first. */
const WINDOWS_MS = [-1, 5, 10, 20, 40, 80, 160, 5_000];

describe("at the same moment", () => {
  test("of an undo and a use at the window's end at most one happens", async () => {
    const ends = { undone: 0, used: 0, neither: 0 };
    for (let n = 0; n < 60; n += 1) {
      const on = await asked();
      await approve(ada, on);
      await usableIn(on, WINDOWS_MS[n % WINDOWS_MS.length] ?? 0);
      const [undone, used] = await Promise.all([
        undo(ada, on).then(
          () => true,
          () => false,
        ),
        use(on).then(({ verdict }) => verdict === "allow"),
      ]);
      expect(undone && used).toBe(false);
      const { state } = await readApproval(ada, on.id);
      expect(state).toBe(undone ? "waiting" : used ? "consumed" : "approved");
      ends[undone ? "undone" : used ? "used" : "neither"] += 1;
      if (undone) await deny(on); // an agent may have only so many waiting
    }
    expect(ends.undone).toBeGreaterThan(0);
    expect(ends.used).toBeGreaterThan(0);
  }, 120_000);

  test("two undos are one", async () => {
    const on = await asked();
    await approve(ada, on);
    const both = await Promise.allSettled([undo(ada, on), undo(ada, on)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect((await kindsOf(on)).filter((kind) => kind === "approval.undo")).toHaveLength(1);
  });
});
