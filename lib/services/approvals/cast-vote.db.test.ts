import { beforeAll, describe, expect, test } from "vitest";

import { transact } from "@/lib/data/db";
import { type GivenApproval, givenApproval } from "@/lib/testing/approval";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { castVote } from "./cast-vote";
import { expireApprovals } from "./expire-approvals";
import { readApproval } from "./read-approval";

let tenant: Tenant;
let dri: Person;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  tenant = await givenTenant();
  dri = await tenant.person("reviewer", "operator");
  ada = await tenant.person("reviewer");
  bob = await tenant.person("reviewer");
});

const vote = (who: Person, on: GivenApproval, verdict: "approve" | "deny" | "return", more: object = {}) =>
  castVote(who, {
    approval_id: on.id as never,
    verdict,
    display_digest: on.digest,
    note: "checked the recipient",
    ...more,
  });
const stateOf = async (on: GivenApproval) => (await readApproval(on.agent, on.id)).state;
const rows = <T>(sql: (tx: Parameters<Parameters<typeof transact>[1]>[0]) => Promise<T>) =>
  transact(tenant.system.db, sql);
const ledgerOf = (id: string) =>
  rows(
    (tx) =>
      tx.$queryRaw<
        { kind: string }[]
      >`SELECT kind FROM ledger_entries WHERE workspace_id = ${tenant.workspaceId}::uuid AND body::jsonb -> 'details' ->> 'approval_id' = ${id} ORDER BY id`,
  );

