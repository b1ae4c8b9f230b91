import { randomUUID } from "node:crypto";

import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";

import { dependence, independenceOf } from "@/lib/core/people/independence";
import type { PeopleQuery } from "@/lib/core/people/view";
import type { MemberId } from "@/lib/core/shared/brand";
import type { Role } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { findPeopleFacts, insertTie, linkMemberRows, listActing } from "@/lib/data/people";
import { type GivenApproval, givenApproval } from "@/lib/testing/approval";
import { faultNow } from "@/lib/testing/approval-fault";
import { connectOwner } from "@/lib/testing/owner";
import { refusal } from "@/lib/testing/refusal";
import { givenRun } from "@/lib/testing/run";
import { givenTenant, type Person, type Tenant } from "@/lib/testing/tenant";

import { authenticate } from "../access/authenticate";
import { updateAgent } from "../agents/update-agent";
import { castVote } from "../approvals/cast-vote";
import { showApproval } from "../approvals/show-approval";
import { requestStop } from "../stops/request-stop";
import { resumeStop } from "../stops/resume-stop";
import { signInVerified } from "../workspaces/sign-in-verified";
import { acceptInvitation } from "./accept-invitation";
import { changeRoles } from "./change-roles";
import { confirmMember } from "./confirm-member";
import { delegateReviews } from "./delegate";
import { inviteAgain, inviteMember } from "./invite-member";
import { setCoolingOff } from "./set-cooling-off";
import { showPeople } from "./show-people";

let tenant: Tenant;
let ada: Person;
let ben: Person;
let dri: Person;

beforeEach(async () => {
  tenant = await givenTenant();
  [ada, ben, dri] = [
    await tenant.person("admin", "reviewer", "operator", "policy_admin"),
    await tenant.person("reviewer", "operator"),
    await tenant.person("viewer"),
  ];
});

const PASSWORD = "correct horse battery staple";
const idOf = (who: Person) => who.actor.memberId;

/** Somebody whom `by` invited and who has just joined. */
async function joined(by: Person, ...roles: Role[]): Promise<Person> {
  const email = `new-${randomUUID().slice(0, 8)}@example.com`;
  const { code } = await inviteMember(by, { email, name: `New of ${roles.join(" ")}`, roles });
  const { token } = await acceptInvitation(code, { password: PASSWORD });
  return { ...((await authenticate(token, false)) as Person), email };
}

const vote = (who: Person, on: GivenApproval, verdict: "approve" | "deny" = "approve") =>
  castVote(who, { approval_id: on.id as never, verdict, display_digest: on.digest, note: "checked the recipient" });
const sql = <T>(run: (tx: Parameters<Parameters<typeof transact>[1]>[0]) => Promise<T>) =>
  transact(tenant.system.db, run);
