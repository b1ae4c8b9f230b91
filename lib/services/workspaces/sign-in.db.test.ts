import { randomUUID } from "node:crypto";

import { describe, expect, test } from "vitest";

import type { Role } from "@/lib/core/workspaces/schema";
import { hashPassword } from "@/lib/platform/password";
import { readSessionToken, sealSessionToken, SESSION_COOKIE, type SessionClaims } from "@/lib/platform/session-token";
import type { ServiceContext } from "@/lib/services/context";
import { givenTenant, type Person } from "@/lib/testing/tenant";

import { disableMember } from "./disable-member";
import { resumeSession } from "./resume-session";
import { signIn } from "./sign-in";
import { signInVerified } from "./sign-in-verified";
import { signOut } from "./sign-out";

const PASSWORD = "correct horse battery";
const somewhere = () => `10.0.0.${randomUUID()}`;

/** A member who can sign in with `PASSWORD`, and an administrator of the same workspace. */
async function givenMember(...roles: Role[]): Promise<{ readonly member: Person; readonly admin: Person }> {
  const tenant = await givenTenant();
  const [member, admin] = [await tenant.person(...roles), await tenant.person("admin")];
  const data = { passwordHash: await hashPassword(PASSWORD) };
  await member.db.member.update({ where: { id: member.actor.memberId }, data, select: { id: true } });
  return { member, admin };
}

async function signedIn(email: string): Promise<SessionClaims> {
  const result = await signIn({ email, password: PASSWORD, address: somewhere(), device: null });
  if (!result.ok) throw new Error(`not signed in: ${result.why}`);
  return result.claims;
}

async function entries(ctx: ServiceContext, kind: string): Promise<readonly unknown[]> {
  const rows = await ctx.db.ledgerEntry.findMany({
    where: { workspaceId: ctx.workspaceId, kind },
    select: { body: true },
    take: 50,
  });
  return rows.map((row): unknown => JSON.parse(row.body));
}

describe("signing in", () => {
  test("opens a session whose roles are those of the moment", async () => {
    const { member } = await givenMember("viewer", "operator");
    const { memberId } = member.actor;
    const claims = await signedIn(member.email.toUpperCase());
    const session = await resumeSession(claims);
    expect(session?.actor).toEqual({ kind: "member", memberId, roles: ["viewer", "operator"], via: "screen" });

    const roles: Role[] = ["viewer"];
    await member.db.member.update({ where: { id: memberId }, data: { roles }, select: { id: true } });
    expect((await resumeSession(claims))?.actor).toMatchObject({ roles });
  });

  test("is refused alike for a wrong password, an unknown address and a disabled member", async () => {
    const known = await givenMember("viewer");
    const disabled = await givenMember("viewer");
    await disableMember(disabled.admin, { member: disabled.member.actor.memberId });
    for (const email of [known.member.email, `nobody-${randomUUID()}@example.com`, "not an address", ""]) {
      expect(await signIn({ email, password: "wrong password", address: somewhere(), device: null })).toEqual({
        ok: false,
        why: "wrong",
      });
    }
    expect(
      await signIn({ email: disabled.member.email, password: PASSWORD, address: somewhere(), device: null }),
    ).toEqual({
      ok: false,
      why: "wrong",
    });
  });

  test("takes as long for an unknown address as for a wrong password", async () => {
    const { member } = await givenMember("viewer");
    const { email } = member;
    const median = async (address: string) => {
      const times: number[] = [];
      for (let i = 0; i < 5; i += 1) {
        const started = performance.now();
        await signIn({ email: address, password: "wrong password", address: somewhere(), device: null });
        times.push(performance.now() - started);
      }
      return times.toSorted((a, b) => a - b)[2] ?? 0;
    };
    expect(Math.abs((await median(email)) - (await median(`nobody-${randomUUID()}@example.com`)))).toBeLessThan(25);
  });

  test("leaves an entry in the ledger, for success and refusal, without the password", async () => {
    const { member } = await givenMember("viewer");
    const { email, actor } = member;
    const { signInId } = await signedIn(email);
    await signIn({ email, password: "a wrong password", address: somewhere(), device: null });
    expect(await entries(member, "member.sign_in")).toMatchObject([
      { details: { member: actor.memberId, sign_in: signInId, method: "password" } },
    ]);
    const refused = await entries(member, "member.sign_in_refused");
    expect(refused).toMatchObject([{ details: { member: actor.memberId } }]);
    expect(JSON.stringify(refused)).not.toContain("wrong password");
  });

  test("checks at most eight passwords for one account from one place, and none after that", async () => {
    const { member } = await givenMember("viewer");
    const { email } = member;
    const address = somewhere();
    const results = await Promise.all(
      Array.from({ length: 40 }, () => signIn({ email, password: "guess", address, device: null })),
    );
    expect(results.filter((result) => !result.ok && result.why === "wrong")).toHaveLength(8);
    const refused = results.find((result) => !result.ok && result.why === "too_many");
    expect(refused).toMatchObject({ retryAfterSeconds: expect.any(Number) });
    expect(await signIn({ email, password: PASSWORD, address, device: null })).toMatchObject({
      ok: false,
      why: "too_many",
    });
    expect(await signIn({ email, password: PASSWORD, address: somewhere(), device: null })).toMatchObject({ ok: true });
  });

  test("locks nobody out by a flood of guesses from elsewhere", async () => {
    const { member } = await givenMember("viewer");
    const { email } = member;
    const places = Array.from({ length: 9 }, somewhere);
    for (const address of places) {
      await Promise.all(Array.from({ length: 9 }, () => signIn({ email, password: "guess", address, device: null })));
    }

    const right = { email, password: PASSWORD };
    expect(await signIn({ ...right, address: somewhere(), device: null })).toMatchObject({ ok: true });
    const [guilty = ""] = places;
    expect(await signIn({ ...right, address: guilty, device: null })).toMatchObject({ why: "too_many" });
    // A known browser is let through even where the guesses come from, and has no more guesses than a place has.
    const device = randomUUID();
    expect(await signIn({ ...right, address: guilty, device })).toMatchObject({ ok: true });
    const wrong = await Promise.all(
      Array.from({ length: 20 }, () => signIn({ email, password: "guess", address: somewhere(), device })),
    );
    expect(wrong.filter((result) => !result.ok && result.why === "wrong")).toHaveLength(8);
    // The others get very few, so that guessing from many places stays hopeless.
    const late = somewhere();
    const few = await Promise.all(
      Array.from({ length: 10 }, () => signIn({ email, password: "guess", address: late, device: null })),
    );
    expect(few.filter((result) => !result.ok && result.why === "wrong")).toHaveLength(2);
  }, 60_000);

  test("counts only failures", async () => {
    const { member } = await givenMember("viewer");
    const { email } = member;
    const address = somewhere();
    for (let i = 0; i < 12; i += 1)
      expect(await signIn({ email, password: PASSWORD, address, device: null })).toMatchObject({ ok: true });
  });

  test("with a verified address needs a member who is there and active", async () => {
    const { member, admin } = await givenMember("viewer");
    const { email, actor } = member;
    expect(await signInVerified(email)).toMatchObject({ memberId: actor.memberId });
    expect(await signInVerified(`nobody-${randomUUID()}@example.com`)).toBeNull();
    expect(await signInVerified(`${email},${email}`)).toBeNull();
    await disableMember(admin, { member: actor.memberId });
    expect(await signInVerified(email)).toBeNull();
  });
});

