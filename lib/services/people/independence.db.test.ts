import { randomUUID } from "node:crypto";

import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";

import { dependence } from "@/lib/core/people/independence";
import { AppError } from "@/lib/core/shared/errors";
import type { Role } from "@/lib/core/workspaces/schema";
import { transact } from "@/lib/data/db";
import { findPeopleFacts, insertTie, listActing } from "@/lib/data/people";
import { type GivenApproval, givenApproval } from "@/lib/testing/approval";
import { faultNow } from "@/lib/testing/approval-fault";
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
/** The fine word of a refusal; fails when there was none. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  const answer = await attempt.catch((error: unknown) => error);
  if (answer instanceof AppError) return answer.reason;
  throw new Error(`was not refused: ${String(answer)}`);
}

describe("votes", () => {
  test("people-1 neither the inviter beside the invited, nor two whom one invited, nor a chain of them", async () => {
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
    expect((await showPeople(ben)).people.find(({ memberId }) => memberId === idOf(one))).toMatchObject({
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

test("the core and the database agree on any web of ties", { timeout: 180_000 }, async () => {
  const people = await Promise.all(Array.from({ length: 6 }, () => tenant.person("reviewer")));
  const ids = people.map(idOf);
  const edge = fc.tuple(fc.nat(5), fc.nat(5), fc.constantFrom("invitation" as const, "roles" as const));
  await fc.assert(
    fc.asyncProperty(fc.array(edge, { maxLength: 6 }), async (edges) => {
      await sql(async (tx) => {
        await tx.$executeRaw`UPDATE member_ties SET ended_at = clock_timestamp() WHERE ended_at IS NULL`;
        for (const [one, other, kind] of edges) {
          const [memberId, byId] = [ids[one] ?? "", ids[other] ?? ""];
          if (memberId !== byId) await insertTie(tx, tenant.workspaceId, { memberId, byId, kind });
        }
      });
      const facts = await findPeopleFacts(tenant.system.db, tenant.workspaceId, null);
      const rows = await sql(
        (tx) => tx.$queryRaw<{ one: string; other: string; two: boolean }[]>`
          SELECT a.id AS one, b.id AS other, are_two_people(a.id, b.id, clock_timestamp()) AS two
          FROM unnest(${ids}::uuid[]) a (id), unnest(${ids}::uuid[]) b (id)`,
      );
      expect(rows).toHaveLength(36);
      for (const { one, other, two } of rows) {
        const side = (memberId: string) => ({ memberId, answersFor: [memberId] });
        expect(two).toBe(dependence(side(one), side(other), facts) === null);
      }
    }),
    { numRuns: 25 },
  );
});