const faultOf = (on: GivenApproval) => faultNow(on.id);
describe("votes", () => {
  test("people-1 neither the inviter beside the invited, nor two whom one invited, nor a chain of them", {
    timeout: 60_000,
  }, async () => {
    const one = await joined(ada, "reviewer", "admin");
    const two = await joined(ada, "reviewer");
    const third = await joined(one, "reviewer");
    for (const [first, second] of [
      [one, ada],
      [ada, one],
      [one, two],
      [ada, third],
      [two, third],
    ] as const) {
      const asked = await givenApproval(tenant, { dri, quorum: 2 });
      expect(await vote(first, asked)).toMatchObject({ state: "waiting" });
      expect(await refusal(vote(second, asked))).toBe("not_independent");
      expect((await showApproval(second, asked.id)).may.approve).toContain("you cannot be the second now");
      expect(await vote(ben, asked)).toMatchObject({ state: "approved" });
      expect(await faultOf(asked)).toBeNull();
    }
  });

  test("people-6 people-7 one is enough where one is asked for, and a no needs nobody else", async () => {
    const one = await joined(ada, "reviewer");
    expect(await vote(one, await givenApproval(tenant, { dri }))).toMatchObject({ state: "approved" });
    const asked = await givenApproval(tenant, { dri, quorum: 2 });
    await vote(ada, asked);
    expect(await vote(one, asked, "deny")).toMatchObject({ state: "denied" });
  });

  test("the database refuses the second vote by itself, and counts again when the approval is used", async () => {
    const one = await joined(ada, "reviewer");
    const asked = await givenApproval(tenant, { dri, quorum: 2 });
    await vote(ada, asked);
    const behind = sql(
      (tx) => tx.$executeRaw`
        INSERT INTO votes (id, workspace_id, approval_id, member_id, verdict, display_digest, created_at)
        SELECT uuidv7(), workspace_id, approval_id, ${idOf(one)}::uuid, verdict, display_digest, clock_timestamp() FROM votes
        WHERE approval_id = ${asked.id}::uuid`,
    );
    await expect(behind).rejects.toThrow(/votes_two_people|count as one/);
    await vote(ben, asked);
    expect(await faultOf(asked)).toBeNull();
    await sql((tx) => insertTie(tx, tenant.workspaceId, { memberId: idOf(ben), byId: idOf(ada), kind: "roles" }));
    expect(await faultOf(asked)).toBe("quorum_lost");
  });

  test("it ends when it has cooled off, by the hours that hold now", async () => {
    const one = await joined(ada, "reviewer");
    const [before, after] = [
      await givenApproval(tenant, { dri, quorum: 2 }),
      await givenApproval(tenant, { dri, quorum: 2 }),
    ];
    await vote(ada, before);
    expect(await refusal(vote(one, before))).toBe("not_independent");
    await sql((tx) => tx.$executeRaw`UPDATE workspaces SET cooling_off_hours = 0.000001`);
    await vote(ada, after);
    expect(await vote(one, after)).toMatchObject({ state: "approved" });
    expect(await faultOf(after)).toBeNull();
    await setCoolingOff(tenant.system, 72);
    await setCoolingOff(tenant.system, 72);
    expect(await faultOf(after)).toBe("quorum_lost");
    expect(await tenant.system.db.ledgerEntry.count({ where: { kind: "workspace.cooling_off" } })).toBe(1);
  });

  test("standing in for somebody makes no second person of them", async () => {
    await delegateReviews(ada, { to: idOf(ben), ends_at: new Date(Date.now() + 3_600_000).toISOString() });
    const asked = await givenApproval(tenant, { dri, quorum: 2 });
    await vote(ben, asked);
    expect(await refusal(vote(ada, asked))).toBe("not_independent");
  });
});

describe("handing an agent over", () => {
  test("people-3 whoever was its DRI lately approves nothing for it, and may deny", async () => {
    const owner = await tenant.person("reviewer", "policy_admin");
    const { agentId } = await givenApproval(tenant, { dri: owner });
    await sql((tx) => tx.agent.updateMany({ where: { id: agentId }, data: { driId: idOf(dri) } }));
    const next = await givenApproval(tenant, { dri, agentId });
    expect(await refusal(vote(owner, next))).toBe("self_approval");
    expect(await vote(ben, next)).toMatchObject({ state: "approved" });
    expect(await vote(owner, await givenApproval(tenant, { dri, agentId }), "deny")).toMatchObject({ state: "denied" });
    // A vote of somebody who had the agent since is worth nothing when it is used.
    expect(await faultOf(next)).toBeNull();
    for (const driId of [idOf(ben), idOf(dri)])
      await sql((tx) => tx.agent.updateMany({ where: { id: agentId }, data: { driId } }));
    expect(await faultOf(next)).toBe("quorum_lost");
    await sql((tx) => tx.$executeRaw`UPDATE workspaces SET cooling_off_hours = 0`);
    expect(await vote(owner, await givenApproval(tenant, { dri, agentId }))).toMatchObject({ state: "approved" });
  });

  test("frees nobody to resume it either, in the database too", async () => {
    const owner = await tenant.person("operator", "policy_admin");
    const { agent } = await givenRun(tenant, owner);
    const { stop_id } = await requestStop(ben, { scope: "agent", id: agent, reason: "drill" });
    await updateAgent(owner, { agent, dri: idOf(dri) });
    const resume = (who: Person) => resumeStop(who, RESUME(stop_id));
    expect(await refusal(resume(owner))).toBe("own_agent");
    await resume(ben);
    await sql(
      (tx) => tx.$executeRaw`
      INSERT INTO stop_consents (stop_id, member_id, workspace_id, note, created_at)
      VALUES (${stop_id}::uuid, ${idOf(owner)}::uuid, ${tenant.workspaceId}::uuid, '', clock_timestamp())`,
    );
    await expect(close(stop_id)).rejects.toThrow(/stops_two_people|two people/);
    expect(await resume(ada)).toMatchObject({ resumed: true });
  });
});

