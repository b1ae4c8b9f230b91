import { randomUUID } from "node:crypto";

import { describe, expect, test } from "vitest";

import { AppError } from "@/lib/core/shared/errors";
import { CreateMemberInput, CreateTokenInput } from "@/lib/core/workspaces/schema";
import { anyone } from "@/lib/data/db";
import { hashSecret } from "@/lib/platform/secret";
import { authenticate } from "@/lib/services/access/authenticate";
import { givenTenant } from "@/lib/testing/tenant";

import { createMember } from "./create-member";
import { createToken } from "./create-token";
import { disableMember } from "./disable-member";
import { listMembers } from "./list-members";
import { listTokens } from "./list-tokens";
import { revokeToken } from "./revoke-token";

const newcomer = () =>
  CreateMemberInput.parse({ email: `new-${randomUUID()}@example.com`, name: "New", roles: ["viewer"] });
const token = (fields: object = {}) => CreateTokenInput.parse(fields);

/** The fine word of a refusal; fails when there was none. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof AppError) return error.reason;
    throw error;
  }
  throw new Error("was not refused");
}

describe("adding a member", () => {
  test("is for administrators alone", async () => {
    const tenant = await givenTenant();
    for (const role of ["viewer", "reviewer", "operator", "policy_admin"] as const) {
      expect(await refusal(createMember(await tenant.person(role), newcomer()))).toBe("role_missing");
    }
  });

  test("shows a token that works at once, and stores only its hash", async () => {
    const tenant = await givenTenant();
    const made = await createMember(await tenant.person("admin"), newcomer());
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
    const entries = await tenant.system.db.ledgerEntry.findMany({ where: { kind: "member.create" }, take: 2 });
    expect(entries).toHaveLength(1);
    expect(JSON.stringify(entries.map((entry) => entry.body))).not.toContain(made.token);
  });

  test("T84 takes no field it does not name", () => {
    const columns = [
      "id",
      "workspaceId",
      "workspace_id",
      "passwordHash",
      "password_hash",
      "disabledAt",
      "demo",
      "createdAt",
      "role",
      "admin",
      "token",
      "hash",
    ];
    for (const column of columns) {
      expect({ column, taken: CreateMemberInput.safeParse({ ...newcomer(), [column]: "x" }).success }).toEqual({
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
      expect({ email, taken: CreateMemberInput.safeParse({ ...newcomer(), email }).success }).toEqual({
        email,
        taken: false,
      });
  });

  test("writes nothing when the address is taken", async () => {
    const tenant = await givenTenant();
    const admin = await tenant.person("admin");
    const input = newcomer();
    await createMember(admin, input);
    const before = await tenant.system.db.personalToken.count();
    expect(await refusal(createMember(admin, input))).toBe("email_taken");
    expect(await tenant.system.db.personalToken.count()).toBe(before);
  });
});

describe("personal tokens", () => {
  test("are made for oneself by anyone, for others by an administrator", async () => {
    const tenant = await givenTenant();
    const [viewer, admin] = [await tenant.person("viewer"), await tenant.person("admin")];
    const own = await createToken(viewer, token());
    expect((await authenticate(own.token, false)).actor).toMatchObject({ memberId: viewer.actor.memberId });
    expect(await refusal(createToken(viewer, token({ member: admin.email })))).toBe("role_missing");
    const given = await createToken(admin, token({ member: viewer.email, days: 1 }));
    expect((await authenticate(given.token, false)).actor).toMatchObject({ memberId: viewer.actor.memberId });
    expect((await listTokens(viewer)).items.map((item) => item.id)).toEqual([given.token_id, own.token_id]);
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
    expect(await refusal(createToken(admin, token({ member: made.member_id })))).toBe("not_found");
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
