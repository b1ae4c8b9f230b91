import { randomUUID } from "node:crypto";

import { describe, expect, test } from "vitest";

import { InviteMemberInput, CreateTokenInput } from "@/lib/core/workspaces/schema";
import { anyone } from "@/lib/data/db";
import { hashSecret } from "@/lib/platform/secret";
import { authenticate } from "@/lib/services/access/authenticate";
import { refusal } from "@/lib/testing/refusal";
import { givenTenant } from "@/lib/testing/tenant";

import { acceptInvitation } from "../people/accept-invitation";
import { inviteMember } from "../people/invite-member";
import { createToken } from "./create-token";
import { disableMember } from "./disable-member";
import { listMembers } from "./list-members";
import { listTokens } from "./list-tokens";
import { revokeToken } from "./revoke-token";

const newcomer = () =>
  InviteMemberInput.parse({ email: `new-${randomUUID()}@example.com`, name: "New", roles: ["viewer"] });
const token = (fields: object = {}) => CreateTokenInput.parse(fields);

describe("inviting a member", () => {
  test("is for administrators alone", async () => {
    const tenant = await givenTenant();
    for (const role of ["viewer", "reviewer", "operator", "policy_admin"] as const) {
      expect(await refusal(inviteMember(await tenant.person(role), newcomer()))).toBe("role_missing");
    }
  });

  test("makes an account by its own holder, whose token works at once and is stored as a hash", async () => {
    const tenant = await givenTenant();
    const { code, member_id } = await inviteMember(await tenant.person("admin"), newcomer());
    expect(code).toMatch(/^ili_[A-Za-z0-9_-]{43}$/);
    const made = await acceptInvitation(code, { password: "correct horse battery" });
    expect(made.member_id).toBe(member_id);
    expect(made.token).toMatch(/^ilp_[A-Za-z0-9_-]{43}$/);
    const ctx = await authenticate(made.token, false);
    expect(ctx).toMatchObject({
      workspaceId: tenant.workspaceId,
      actor: { memberId: made.member_id, roles: ["viewer"], via: "token" },
    });

    const rows = await tenant.system.db.personalToken.findMany({ where: { memberId: made.member_id }, take: 2 });
    expect(rows).toHaveLength(1);
    expect(Buffer.from(rows[0]?.hash ?? [])).toEqual(Buffer.from(hashSecret(made.token)));
    expect(rows[0]?.hint).toBe(made.token.slice(-4));
    const kind = { in: ["member.invite", "member.join"] };
    const entries = await tenant.system.db.ledgerEntry.findMany({ where: { kind }, take: 3 });
    expect(entries.map((entry) => entry.kind).toSorted()).toEqual(["member.invite", "member.join"]);
    const written = entries.map((entry) => entry.body).join();
    for (const secret of [made.token, code]) expect(written).not.toContain(secret);
    expect(written).toContain('"cooling_off_hours":"72"');
  });

  test("T84 takes no field it does not name", () => {
    const columns = [
      "id",
      "workspaceId",
      "workspace_id",
      "password",
      "passwordHash",
      "password_hash",
      "disabledAt",
      "demo",
      "createdAt",
      "role",
      "admin",
      "token",
      "member",
      "hash",
    ];
    for (const column of columns) {
      expect({ column, taken: InviteMemberInput.safeParse({ ...newcomer(), [column]: "x" }).success }).toEqual({
        column,
        taken: false,
      });
      expect({ column, taken: CreateTokenInput.safeParse({ name: "x", [column]: "x" }).success }).toEqual({
        column,
        taken: false,
      });
    }
  });

  test("T83 takes one plain address", () => {
    const tricks = [
      "a@x.com,b@y.com",
      "a@x.com b@y.com",
      '"a@evil.com"@good.com',
      "a(comment)@x.com",
      "a@x.com\r\nBcc: b@y.com",
      "a@x",
      "a@@x.com",
      "<a@x.com>",
      "а@x.com",
    ];
    for (const email of tricks)
      expect({ email, taken: InviteMemberInput.safeParse({ ...newcomer(), email }).success }).toEqual({
        email,
        taken: false,
      });
  });

  test("writes nothing when the address is taken", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    const input = newcomer();
    await inviteMember(admin, input);
    const before = await tenant.system.db.personalToken.count();
    expect(await refusal(inviteMember(admin, input))).toBe("email_taken");
    expect(await tenant.system.db.personalToken.count()).toBe(before);
  });
});

