import "server-only";

import { z } from "zod";

import { type Voter, VoterRow } from "@/lib/core/approvals/schema";
import { MemberId, type WorkspaceId } from "@/lib/core/shared/brand";
import { type Member, Role } from "@/lib/core/workspaces/schema";
import type { Token } from "@/lib/core/workspaces/token";

import type { Db, Tx } from "./db";

const columns = { id: true, email: true, name: true, roles: true, disabledAt: true, demo: true } as const;

type Columns = { id: string; email: string; name: string; roles: string[]; disabledAt: Date | null; demo: boolean };

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
  readonly demo?: boolean;
};

/** @returns false when the workspace already has a member of this address; nothing is then written */
export async function insertMember(tx: Tx, workspaceId: WorkspaceId, member: NewMember): Promise<boolean> {
  const { count } = await tx.member.createMany({
    data: { ...member, workspaceId, roles: [...member.roles] },
    skipDuplicates: true,
  });
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
    SELECT id FROM members WHERE workspace_id = ${workspaceId}::uuid AND disabled_at IS NULL AND 'admin' = ANY (roles)
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
           answers_for(m.id, clock_timestamp()) AS "answersFor"
    FROM members m WHERE m.workspace_id = ${workspaceId}::uuid AND m.disabled_at IS NULL AND ${role} = ANY (m.roles)
    ORDER BY m.name, m.id LIMIT 200`;
  return VoterRow.extend({ name: z.string() }).array().parse(rows);
}
