import "server-only";

import { z } from "zod";

import { type Voter, VoterRow } from "@/lib/core/approvals/schema";
import { MemberId, type WorkspaceId } from "@/lib/core/shared/brand";
import { type Member, Role } from "@/lib/core/workspaces/schema";
import type { Token } from "@/lib/core/workspaces/token";

import type { Db, Tx } from "./db";

const columns = {
  id: true,
  email: true,
  name: true,
  roles: true,
  disabledAt: true,
  demo: true,
  joinedAt: true,
} as const;

type Columns = {
  id: string;
  email: string;
  name: string;
  roles: string[];
  disabledAt: Date | null;
  demo: boolean;
  joinedAt: Date | null;
};

function memberOf({ disabledAt, ...row }: Columns): Member {
  return { ...row, roles: Role.array().parse(row.roles), disabled: disabledAt !== null };
}

/** A member by id or by e-mail address; null when this workspace has no such one. */
export async function findMember(on: Db, workspaceId: WorkspaceId, idOrEmail: string): Promise<Member | null> {
  const id = MemberId.safeParse(idOrEmail);
  const row = await on.member.findFirst({
    where: { workspaceId, ...(id.success ? { id: id.data } : { email: idOrEmail.toLowerCase() }) },
    select: columns,
  });
  return row && memberOf(row);
}

export type MemberPage = { readonly items: readonly Member[]; readonly next: string | null };