describe("a session", () => {
  test("ends with signing out, whatever copy of its cookie is left", async () => {
    const { member } = await givenMember("viewer");
    const { email } = member;
    const claims = await signedIn(email);
    const copy = `${SESSION_COOKIE.name}=${await sealSessionToken(claims)}`;
    const ctx = await resumeSession(claims);
    if (!ctx) throw new Error("the session does not run");
    await signOut(ctx, claims);

    expect(await readSessionToken(copy)).toEqual(claims);
    expect(await resumeSession(claims)).toBeNull();
    expect(await entries(ctx, "member.sign_out")).toHaveLength(1);
    await signOut(ctx, claims);
    expect(await entries(ctx, "member.sign_out")).toHaveLength(1);
  });

  test("is a new one at each sign-in", async () => {
    const { member } = await givenMember("viewer");
    const { email } = member;
    expect((await signedIn(email)).signInId).not.toBe((await signedIn(email)).signInId);
  });

  test("ends by itself, by the database's clock", async () => {
    const { member } = await givenMember("viewer");
    const claims = await signedIn(member.email);
    await member.db.signIn.update({
      where: { id: claims.signInId },
      data: { expiresAt: new Date(0) },
      select: { id: true },
    });
    expect(await resumeSession(claims)).toBeNull();
  });

  test("ends when its member is disabled", async () => {
    const { member, admin } = await givenMember("reviewer");
    const claims = await signedIn(member.email);
    await disableMember(admin, { member: member.actor.memberId });
    expect(await resumeSession(claims)).toBeNull();
  });

  test("opens nothing for another member or workspace than its own", async () => {
    const [one, two] = [await givenMember("viewer"), await givenMember("viewer")];
    const claims = await signedIn(one.member.email);
    const { workspaceId, actor } = two.member;
    expect(await resumeSession({ ...claims, memberId: one.admin.actor.memberId })).toBeNull();
    expect(await resumeSession({ ...claims, workspaceId })).toBeNull();
    expect(await resumeSession({ ...claims, workspaceId, memberId: actor.memberId })).toBeNull();
  });
});
