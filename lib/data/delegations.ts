import "server-only";

import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { Delegation } from "@/lib/core/workspaces/delegation";

import type { Db, Tx } from "./db";

/** Delegations that last or are to come, from or to this person, the earliest first. */
export async function listDelegationsOf(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
): Promise<readonly Delegation[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.id, d.from_member AS "fromId", f.name AS "fromName", d.to_member AS "toId", t.name AS "toName",
           d.starts_at AS "startsAt", d.ends_at AS "endsAt", d.starts_at <= clock_timestamp() AS running
    FROM delegations d JOIN members f ON f.id = d.from_member JOIN members t ON t.id = d.to_member
    WHERE d.workspace_id = ${workspaceId}::uuid AND ${memberId}::uuid IN (d.from_member, d.to_member)
      AND d.ended_at IS NULL AND d.ends_at > clock_timestamp() ORDER BY d.starts_at, d.id LIMIT 50`;
  return Delegation.array().parse(rows);
}

/**
 * Whom a person stands in for now, among those who hold this role themselves; the earliest first.
 *
 * @returns null when nobody
 */
export async function findDelegator(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  role: string,
): Promise<string | null> {
  const rows = await on.$queryRaw<{ id: string }[]>`
    SELECT d.from_member AS id FROM delegations d JOIN members f ON f.id = d.from_member
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.to_member = ${memberId}::uuid AND d.ended_at IS NULL
      AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp() AND f.disabled_at IS NULL AND ${role} = ANY (f.roles)
    ORDER BY d.starts_at, d.id LIMIT 1`;
  return rows[0]?.id ?? null;
}

export type NewDelegation = {
  readonly id: string;
  readonly from: MemberId;
  readonly to: MemberId;
  readonly startsAt: Date | null;
  readonly endsAt: Date;
};

/** @returns false when it would be over before it begins, by the database's clock */
export async function insertDelegation(tx: Tx, workspaceId: WorkspaceId, given: NewDelegation): Promise<boolean> {
  const count = await tx.$executeRaw`
    INSERT INTO delegations (id, workspace_id, from_member, to_member, starts_at, ends_at, created_at)
    SELECT ${given.id}::uuid, ${workspaceId}::uuid, ${given.from}::uuid, ${given.to}::uuid, s.at, ${given.endsAt}, clock_timestamp()
    FROM (SELECT greatest(clock_timestamp(), coalesce(${given.startsAt}::timestamptz, clock_timestamp())) AS at) AS s
    WHERE ${given.endsAt}::timestamptz > s.at`;
  return count === 1;
}

/** @returns false when it is over already, or not this person's */
export async function endDelegationRow(tx: Tx, workspaceId: WorkspaceId, id: string, from: MemberId): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE delegations SET ended_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND from_member = ${from}::uuid
      AND ended_at IS NULL AND ends_at > clock_timestamp()`;
  return count === 1;
}
