import { beforeAll, describe, expect, test } from "vitest";

import { transact } from "@/lib/data/db";
import { type GivenApproval, givenApproval } from "@/lib/testing/approval";
import { faultNow } from "@/lib/testing/approval-fault";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { castVote } from "../approvals/cast-vote";
import { escalateApprovals } from "../approvals/escalate-approvals";
import { extendApproval } from "../approvals/extend-approval";
import { listApprovals } from "../approvals/list-approvals";
import { readApproval } from "../approvals/read-approval";
import { showApproval } from "../approvals/show-approval";
import { changeSettings } from "../workspaces/change-settings";
import { disableMember } from "../workspaces/disable-member";
import { delegateReviews, endDelegation, listDelegations } from "./delegate";
import { linkMembers, unlinkMember } from "./link-members";

let tenant: Tenant;
let dri: Person;
let ada: Person;
let bob: Person;
let admin: Person;

beforeAll(async () => {
  tenant = await givenTenant();
  [dri, ada, bob, admin] = [
    await tenant.person("reviewer"),
    await tenant.person("reviewer"),
    await tenant.person("reviewer"),
    await tenant.person("admin"),
  ];
});

const vote = (who: Person, on: GivenApproval, verdict: "approve" | "deny" = "approve") =>
  castVote(who, { approval_id: on.id as never, verdict, display_digest: on.digest, note: "checked the recipient" });
const sql = <T>(run: (tx: Parameters<Parameters<typeof transact>[1]>[0]) => Promise<T>) =>
  transact(tenant.system.db, run);
