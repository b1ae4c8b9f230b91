import "server-only";

import { z } from "zod";

import { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import { anyone, type Db, type Tx } from "./db";

const Id = z.object({ workspace_id: WorkspaceId });
const first = (rows: unknown[]): WorkspaceId | null => (rows[0] === undefined ? null : Id.parse(rows[0]).workspace_id);

/** Where to look for the secret a Slack request must be signed with. Says nothing about the request. */
export async function findDeliveryWorkspace(deliveryId: string): Promise<WorkspaceId | null> {
  return first(await anyone.$queryRaw<unknown[]>`SELECT * FROM find_delivery_workspace(${deliveryId}::uuid)`);
}

export async function findCodeWorkspace(hash: Uint8Array<ArrayBuffer>): Promise<WorkspaceId | null> {
  return first(await anyone.$queryRaw<unknown[]>`SELECT * FROM find_slack_code_workspace(${hash})`);
}

/** Of a message of ours: to which destination it went, about which request, and whether it could be a person's. */
export async function findAsked(
  on: Db,
  workspaceId: WorkspaceId,
  deliveryId: string,
): Promise<{ readonly destinationId: string | null; readonly approvalId: string | null } | null> {
  const rows = await on.$queryRaw<{ destination_id: string | null; approval_id: string | null }[]>`
    SELECT destination_id, approval_id FROM deliveries WHERE workspace_id = ${workspaceId}::uuid AND id = ${deliveryId}::uuid`;
  const row = rows[0];
  return row ? { destinationId: row.destination_id, approvalId: row.approval_id } : null;
}

/** Uses up a signature. @returns false when it was used before */
export async function useSignature(tx: Db, workspaceId: WorkspaceId, hash: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const count = await tx.$executeRaw`
    INSERT INTO slack_signatures (hash, workspace_id, at) VALUES (${hash}, ${workspaceId}::uuid, clock_timestamp())
    ON CONFLICT DO NOTHING`;
  return count === 1;
}

/** Forgets what is too old to be sent again, and codes that are over. */
export async function deleteOldSlack(on: Db, workspaceId: WorkspaceId): Promise<number> {
  const codes = await on.$executeRaw`
    DELETE FROM slack_codes WHERE workspace_id = ${workspaceId}::uuid AND expires_at < clock_timestamp() - interval '1 day'`;
  return (
    codes +
    (await on.$executeRaw`
      DELETE FROM slack_signatures WHERE workspace_id = ${workspaceId}::uuid AND at < clock_timestamp() - interval '1 hour'`)
  );
}

/** Who a Slack user is here; null when nobody has said. */
export async function findLinkedMember(
  on: Db,
  workspaceId: WorkspaceId,
  slackUserId: string,
): Promise<MemberId | null> {
  const rows = await on.$queryRaw<{ member_id: string }[]>`
    SELECT l.member_id FROM slack_links l JOIN members m ON m.id = l.member_id AND m.disabled_at IS NULL
    WHERE l.workspace_id = ${workspaceId}::uuid AND l.slack_user_id = ${slackUserId}`;
  return rows[0] ? MemberId.parse(rows[0].member_id) : null;
}

/** Says who a Slack user is. Whoever it was before is no longer. */
export async function upsertLink(
  tx: Tx,
  workspaceId: WorkspaceId,
  { memberId, slackUserId, at }: { readonly memberId: string; readonly slackUserId: string; readonly at: Date },
): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM slack_links WHERE workspace_id = ${workspaceId}::uuid AND slack_user_id = ${slackUserId} AND member_id <> ${memberId}::uuid`;
  await tx.$executeRaw`
    INSERT INTO slack_links (member_id, workspace_id, slack_user_id, linked_at)
    VALUES (${memberId}::uuid, ${workspaceId}::uuid, ${slackUserId}, ${at})
    ON CONFLICT (member_id) DO UPDATE SET slack_user_id = excluded.slack_user_id, linked_at = excluded.linked_at`;
}

/** @returns false when there was none */
export async function deleteLink(tx: Tx, workspaceId: WorkspaceId, memberId: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    DELETE FROM slack_links WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid`;
  return count === 1;
}

export async function insertCode(
  tx: Tx,
  workspaceId: WorkspaceId,
  code: { readonly hash: Uint8Array<ArrayBuffer>; readonly memberId: MemberId; readonly minutes: number },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO slack_codes (hash, workspace_id, member_id, expires_at)
    VALUES (${code.hash}, ${workspaceId}::uuid, ${code.memberId}::uuid, clock_timestamp() + make_interval(mins => ${code.minutes}::int))`;
}

/** Uses a code up. @returns whose it is; null when it is unknown, used or over */
export async function useCode(
  tx: Tx,
  workspaceId: WorkspaceId,
  hash: Uint8Array<ArrayBuffer>,
): Promise<MemberId | null> {
  const rows = await tx.$queryRaw<{ member_id: string }[]>`
    UPDATE slack_codes SET used_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND hash = ${hash} AND used_at IS NULL AND expires_at > clock_timestamp()
    RETURNING member_id`;
  return rows[0] ? MemberId.parse(rows[0].member_id) : null;
}