const RESUME = (stop_id: string) => ({ stop_id, note: "", extra_steps: 0, extra_seconds: 0, extra_cost_usd: 0 });
const close = (stopId: string) =>
  sql((tx) => tx.$executeRaw`UPDATE stops SET resumed_at = clock_timestamp() WHERE id = ${stopId}::uuid`);

describe("stops", () => {
  test("people-2 stay until somebody consents who is independent of the first", async () => {
    const one = await joined(ada, "operator");
    const { stop_id } = await requestStop(ada, { scope: "workspace", reason: "drill" });
    expect(await resumeStop(ada, RESUME(stop_id))).toMatchObject({ resumed: false });
    expect(await refusal(resumeStop(one, RESUME(stop_id)))).toBe("not_independent");
    await expect(close(stop_id)).rejects.toThrow(/stops_two_people|two people/);
    expect(await resumeStop(ben, RESUME(stop_id))).toMatchObject({ resumed: true });
  });
});

describe("joining", () => {
  test("a code works once, of two at once for one of them, and never for a new link's predecessor", async () => {
    const invited = await inviteMember(ada, { email: `x-${randomUUID()}@example.com`, name: "X", roles: ["viewer"] });
    const again = await inviteAgain(ada, { member: invited.member_id });
    expect(await refusal(acceptInvitation(invited.code, { password: PASSWORD }))).toBe("invitation_over");
    const both = await Promise.allSettled([1, 2].map(() => acceptInvitation(again.code, { password: PASSWORD })));
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await refusal(acceptInvitation(again.code, { password: PASSWORD }))).toBe("invitation_over");
    for (const code of ["", "x", "ili_", `ili_${"a".repeat(43)}`, "ilp_abc"])
      expect(await refusal(acceptInvitation(code, { password: PASSWORD }))).toBe("invitation_over");
  });

  test("a new link for somebody who had joined ends what they had, and ties them anew", async () => {
    const { token } = await (async () => {
      const { code } = await inviteMember(ada, {
        email: `y-${randomUUID()}@example.com`,
        name: "Y",
        roles: ["reviewer"],
      });
      return acceptInvitation(code, { password: PASSWORD });
    })();
    const member = ((await authenticate(token, false)) as Person).actor.memberId;
    await confirmMember(ben, { member });
    const { code } = await inviteAgain(ada, { member });
    await authenticate(token, false);
    await acceptInvitation(code, { password: PASSWORD });
    expect(await refusal(authenticate(token, false))).toBe("unauthenticated");
    expect(await between(ada.actor.memberId, member)).toMatchObject({ why: "tied" });
  });

  test("an independent person's word ends the wait at once; nobody else's does", async () => {
    const one = await joined(ada, "reviewer", "admin");
    const two = await joined(one, "reviewer");
    const viewer = await tenant.person("viewer");
    expect(await refusal(confirmMember(ada, { member: idOf(one) }))).toBe("not_independent");
    expect(await refusal(confirmMember(two, { member: idOf(one) }))).toBe("not_independent");
    expect(await refusal(confirmMember(ada, { member: idOf(two) }))).toBe("not_independent");
    expect(await refusal(confirmMember(one, { member: idOf(one) }))).toBe("own_account");
    expect(await refusal(confirmMember(viewer, { member: idOf(one) }))).toBe("role_missing");
    expect((await showPeople(ben, { limit: 50 })).people.find(({ memberId }) => memberId === idOf(one))).toMatchObject({
      mayConfirm: true,
    });
    await confirmMember(ben, { member: idOf(one) });
    expect(await refusal(confirmMember(ben, { member: idOf(one) }))).toBe("nothing_to_confirm");
    expect(await between(idOf(ada), idOf(one))).toBeNull();
    expect(await between(idOf(one), idOf(two))).toMatchObject({ why: "tied" });
    expect(await between(idOf(ada), idOf(two))).toBeNull();
  });

  test("the identity provider's word ends it too, and what the inviter could hold stops working", async () => {
    const email = `sso-${randomUUID()}@example.com`;
    const { code, member_id } = await inviteMember(ada, { email, name: "S", roles: ["reviewer"] });
    const { token } = await acceptInvitation(code, { password: PASSWORD });
    await signInVerified(email);
    expect(await refusal(authenticate(token, false))).toBe("unauthenticated");
    expect(await between(idOf(ada), member_id)).toBeNull();
    const row = await sql((tx) => tx.member.findFirstOrThrow({ where: { id: member_id } }));
    expect(row).toMatchObject({ passwordHash: null });
    // Somebody who never used the link joins by it; the link is over.
    const other = `sso-${randomUUID()}@example.com`;
    const unused = await inviteMember(ada, { email: other, name: "T", roles: ["reviewer"] });
    await signInVerified(other);
    expect(await refusal(acceptInvitation(unused.code, { password: PASSWORD }))).toBe("invitation_over");
    expect(await between(idOf(ada), unused.member_id)).toBeNull();
  });

  test("other roles make one of two for a while, and take an administrator who is one now", async () => {
    await changeRoles(ada, { member: idOf(ben), roles: ["reviewer", "viewer"] });
    expect(await between(idOf(ada), idOf(ben))).toMatchObject({ why: "tied", tie: { kind: "roles" } });
    expect(await refusal(changeRoles(ada, { member: idOf(ben), roles: ["viewer", "reviewer"] }))).toBe(
      "roles_unchanged",
    );
    expect(await refusal(changeRoles(ada, { member: idOf(ada), roles: ["viewer"] }))).toBe("own_account");
    const other = await tenant.person("admin");
    await changeRoles(other, { member: idOf(ada), roles: ["reviewer"] });
    expect(await refusal(changeRoles(ada, { member: idOf(ben), roles: ["admin"] }))).toBe("role_missing");
    expect(await refusal(inviteMember(ada, { email: "z@example.com", name: "Z", roles: ["viewer"] }))).toBe(
      "role_missing",
    );
  });
});