const idOf = (who: Person) => who.actor.memberId;
const link = (one: Person, other: Person) => linkMembers(admin, { member: idOf(one), same_as: idOf(other) });
/** What the commit would say of a use now; null for nothing against it. */
const faultOf = (on: GivenApproval) => faultNow(on.id);
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe("one person, several accounts", () => {
  test("T06 another account of the agent's DRI may not approve, and may deny", async () => {
    const [own, second] = [await tenant.person("reviewer"), await tenant.person("reviewer")];
    await link(second, own);
    const asked = await givenApproval(tenant, { dri: own });
    await expect(vote(second, asked)).rejects.toMatchObject({ code: "forbidden", reason: "self_approval" });
    expect(await readApproval(asked.agent, asked.id)).toMatchObject({ state: "waiting" });
    expect(await vote(second, asked, "deny")).toMatchObject({ state: "denied" });
  });

  test("T07 the agent handed over and back: who was or is its DRI, by any account, may not approve", async () => {
    const [own, second, friend] = [
      await tenant.person("reviewer"),
      await tenant.person("reviewer"),
      await tenant.person("reviewer"),
    ];
    await link(own, second);
    const asked = await givenApproval(tenant, { dri: own });
    await sql((tx) => tx.agent.updateMany({ where: { id: asked.agentId }, data: { driId: idOf(friend) } }));
    for (const who of [own, second, friend])
      await expect(vote(who, asked)).rejects.toMatchObject({ reason: "self_approval" });
    // Handed over after a vote that was good: it counts no more while that person answers for the agent.
    expect(await vote(ada, asked)).toMatchObject({ state: "approved" });
    expect(await faultOf(asked)).toBeNull();
    await sql((tx) => tx.agent.updateMany({ where: { id: asked.agentId }, data: { driId: idOf(ada) } }));
    expect(await faultOf(asked)).toBe("quorum_lost");
  });

  test("T08 two accounts of one person have one vote, in parallel too", async () => {
    const [one, two] = [await tenant.person("reviewer"), await tenant.person("reviewer")];
    await link(one, two);
    const asked = await givenApproval(tenant, { dri, quorum: 2 });
    const both = await Promise.allSettled([vote(one, asked), vote(two, asked)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await sql((tx) => tx.vote.count({ where: { approvalId: asked.id } }))).toBe(1);
    const refused = sql(
      (
        tx,
      ) => tx.$executeRaw`INSERT INTO votes (id, workspace_id, approval_id, member_id, verdict, display_digest, created_at)
        SELECT gen_random_uuid(), workspace_id, approval_id, m, verdict, display_digest, created_at FROM votes,
        unnest(ARRAY[${idOf(one)}::uuid, ${idOf(two)}::uuid]) AS m WHERE approval_id = ${asked.id}::uuid AND member_id <> m`,
    );
    await expect(refused).rejects.toThrow(/votes_one_person|approval_id, person_id|23505/);
  });

  test("T10 two who turn out to be one count as one when it is used", async () => {
    const [one, two] = [await tenant.person("reviewer"), await tenant.person("reviewer")];
    const asked = await givenApproval(tenant, { dri, quorum: 2 });
    await vote(one, asked);
    expect(await vote(two, asked)).toMatchObject({ state: "approved" });
    expect(await faultOf(asked)).toBeNull();
    await link(one, two);
    expect(await faultOf(asked)).toBe("quorum_lost");
    await unlinkMember(admin, { member: idOf(two) });
    // What was one person is two again only when that has cooled off.
    expect(await faultOf(asked)).toBe("quorum_lost");
    await sql((tx) => tx.$executeRaw`UPDATE workspaces SET cooling_off_hours = 0`);
    expect(await faultOf(asked)).toBeNull();
    await sql((tx) => tx.$executeRaw`UPDATE workspaces SET cooling_off_hours = 72`);
  });

  test("T10 a disabled and a demoted voter's votes count no more", async () => {
    const [gone, demoted] = [await tenant.person("reviewer"), await tenant.person("reviewer")];
    const [first, second] = [await givenApproval(tenant, { dri }), await givenApproval(tenant, { dri })];
    await vote(gone, first);
    await vote(demoted, second);
    await disableMember(admin, { member: idOf(gone) });
    await sql((tx) => tx.member.updateMany({ where: { id: idOf(demoted) }, data: { roles: ["viewer"] } }));
    expect([await faultOf(first), await faultOf(second)]).toEqual(["quorum_lost", "quorum_lost"]);
  });

  test("T08 Critical takes two people when it is used, whatever its terms said", async () => {
    const asked = await givenApproval(tenant, { dri });
    await vote(ada, asked);
    expect(await faultOf(asked)).toBeNull();
    await sql((tx) => tx.approval.updateMany({ where: { id: asked.id }, data: { band: "critical" } }));
    expect(await faultOf(asked)).toBe("quorum_lost");
  });

  test("only an administrator says so, and nobody makes two voters of themselves", async () => {
    await expect(linkMembers(ada, { member: idOf(ada), same_as: idOf(bob) })).rejects.toMatchObject({
      code: "forbidden",
    });
    const [other, mine] = [await tenant.person("admin"), await tenant.person("reviewer")];
    await linkMembers(other, { member: idOf(mine), same_as: idOf(other) });
    for (const member of [idOf(mine), idOf(other)])
      await expect(unlinkMember(other, { member })).rejects.toMatchObject({ reason: "own_account" });
    await expect(unlinkMember(admin, { member: idOf(ada) })).rejects.toMatchObject({ reason: "not_linked" });
  });
});

describe("standing in for somebody", () => {
  test("is shown on the vote and ends by itself or when it is ended", async () => {
    const [mara, lena] = [await tenant.person("reviewer"), await tenant.person("reviewer")];
    const { id } = await delegateReviews(mara, { to: idOf(lena), ends_at: inHours(2) });
    expect(await listDelegations(lena)).toMatchObject([{ id, fromId: idOf(mara), running: true }]);
    const asked = await givenApproval(tenant, { dri });
    await vote(lena, asked);
    expect((await showApproval(ada, asked.id)).votes).toMatchObject([
      { memberId: idOf(lena), forName: "Test reviewer" },
    ]);
    await expect(endDelegation(lena, { delegation: id })).rejects.toMatchObject({ code: "not_found" });
    await endDelegation(mara, { delegation: id });
    const later = await givenApproval(tenant, { dri });
    await vote(lena, later);
    expect((await showApproval(ada, later.id)).votes).toMatchObject([{ forName: null }]);
    expect(await listDelegations(mara)).toEqual([]);
  });

  test("T06 whoever stands in for the DRI may not approve that DRI's agent's actions, and both may deny", async () => {
    const [mara, lena] = [await tenant.person("reviewer"), await tenant.person("reviewer")];
    const before = await givenApproval(tenant, { dri: mara });
    expect(await vote(lena, before)).toMatchObject({ state: "approved" });
    await delegateReviews(mara, { to: idOf(lena), ends_at: inHours(2) });
    const asked = await givenApproval(tenant, { dri: mara });
    await expect(vote(lena, asked)).rejects.toMatchObject({ reason: "self_approval" });
    expect(await vote(lena, asked, "deny")).toMatchObject({ state: "denied" });
    // What she approved before she stood in for anybody still holds.
    expect(await faultOf(before)).toBeNull();
  });

  test("gives nobody a right, and has an end", async () => {
    const [mara, viewer] = [await tenant.person("reviewer"), await tenant.person("viewer")];
    await expect(delegateReviews(mara, { to: idOf(viewer), ends_at: inHours(1) })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(delegateReviews(viewer, { to: idOf(mara), ends_at: inHours(1) })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(delegateReviews(mara, { to: idOf(mara), ends_at: inHours(1) })).rejects.toMatchObject({
      code: "conflict",
    });
    for (const hours of [-1, 24 * 100])
      await expect(delegateReviews(mara, { to: idOf(ada), ends_at: inHours(hours) })).rejects.toMatchObject({
        reason: "bad_times",
      });
  });
});

describe("an independent second review", () => {
  test("neither reads, lists nor hears of the first", async () => {
    const asked = await givenApproval(tenant, { dri, quorum: 2 });
    await vote(ada, asked);
    expect(await readApproval(bob, asked.id)).toMatchObject({ state: "waiting", votes: null });
    expect(await readApproval(asked.agent, asked.id)).toMatchObject({ state: "waiting", votes: null });
    expect(await readApproval(ada, asked.id)).toMatchObject({ votes: 1 });
    const listed = async (who: Person) =>
      (await listApprovals(who, { limit: 50 })).items.find(({ id }) => id === asked.id)?.votes;
    expect([await listed(bob), await listed(ada)]).toEqual([null, 1]);
    expect((await showApproval(bob, asked.id)).votes).toEqual([]);
    const events = await sql(
      (tx) =>
        tx.$queryRaw<
          { topic: string; payload: object }[]
        >`SELECT topic, payload FROM outbox WHERE payload ->> 'approval_id' = ${asked.id}`,
    );
    expect(events).toEqual([{ topic: "approval.vote", payload: { approval_id: asked.id } }]);
  });
});

describe("time", () => {
  test("a request that waited half its time is escalated once", async () => {
    const [due, fresh] = [await givenApproval(tenant, { dri }), await givenApproval(tenant, { dri })];
    await sql(
      (tx) =>
        tx.$executeRaw`UPDATE approvals SET created_at = created_at - interval '6 minutes' WHERE id = ${due.id}::uuid`,
    );
    await Promise.all([escalateApprovals(tenant.system), escalateApprovals(tenant.system)]);
    await escalateApprovals(tenant.system);
    expect((await showApproval(ada, due.id)).approval.escalatedAt).toBeInstanceOf(Date);
    expect((await showApproval(ada, fresh.id)).approval.escalatedAt).toBeNull();
    const told = await sql((tx) => tx.outboxEvent.findMany({ where: { topic: "approval.escalated" } }));
    expect(told.map(({ payload }) => payload)).toMatchObject([{ approval_id: due.id, tool: "send_customer_email" }]);
  });

  test("a reviewer extends a request once, where the workspace allows it", async () => {
    const asked = await givenApproval(tenant, { dri });
    const extend = (who: Person) => extendApproval(who, { approval_id: asked.id });
    expect((await showApproval(ada, asked.id)).extendMinutes).toBe(0);
    await expect(extend(ada)).rejects.toMatchObject({ reason: "not_extendable" });
    await changeSettings(admin, { extend_once_minutes: 10 });
    expect((await showApproval(ada, asked.id)).extendMinutes).toBe(10);
    await expect(extend(admin)).rejects.toMatchObject({ reason: "not_extendable" });
    const before = Date.parse((await readApproval(ada, asked.id)).expires_at);
    const both = await Promise.allSettled([extend(ada), extend(bob)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(Date.parse((await readApproval(ada, asked.id)).expires_at) - before).toBe(600_000);
    await vote(ada, asked);
    const grant = await sql((tx) => tx.grant.findFirstOrThrow({ where: { approvalId: asked.id } }));
    expect(grant.expiresAt.getTime() - before).toBe(600_000);
  });
});
