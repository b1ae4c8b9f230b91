import "server-only";

import { z } from "zod";

import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

const Bytes = z.instanceof(Uint8Array);
const KeyRow = z.object({ id: z.uuid(), sealed: Bytes, confirmed: z.boolean(), now: z.date() });
export type StoredStepUpKey = z.infer<typeof KeyRow>;

/** A person's authenticator as stored, the begun or the confirmed one, with the database's time; null when there is none. */
export async function findStepUpKey(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  which: "begun" | "confirmed",
): Promise<StoredStepUpKey | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, sealed, confirmed_at IS NOT NULL AS confirmed, clock_timestamp() AS now FROM step_up_keys
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND removed_at IS NULL
      AND (confirmed_at IS NOT NULL) = ${which === "confirmed"}`;
  return rows[0] === undefined ? null : KeyRow.parse(rows[0]);
}

/** Since when a person has an authenticator; null when they have none. */
export async function stepUpSince(on: Db, workspaceId: WorkspaceId, memberId: MemberId): Promise<Date | null> {
  const rows = await on.$queryRaw<{ at: Date }[]>`
    SELECT confirmed_at AS at FROM step_up_keys
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND removed_at IS NULL AND confirmed_at IS NOT NULL`;
  return rows[0]?.at ?? null;
}

/** Members of the workspace who have an authenticator. */
export async function listStepUpMembers(on: Db, workspaceId: WorkspaceId): Promise<readonly string[]> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT member_id AS id FROM step_up_keys
    WHERE workspace_id = ${workspaceId}::uuid AND removed_at IS NULL AND confirmed_at IS NOT NULL`;
  return rows.map(({ id }) => id);
}

/** Begins an enrolment, in place of one that was begun and never confirmed. */
export async function beginStepUpKey(
  tx: Tx,
  workspaceId: WorkspaceId,
  key: { readonly id: string; readonly memberId: MemberId; readonly sealed: Uint8Array<ArrayBuffer> },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO step_up_keys (id, workspace_id, member_id, sealed, created_at)
    VALUES (${key.id}::uuid, ${workspaceId}::uuid, ${key.memberId}::uuid, ${key.sealed}, clock_timestamp())
    ON CONFLICT (member_id) WHERE removed_at IS NULL AND confirmed_at IS NULL
    DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at`;
}

/** Confirms a begun enrolment. @returns false when it is not there any more */
export async function confirmStepUpKey(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  recovery: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE step_up_keys SET confirmed_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND confirmed_at IS NULL AND removed_at IS NULL`;
  if (count === 1) await tx.stepUpKey.updateMany({ where: { id, workspaceId }, data: { recovery: [...recovery] } });
  return count === 1;
}

/** Takes a person's authenticator away and forgets its secret. @returns false when they had none */
export async function removeStepUpKey(tx: Tx, workspaceId: WorkspaceId, memberId: MemberId): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE step_up_keys SET removed_at = clock_timestamp(), sealed = '', recovery = '{}'
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND removed_at IS NULL AND confirmed_at IS NOT NULL`;
  return count === 1;
}

/** Whether this is one of the recovery codes of a person's authenticator. */
export async function isRecoveryCode(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  hash: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id FROM step_up_keys WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid
      AND removed_at IS NULL AND confirmed_at IS NOT NULL AND ${hash} = ANY (recovery)`;
  return rows.length === 1;
}

/** Takes the code of one half minute, once and for ever. @returns false when this person has used it */
export async function takeStep(tx: Tx, workspaceId: WorkspaceId, memberId: MemberId, step: number): Promise<boolean> {
  const count = await tx.$executeRaw`
    INSERT INTO step_up_uses (member_id, step, workspace_id, used_at)
    VALUES (${memberId}::uuid, ${step}, ${workspaceId}::uuid, clock_timestamp()) ON CONFLICT DO NOTHING`;
  if (count !== 1) return false;
  // Codes this old are refused for their age: that they were used need not be remembered.
  await tx.$executeRaw`
    DELETE FROM step_up_uses WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND step < ${step - 100}`;
  return true;
}