async function between(one: string, other: string) {
  const facts = await findPeopleFacts(tenant.system.db, tenant.workspaceId, null);
  const members = await listActing(tenant.system.db, tenant.workspaceId);
  const [a, b] = [one, other].map((id) => members.find(({ memberId }) => memberId === id));
  if (!a || !b) throw new Error("no such member");
  return dependence(a, b, facts);
}

const PEOPLE = 6;
const account = fc.nat(PEOPLE - 1);
/** Hours since it began, well before or after the 72 that count, and whether it was ended. */
const since = { hours: fc.constantFrom(0, 1, 71, 73, 500), over: fc.boolean() };
const web = fc.record({
  ties: fc.array(fc.record({ a: account, b: account, kind: fc.constantFrom("invitation", "roles"), ...since }), {
    maxLength: 6,
  }),
  links: fc.array(fc.record({ a: account, b: account }), { maxLength: 2 }),
  standIns: fc.array(fc.record({ a: account, b: account, ...since }), { maxLength: 2 }),
  dris: fc.array(fc.record({ a: account, b: account, hours: since.hours }), { maxLength: 2 }),
});

test("the core and the database agree on any people, however they are tied, linked and standing in", {
  timeout: 240_000,
}, async () => {
  const ids = (await Promise.all(Array.from({ length: PEOPLE }, () => tenant.person("reviewer")))).map(idOf);
  const id = (index: number) => ids[index] ?? "";
  const { agentId } = await givenApproval(tenant, { dri });
  const owner = await connectOwner();
  // As the owner of the tables: the application can neither make a change of hands nor take anything back.
  const put = async ({ ties, links, standIns, dris }: typeof web extends fc.Arbitrary<infer T> ? T : never) => {
    for (const table of ["member_ties", "delegations", "dri_changes"])
      await owner.query(`DELETE FROM ${table} WHERE workspace_id = $1`, [tenant.workspaceId]);
    await owner.query("UPDATE members SET person_id = NULL WHERE workspace_id = $1", [tenant.workspaceId]);
    for (const { a, b } of links.filter((link) => link.a !== link.b))
      await sql((tx) => linkMemberRows(tx, tenant.workspaceId, id(a) as MemberId, id(b) as MemberId));
    for (const { a, b, kind, hours, over } of ties.filter((one) => one.a !== one.b))
      await owner.query(
        `INSERT INTO member_ties (id, workspace_id, member_id, by_member, kind, created_at, ended_at)
         VALUES (gen_random_uuid(), $1, $2, $3, $4, clock_timestamp() - make_interval(hours => $5), CASE WHEN $6 THEN clock_timestamp() END)`,
        [tenant.workspaceId, id(a), id(b), kind, hours, over],
      );
    for (const { a, b, hours, over } of standIns.filter((one) => one.a !== one.b))
      await owner.query(
        `INSERT INTO delegations (id, workspace_id, from_member, to_member, starts_at, ends_at, ended_at, created_at)
         VALUES (gen_random_uuid(), $1, $2, $3, clock_timestamp() - make_interval(hours => $4::int),
           clock_timestamp() + make_interval(hours => CASE WHEN $4::int > 72 THEN 1 - $4::int ELSE 9 END),
           CASE WHEN $5 THEN clock_timestamp() END, clock_timestamp())`,
        [tenant.workspaceId, id(a), id(b), hours, over],
      );
    for (const { a, b, hours } of dris)
      await owner.query(
        `INSERT INTO dri_changes (workspace_id, agent_id, from_member, to_member, created_at)
         VALUES ($1, $2, $3, $4, clock_timestamp() - make_interval(hours => $5))`,
        [tenant.workspaceId, agentId, id(a), id(b), hours],
      );
  };
  const seen = { two: 0, one: 0, late: 0 };
  await fc.assert(
    fc.asyncProperty(web, async (people) => {
      await put(people);
      const { db, workspaceId } = { db: tenant.system.db, workspaceId: tenant.workspaceId };
      const [plain, late] = [
        await findPeopleFacts(db, workspaceId, null),
        await findPeopleFacts(db, workspaceId, agentId),
      ];
      const sides = await listActing(db, workspaceId, ids);
      const sideOf = (memberId: string) =>
        sides.find((side) => side.memberId === memberId) ?? { memberId, answersFor: [] };
      const rows = await sql(
        (tx) => tx.$queryRaw<{ one: string; other: string; two: boolean; late: boolean }[]>`
          SELECT a.id AS one, b.id AS other, are_two_people(a.id, b.id, clock_timestamp()) AS two,
            dris_lately(${agentId}::uuid, clock_timestamp())
              && (answers_for(a.id, clock_timestamp()) || answers_for(b.id, clock_timestamp())) AS late
          FROM unnest(${ids}::uuid[]) a (id), unnest(${ids}::uuid[]) b (id)`,
      );
      expect(rows).toHaveLength(PEOPLE * PEOPLE);
      const [areTwo, areTwoFor] = [independenceOf(plain), independenceOf(late)];
      for (const row of rows) {
        const [one, other] = [sideOf(row.one), sideOf(row.other)];
        expect(dependence(one, other, plain) === null).toBe(row.two);
        expect(dependence(one, other, late) === null).toBe(row.two && !row.late);
        expect([areTwo(one, other), areTwoFor(one, other)]).toEqual([row.two, row.two && !row.late]);
        seen.two += Number(row.two);
        seen.one += Number(!row.two && row.one !== row.other);
        seen.late += Number(row.late);
      }
    }),
    { numRuns: 60 },
  );
  await owner.end();
  expect(Math.min(seen.two, seen.one, seen.late)).toBeGreaterThan(50);
});

