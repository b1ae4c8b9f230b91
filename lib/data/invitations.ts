import "server-only";

import { z } from "zod";

import { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import { anyone, type Db, type Tx } from "./db";

const Holder = z.object({ workspace_id: z.uuid(), member_id: z.uuid(), invitation_id: z.uuid() });

/** Whom an invitation is for. */
export type InvitationHolder = {
  readonly workspaceId: WorkspaceId;
  readonly memberId: MemberId;
  readonly invitationId: string;
};

/** Whom the invitation with this code's SHA-256 is for; null when it is unknown, used, replaced or expired. */
export async function findInvitation(hash: Uint8Array<ArrayBuffer>): Promise<InvitationHolder | null> {
  const rows = await anyone.$queryRaw<unknown[]>`SELECT * FROM find_invitation(${hash})`;
  if (rows[0] === undefined) return null;
  const row = Holder.parse(rows[0]);
  return {
    workspaceId: WorkspaceId.parse(row.workspace_id),
    memberId: MemberId.parse(row.member_id),
    invitationId: row.invitation_id,
  };
}

export type NewInvitation = {
  readonly id: string;
  readonly memberId: MemberId;
  /** Null for those who are set up with the installation. */
  readonly by: MemberId | null;
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly days: number;
};

/** @returns until when it can be used, by the database's clock */
export async function insertInvitation(tx: Tx, workspaceId: WorkspaceId, invitation: NewInvitation): Promise<Date> {
  const { id, memberId, by, hash, days } = invitation;
  const rows = await tx.$queryRaw<{ expires_at: Date }[]>`
    INSERT INTO invitations (id, workspace_id, member_id, invited_by, code_hash, created_at, expires_at)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${memberId}::uuid, ${by}::uuid, ${hash}, clock_timestamp(),
            clock_timestamp() + make_interval(days => ${days}))
    RETURNING expires_at`;
  const row = rows[0];
  if (!row) throw new Error("an invitation that was inserted has no row");
  return row.expires_at;
}

/** Makes every link of a member that was not used yet useless. */
export async function closeInvitationsOf(tx: Tx, workspaceId: WorkspaceId, memberId: MemberId): Promise<void> {
  await tx.$executeRaw`
    UPDATE invitations SET closed_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND accepted_at IS NULL AND closed_at IS NULL`;
}

/**
 * Uses an invitation up: of two who try at once, one does.
 *
 * @returns who invited, null for the installation; undefined when it cannot be used any more
 */
export async function takeInvitation(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
): Promise<{ readonly by: MemberId | null } | undefined> {
  const rows = await tx.$queryRaw<{ invited_by: string | null }[]>`
    UPDATE invitations SET accepted_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND accepted_at IS NULL AND closed_at IS NULL
      AND expires_at > clock_timestamp()
    RETURNING invited_by`;
  const row = rows[0];
  return row && { by: row.invited_by === null ? null : MemberId.parse(row.invited_by) };
}

const Shown = z.object({
  email: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  workspace: z.string(),
  invitedBy: z.string().nullable(),
  expiresAt: z.date(),
});

/** What an invited person is shown before they set up their account. */
export async function showInvitationRow(
  on: Db,
  workspaceId: WorkspaceId,
  id: string,
): Promise<z.infer<typeof Shown> | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT m.email, m.name, m.roles, w.name AS workspace, b.name AS "invitedBy", i.expires_at AS "expiresAt"
    FROM invitations i JOIN members m ON m.id = i.member_id JOIN workspaces w ON w.id = i.workspace_id
    LEFT JOIN members b ON b.id = i.invited_by WHERE i.workspace_id = ${workspaceId}::uuid AND i.id = ${id}::uuid`;
  return rows[0] === undefined ? null : Shown.parse(rows[0]);
}

/** People set up with the installation who have no way to sign in yet; those of the demonstration never get one. */
export async function listNotSetUp(
  on: Db,
  workspaceId: WorkspaceId,
): Promise<readonly { readonly id: MemberId; readonly email: string }[]> {
  const rows = await on.$queryRaw<{ id: string; email: string }[]>`
    SELECT m.id, m.email FROM members m WHERE m.workspace_id = ${workspaceId}::uuid AND m.origin = 'installation'
      AND m.password_hash IS NULL AND m.verified_at IS NULL AND NOT m.demo AND m.disabled_at IS NULL ORDER BY m.id`;
  return rows.map(({ id, email }) => ({ id: MemberId.parse(id), email }));
}