/** Oldest first: the order in which people joined. */
export async function listMembersOf(
  on: Db,
  workspaceId: WorkspaceId,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<MemberPage> {
  const rows = await on.member.findMany({
    where: { workspaceId, ...(cursor !== undefined && { id: { gt: cursor } }) },
    orderBy: { id: "asc" },
    take: limit + 1,
    select: columns,
  });
  const items = rows.slice(0, limit).map(memberOf);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export type NewMember = {
  readonly id: MemberId;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly passwordHash: string | null;
  readonly origin: "installation" | "invitation";
  /** Whether they can act from now on; else they are invited. */
  readonly joined: boolean;
  /** Made up for the demonstration. */
  readonly demo?: boolean;
};

/** @returns false when the workspace already has a member of this address; nothing is then written */
export async function insertMember(tx: Tx, workspaceId: WorkspaceId, member: NewMember): Promise<boolean> {
  const { id, email, name, roles, passwordHash, origin, joined, demo = false } = member;
  const count = await tx.$executeRaw`
    INSERT INTO members (id, workspace_id, email, name, roles, password_hash, origin, demo, created_at, joined_at)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${email}, ${name}, ${[...roles]}::text[], ${passwordHash}, ${origin}, ${demo},
            clock_timestamp(), CASE WHEN ${joined} THEN clock_timestamp() END)
    ON CONFLICT DO NOTHING`;
  return count === 1;
}

/**
 * The roles of a member who may act now, their row shared until the transaction ends: whoever is disabled or demoted at
 * the same moment is so before or after it, never in between.
 *
 * @returns null when they are unknown, disabled or have not joined
 */
export async function shareActor(tx: Tx, workspaceId: WorkspaceId, id: MemberId): Promise<readonly Role[] | null> {
  const rows = await tx.$queryRaw<{ roles: string[] }[]>`
    SELECT roles FROM members WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND disabled_at IS NULL
      AND joined_at IS NOT NULL FOR SHARE`;
  return rows[0] ? Role.array().parse(rows[0].roles) : null;
}

/** Lets a member act from now on, with a password of their own; what they had before is replaced. */
export async function joinMember(tx: Tx, workspaceId: WorkspaceId, id: MemberId, passwordHash: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE members SET joined_at = coalesce(joined_at, clock_timestamp()), password_hash = ${passwordHash}, verified_at = NULL
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`;
}

/** Notes that the identity provider knows this member. @param keepsPassword whether a password set before still works */
export async function verifyMember(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: MemberId,
  keepsPassword: boolean,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE members SET joined_at = coalesce(joined_at, clock_timestamp()), verified_at = clock_timestamp(),
      password_hash = CASE WHEN ${keepsPassword} THEN password_hash END
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`;
}

/** Gives a member other roles. @returns false when they are unknown, disabled or hold exactly these */
export async function setRoles(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: MemberId,
  roles: readonly Role[],
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE members SET roles = ${[...roles]}::text[] WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid
      AND disabled_at IS NULL AND NOT (roles @> ${[...roles]}::text[] AND roles <@ ${[...roles]}::text[])`;
  return count === 1;
}

/** @returns false when the member is unknown or already disabled */
export async function disableMemberRow(tx: Tx, workspaceId: WorkspaceId, id: MemberId): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE members SET disabled_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND disabled_at IS NULL`;
  return count === 1;
}

/** Locks the workspace's administrators who can still act, so that two of them cannot remove each other at once. */
export async function lockActiveAdmins(tx: Tx, workspaceId: WorkspaceId): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM members WHERE workspace_id = ${workspaceId}::uuid AND disabled_at IS NULL AND joined_at IS NOT NULL
      AND 'admin' = ANY (roles)
    ORDER BY id FOR UPDATE`;
  return rows.map((row) => row.id);
}

export type NewToken = {
  readonly id: string;
  readonly memberId: MemberId;
  readonly name: string;
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly hint: string;
  readonly days: number;
};

/** @returns when it expires, by the database's clock */
export async function insertToken(tx: Tx, workspaceId: WorkspaceId, token: NewToken): Promise<Date> {
  const rows = await tx.$queryRaw<{ expires_at: Date }[]>`
    INSERT INTO personal_tokens (id, workspace_id, member_id, name, hash, hint, created_at, expires_at)
    VALUES (${token.id}::uuid, ${workspaceId}::uuid, ${token.memberId}::uuid, ${token.name}, ${token.hash}, ${token.hint},
            clock_timestamp(), clock_timestamp() + make_interval(days => ${token.days}))
    RETURNING expires_at`;
  const row = rows[0];
  if (!row) throw new Error("a token that was inserted has no row");
  return row.expires_at;
}

/** The member's tokens that still work, newest first. */
export async function listTokensOf(on: Db, workspaceId: WorkspaceId, memberId: MemberId): Promise<readonly Token[]> {
  const rows = await on.$queryRaw<{ id: string; name: string; hint: string; created_at: Date; expires_at: Date }[]>`
    SELECT id, name, hint, created_at, expires_at FROM personal_tokens
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND revoked_at IS NULL
      AND expires_at > clock_timestamp()
    ORDER BY id DESC LIMIT 100`;
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    hint: row.hint,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }));
}

/** Whose token this is; null when it is unknown or already revoked. */
export async function findTokenOwner(on: Db, workspaceId: WorkspaceId, id: string): Promise<MemberId | null> {
  const row = await on.personalToken.findFirst({
    where: { id, workspaceId, revokedAt: null },
    select: { memberId: true },
  });
  return row && MemberId.parse(row.memberId);
}

/** @returns false when it was already revoked */
export async function revokeTokenRow(tx: Tx, workspaceId: WorkspaceId, id: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE personal_tokens SET revoked_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND revoked_at IS NULL`;
  return count === 1;
}

/** Revokes every token of a member at once. */
export async function revokeTokensOf(tx: Tx, workspaceId: WorkspaceId, memberId: MemberId): Promise<number> {
  return tx.$executeRaw`
    UPDATE personal_tokens SET revoked_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND revoked_at IS NULL`;
}

/** Who holds a role now and can act, by name. */
export async function listVotersOf(
  on: Db,
  workspaceId: WorkspaceId,
  role: string,
): Promise<readonly (Voter & { readonly name: string })[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT m.id, m.name, m.roles, FALSE AS disabled, coalesce(m.person_id, m.id) AS "personId",
           answers_for(m.id, clock_timestamp()) AS "answersFor", tied_accounts(m.id, clock_timestamp()) || answers_for(m.id, clock_timestamp()) AS "oneWith"
    FROM members m WHERE m.workspace_id = ${workspaceId}::uuid AND m.disabled_at IS NULL AND m.joined_at IS NOT NULL AND ${role} = ANY (m.roles)
    ORDER BY m.name, m.id LIMIT 200`;
  return VoterRow.extend({ name: z.string() }).array().parse(rows);
}