describe("what takes two people", () => {
  test("is counted among everybody, not among the oldest, in a workspace of 2,500", { timeout: 60_000 }, async () => {
    const first = await givenTenant();
    const boss = await first.person("admin", "reviewer");
    const crowd = await connectOwner();
    await crowd.query(
      `WITH people AS (
         INSERT INTO members (id, workspace_id, email, name, roles, password_hash, origin, created_at, joined_at)
         SELECT gen_random_uuid(), $1, 'c' || n || '@example.com', 'C' || n, ARRAY['reviewer', 'admin'], 'x', 'invitation',
           clock_timestamp(), clock_timestamp() FROM generate_series(1, 2500) n RETURNING id)
       INSERT INTO member_ties (id, workspace_id, member_id, by_member, kind, created_at)
       SELECT gen_random_uuid(), $1, id, $2, 'invitation', clock_timestamp() - (row_number() OVER ()) * interval '1 second' FROM people`,
      [first.workspaceId, idOf(boss)],
    );
    const page = (query: Partial<PeopleQuery> = {}) => showPeople(boss, { limit: 200, ...query });
    const alone = await page();
    expect(alone.duties.map(({ pair }) => pair)).toEqual([null, null, null]);
    expect(alone.duties[0]?.fault).toContain("on an invitation from");
    const last = "ffffffff-ffff-7fff-bfff-ffffffffffff";
    await crowd.query(
      `INSERT INTO members (id, workspace_id, email, name, roles, password_hash, origin, created_at, joined_at)
       VALUES ($2, $1, 'last@example.com', 'Last', ARRAY['reviewer', 'operator', 'policy_admin'], 'x', 'installation', clock_timestamp(), clock_timestamp())
       ON CONFLICT (id) DO NOTHING`,
      [first.workspaceId, last],
    );
    const begun = performance.now();
    const { people, duties, found, next } = await page();
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(people).toHaveLength(200);
    expect(found).toBeGreaterThan(2_500);
    expect(people.map(({ memberId }) => memberId)).not.toContain(last);
    expect(people.every(({ notBeside }) => notBeside.length <= 5)).toBe(true);
    expect(people.some(({ notBesideMore }) => notBesideMore > 2_000)).toBe(true);
    const second = await page({ cursor: next ?? "" });
    expect(second.people.some(({ memberId }) => people.some((one) => one.memberId === memberId))).toBe(false);
    expect(await page({ q: "LAST@exam" })).toMatchObject({ found: 1, next: null, people: [{ memberId: last }] });
    // One question about one person walks all ties and stays far below what a statement may take.
    const asked = performance.now();
    const { rows } = await crowd.query("SELECT are_two_people($1, $2, clock_timestamp()) AS two", [idOf(boss), last]);
    expect(rows).toEqual([{ two: true }]);
    expect(performance.now() - asked).toBeLessThan(2_500);
    await crowd.end();
    for (const { pair, fault } of duties) expect([pair?.[1], fault]).toEqual(["Last", null]);
  });
});