describe("castVote", () => {
  test("an approval leaves vote, grant, ledger and events together", async () => {
    const asked = await givenApproval(tenant, { dri });
    expect(await vote(ada, asked, "approve")).toEqual({ state: "approved", votes: 1, quorum: 1, undo_seconds: 0 });

    const [grant] = await rows((tx) => tx.grant.findMany({ where: { approvalId: asked.id } }));
    const answer = await readApproval(asked.agent, asked.id);
    expect(answer).toMatchObject({ state: "approved", note: null, votes: 1 });
    expect(grant?.expiresAt.toISOString()).toBe(answer.expires_at);
    expect((await ledgerOf(asked.id)).map((entry) => entry.kind)).toEqual(["approval.vote", "approval.settle"]);
    const topics = await rows((tx) =>
      tx.outboxEvent.findMany({
        where: { workspaceId: tenant.workspaceId, payload: { path: ["approval_id"], equals: asked.id } },
      }),
    );
    expect(topics.map((event) => event.topic).toSorted()).toEqual([
      "approval.settle",
      "approval.settled",
      "approval.vote",
    ]);
  });

  test("a return tells the agent what to do otherwise", async () => {
    const asked = await givenApproval(tenant, { dri });
    await vote(ada, asked, "return", { note: "address it to the account holder" });
    expect(await readApproval(asked.agent, asked.id)).toMatchObject({
      state: "returned",
      note: "address it to the account holder",
    });
  });

  test("T06 the agent's DRI may not approve and may deny; nothing is written for the refusal", async () => {
    const asked = await givenApproval(tenant, { dri });
    await expect(vote(dri, asked, "approve")).rejects.toMatchObject({ code: "forbidden", reason: "self_approval" });
    expect(await ledgerOf(asked.id)).toEqual([]);
    expect(await vote(dri, asked, "deny")).toMatchObject({ state: "denied" });
  });

  test("T07 whoever was DRI when the agent asked stays excluded after handing it over", async () => {
    const asked = await givenApproval(tenant, { dri });
    await rows((tx) => tx.agent.updateMany({ where: { id: asked.agentId }, data: { driId: ada.actor.memberId } }));
    await expect(vote(dri, asked, "approve")).rejects.toMatchObject({ reason: "self_approval" });
    await expect(vote(ada, asked, "approve")).rejects.toMatchObject({ reason: "self_approval" });
    expect(await stateOf(asked)).toBe("waiting");
  });

  test("roles and disabling count as they are now, not as the session says", async () => {
    const asked = await givenApproval(tenant, { dri });
    const carol = await tenant.person("reviewer");
    await rows((tx) => tx.member.updateMany({ where: { id: carol.actor.memberId }, data: { roles: ["viewer"] } }));
    await expect(vote(carol, asked, "approve")).rejects.toMatchObject({ code: "forbidden", reason: "role_missing" });
    await rows((tx) =>
      tx.member.updateMany({
        where: { id: carol.actor.memberId },
        data: { roles: ["reviewer"], disabledAt: new Date() },
      }),
    );
    await expect(vote(carol, asked, "deny")).rejects.toMatchObject({ reason: "member_disabled" });
  });

  test("T21 a view that is not the stored one is refused, and approving without one too", async () => {
    const asked = await givenApproval(tenant, { dri });
    await expect(vote(ada, asked, "approve", { display_digest: "0".repeat(64) })).rejects.toMatchObject({
      code: "conflict",
      reason: "stale_view",
    });
    await expect(vote(ada, asked, "approve", { display_digest: undefined })).rejects.toMatchObject({
      code: "unprocessable",
      reason: "display_digest_missing",
    });
    await rows(
      (tx) =>
        tx.$executeRaw`UPDATE approvals SET display = jsonb_set(display, '{args,to}', '"b@example.com"') WHERE id = ${asked.id}::uuid`,
    );
    await expect(vote(ada, asked, "approve")).rejects.toMatchObject({ reason: "display_damaged" });
    expect(await stateOf(asked)).toBe("waiting");
  });

  test("time is the database's: what has expired there cannot be voted on here", async () => {
    const asked = await givenApproval(tenant, { dri, expiresInMs: 30 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const early = { ...ada, now: new Date(Date.now() - 3_600_000) };
    await expect(vote(early, asked, "approve")).rejects.toMatchObject({ code: "conflict", reason: "approval_expired" });
    await expect(vote(early, asked, "deny")).rejects.toMatchObject({ reason: "approval_expired" });
    expect(await stateOf(asked)).toBe("expired");
  });

  test("an approval that waited for a lock past the deadline is too late", async () => {
    const asked = await givenApproval(tenant, { dri, expiresInMs: 400 });
    const held = rows(async (tx) => {
      await tx.$queryRaw`SELECT id FROM approvals WHERE id = ${asked.id}::uuid FOR UPDATE`;
      await new Promise((resolve) => setTimeout(resolve, 700));
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(vote(ada, asked, "approve")).rejects.toMatchObject({ reason: "approval_expired" });
    await held;
  });

  test("nothing is approved while the workspace is stopped; denying still works", async () => {
    const asked = await givenApproval(tenant, { dri });
    const stop = (stopped: boolean) =>
      rows((tx) =>
        tx.workspaceControl.updateMany({
          where: { workspaceId: tenant.workspaceId },
          data: { stopped, stage: stopped ? "stopped" : "running" },
        }),
      );
    await stop(true);
    try {
      await expect(vote(ada, asked, "approve")).rejects.toMatchObject({
        code: "conflict",
        reason: "workspace_stopped",
      });
      expect(await vote(ada, asked, "deny")).toMatchObject({ state: "denied" });
    } finally {
      await stop(false);
    }
  });

  test("another workspace's request does not exist", async () => {
    const asked = await givenApproval(tenant, { dri });
    const stranger = await (await givenTenant()).person("reviewer");
    await expect(vote(stranger, asked, "deny")).rejects.toMatchObject({ code: "not_found" });
    await expect(readApproval(stranger, asked.id)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("people at the same time", () => {
  test("T08 two votes of one person are one", async () => {
    const asked = await givenApproval(tenant, { dri, quorum: 2 });
    const results = await Promise.allSettled([vote(ada, asked, "approve"), vote(ada, asked, "approve")]);
    expect(results.map((result) => result.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(results.find((result) => result.status === "rejected")).toMatchObject({
      reason: { reason: "already_voted" },
    });
    expect(await readApproval(asked.agent, asked.id)).toMatchObject({ state: "waiting", votes: null, quorum: 2 });
  });

  test("T09 a quorum of two takes two, and settles once", async () => {
    const asked = await givenApproval(tenant, { dri, quorum: 2 });
    const results = await Promise.all([vote(ada, asked, "approve"), vote(bob, asked, "approve")]);
    expect(results.map((result) => result.state).toSorted()).toEqual(["approved", "waiting"]);
    expect((await ledgerOf(asked.id)).filter((entry) => entry.kind === "approval.settle")).toHaveLength(1);
  });

  test("T09 an approval and a denial at once, two hundred times, never end approved with a denial among the votes", async () => {
    const ends = new Set<string>();
    const round = async (n: number) => {
      const asked = await givenApproval(tenant, { dri, quorum: n % 2 === 0 ? 1 : 2 });
      const [yes, no] = [() => vote(ada, asked, "approve"), () => vote(bob, asked, "deny")];
      await Promise.allSettled(n % 3 === 0 ? [no(), yes()] : [yes(), no()]);
      const state = await stateOf(asked);
      const cast = await rows((tx) => tx.vote.findMany({ where: { approvalId: asked.id }, select: { verdict: true } }));
      if (state === "approved") expect(cast.map((one) => one.verdict)).toEqual(["approve"]);
      else expect(state).toBe("denied");
      ends.add(state);
    };
    for (let n = 0; n < 200; n += 4) await Promise.all([round(n), round(n + 1), round(n + 2), round(n + 3)]);
    expect(ends.has("denied")).toBe(true);
  }, 120_000);
});

describe("expireApprovals", () => {
  test("marks what is due once, with one entry each, and leaves the rest", async () => {
    const [due, used, open] = [
      await givenApproval(tenant, { dri, expiresInMs: 300 }),
      await givenApproval(tenant, { dri, expiresInMs: 300 }),
      await givenApproval(tenant, { dri }),
    ];
    await vote(ada, used, "approve");
    await new Promise((resolve) => setTimeout(resolve, 400));
    await expireApprovals(tenant.system);
    await expireApprovals(tenant.system);
    const row = await rows((tx) => tx.approval.findUniqueOrThrow({ where: { id: due.id } }));
    expect(row).toMatchObject({ state: "expired", settledAt: row.expiresAt });
    expect((await ledgerOf(due.id)).map((entry) => entry.kind)).toEqual(["approval.expire"]);
    expect((await ledgerOf(used.id)).map((entry) => entry.kind)).toEqual([
      "approval.vote",
      "approval.settle",
      "approval.expire",
    ]);
    expect(await stateOf(open)).toBe("waiting");
  });

  test("only the system may run it", async () => {
    await expect(expireApprovals(ada)).rejects.toMatchObject({ code: "forbidden" });
  });
});
