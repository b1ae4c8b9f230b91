import "server-only";

import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

/** Makes all accounts of two people those of one. */
export async function linkMemberRows(tx: Tx, workspaceId: WorkspaceId, one: MemberId, other: MemberId): Promise<void> {
  await tx.$executeRaw`
    UPDATE members SET person_id = (SELECT coalesce(o.person_id, o.id) FROM members o WHERE o.id = ${other}::uuid)
    WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (accounts_of(${one}::uuid) || accounts_of(${other}::uuid))`;
}

/**
 * Makes an account a person of its own. When the others were named after it, they are named after one of themselves.
 *
 * @returns the accounts it is no longer the same as; null when there were none
 */
export async function unlinkMemberRow(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: MemberId,
): Promise<readonly string[] | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM members WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (accounts_of(${id}::uuid)) AND id <> ${id}::uuid
    ORDER BY id FOR UPDATE`;
  const others = rows.map((row) => row.id);
  if (others.length === 0) return null;
  const name = others.length === 1 ? null : others[0];
  await tx.$executeRaw`UPDATE members SET person_id = NULL WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid`;
  await tx.$executeRaw`
    UPDATE members SET person_id = ${name}::uuid WHERE workspace_id = ${workspaceId}::uuid AND id = ANY (${others}::uuid[])`;
  return others;
}

/** Accounts that share a person with others: the account, and what the person is called by. */
export async function listLinkedMembers(
  on: Db,
  workspaceId: WorkspaceId,
): Promise<readonly { readonly id: string; readonly personId: string }[]> {
  return on.$queryRaw<{ id: string; personId: string }[]>`
    SELECT m.id, coalesce(m.person_id, m.id) AS "personId" FROM members m
    WHERE m.workspace_id = ${workspaceId}::uuid AND cardinality(accounts_of(m.id)) > 1 ORDER BY 2, 1`;
}