describe("personal tokens", () => {
  test("people-1 are made for oneself alone, by anyone", async () => {
    const tenant = await givenTenant();
    const [viewer, admin] = [await tenant.person("viewer"), await tenant.person("admin")];
    const own = await createToken(viewer, token());
    expect((await authenticate(own.token, false)).actor).toMatchObject({ memberId: viewer.actor.memberId });
    for (const member of [viewer.email, viewer.actor.memberId])
      expect(CreateTokenInput.safeParse({ name: "x", member, days: 1 }).success).toBe(false);
    expect((await listTokens(admin)).items).toEqual([]);
    expect((await listTokens(viewer)).items.map((item) => item.id)).toEqual([own.token_id]);
  });

  test("are not made by somebody who was disabled since they asked", async () => {
    const tenant = await givenTenant();
    const [admin, gone] = [await tenant.person("admin"), await tenant.person("viewer")];
    await disableMember(admin, { member: gone.email });
    expect(await refusal(createToken(gone, token()))).toBe("member_disabled");
  });

  test("stop working when they are revoked, and belong to their owner", async () => {
    const tenant = await givenTenant();
    const [one, two] = [await tenant.person("viewer"), await tenant.person("operator")];
    const made = await createToken(one, token());
    expect(await refusal(revokeToken(two, { tokenId: made.token_id }))).toBe("role_missing");
    await revokeToken(one, { tokenId: made.token_id });
    expect(await refusal(authenticate(made.token, false))).toBe("unauthenticated");
    expect(await refusal(revokeToken(one, { tokenId: made.token_id }))).toBe("not_found");
  });

  test("of another workspace cannot be named", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    const made = await createToken(await there.person("viewer"), token());
    const admin = await here.person("admin");
    expect(await refusal(revokeToken(admin, { tokenId: made.token_id }))).toBe("not_found");
    await authenticate(made.token, false);
  });
});

describe("disabling a member", () => {
  test("ends their tokens at once", async () => {
    const tenant = await givenTenant();
    const [admin, member] = [await tenant.person("admin"), await tenant.person("reviewer")];
    const made = await createToken(member, token());
    await disableMember(admin, { member: member.email });
    expect(await refusal(authenticate(made.token, false))).toBe("unauthenticated");
    expect((await listMembers(admin)).items.find((item) => item.id === member.actor.memberId)).toMatchObject({
      disabled: true,
    });
    expect(await refusal(disableMember(admin, { member: member.email }))).toBe("already_disabled");
  });

  test("never leaves a workspace without an administrator", async () => {
    const tenant = await givenTenant();
    const [one, two] = [await tenant.person("admin"), await tenant.person("admin")];
    expect(await refusal(disableMember(one, { member: one.email }))).toBe("own_account");
    const outcomes = await Promise.allSettled([
      disableMember(one, { member: two.email }),
      disableMember(two, { member: one.email }),
    ]);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    expect((await listMembers(one)).items.filter((item) => !item.disabled)).toHaveLength(1);
  });

  test("is for administrators of the same workspace", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    const stranger = await there.person("viewer");
    expect(await refusal(disableMember(await here.person("operator"), { member: stranger.email }))).toBe(
      "role_missing",
    );
    expect(await refusal(disableMember(await here.person("admin"), { member: stranger.actor.memberId }))).toBe(
      "not_found",
    );
  });
});

describe("row-level security", () => {
  test("T75 shows no row of another workspace to a query that forgot to name its own", async () => {
    const [here, there] = [await givenTenant(), await givenTenant()];
    const [mine, theirs] = [await here.person("viewer"), await there.person("viewer")];
    const rows = await here.system.db.$queryRaw<{ id: string }[]>`SELECT id FROM members`;
    expect(rows.map((row) => row.id)).toEqual([mine.actor.memberId]);
    const named = await here.system.db.member.findMany({ where: { id: theirs.actor.memberId }, take: 1 });
    expect(named).toEqual([]);
    const changed = await here.system.db.member.updateMany({
      where: { id: theirs.actor.memberId },
      data: { name: "mine now" },
    });
    expect(changed.count).toBe(0);
    await expect(
      here.system.db.member.create({
        data: { id: randomUUID(), workspaceId: there.workspaceId, email: "x@example.com", name: "x", roles: ["admin"] },
      }),
    ).rejects.toThrow(/row-level security/);
  });

  test("T75 shows nothing at all without a workspace", async () => {
    await givenTenant();
    expect(await anyone.$queryRaw`SELECT id FROM members LIMIT 1`).toEqual([]);
    expect(await anyone.$queryRaw`SELECT id FROM sign_ins LIMIT 1`).toEqual([]);
    expect(await anyone.$queryRaw`SELECT id FROM personal_tokens LIMIT 1`).toEqual([]);
  });
});
