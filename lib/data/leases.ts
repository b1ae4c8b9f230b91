import "server-only";

import { z } from "zod";

import { LeaseHolder } from "@/lib/core/approvals/batch";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

/**
 * Whether a lease `l` holds now, by the database's clock: no job has to end one. A person who has answered has left
 * their seat.
 */
export const LIVE = Prisma.sql`(l.until > clock_timestamp() AND NOT EXISTS (
  SELECT FROM votes lv WHERE lv.approval_id = l.approval_id AND lv.member_id = l.member_id AND lv.undone_at IS NULL))`;

const LiveLease = LeaseHolder.extend({ approvalId: z.uuid(), seat: z.int() });
export type LiveLease = z.infer<typeof LiveLease>;

/** The leases of these actions that hold now. */
export async function listLiveLeases(
  on: Db,
  workspaceId: WorkspaceId,
  approvalIds: readonly string[],
): Promise<readonly LiveLease[]> {
  if (approvalIds.length === 0) return [];
  const rows = await on.$queryRaw<unknown[]>`
    SELECT l.approval_id AS "approvalId", l.seat, l.member_id AS "memberId", m.name, l.until, l.batch_id AS "batchId",
           h.name AS "handedBy", l.note, q.name AS "askedBy", l.asked_by AS "askedById"
    FROM leases l JOIN members m ON m.id = l.member_id
    LEFT JOIN members h ON h.id = l.handed_by LEFT JOIN members q ON q.id = l.asked_by
    WHERE l.workspace_id = ${workspaceId}::uuid AND l.approval_id = ANY (${[...approvalIds]}::uuid[]) AND ${LIVE}
    ORDER BY l.taken_at, l.seat LIMIT 500`;
  return LiveLease.array().parse(rows);
}

export type NewLease = {
  readonly approvalId: string;
  readonly seat: number;
  readonly memberId: string;
  readonly batchId: string | null;
  readonly takenAt: Date;
  readonly until: Date;
  readonly handedBy?: string;
  readonly note?: string;
};

/**
 * Seats people; the caller holds the desk's lock. Seats that are free by now are cleared first; a seat somebody sits on
 * is refused by the key.
 */
export async function insertLeases(tx: Tx, workspaceId: WorkspaceId, leases: readonly NewLease[]): Promise<void> {
  const ids = leases.map((lease) => lease.approvalId);
  const people = leases.map((lease) => lease.memberId);
  await tx.$executeRaw`
    DELETE FROM leases l WHERE l.workspace_id = ${workspaceId}::uuid AND NOT ${LIVE}
      AND (l.approval_id = ANY (${ids}::uuid[]) OR l.member_id = ANY (${people}::uuid[]))`;
  await tx.lease.createMany({ data: leases.map((lease) => ({ ...lease, workspaceId })) });
}

/** Takes what was handed to a person into their batch. */
export async function adoptLease(
  tx: Tx,
  workspaceId: WorkspaceId,
  lease: { readonly approvalId: string; readonly memberId: string; readonly batchId: string; readonly until: Date },
): Promise<void> {
  const { approvalId, memberId, batchId, until } = lease;
  await tx.lease.updateMany({ where: { workspaceId, approvalId, memberId }, data: { batchId, until } });
}

/** Prolongs what still holds of a batch. @returns how many leases that were */
export async function prolongLeases(tx: Tx, workspaceId: WorkspaceId, batchId: string, until: Date): Promise<number> {
  return tx.$executeRaw`
    UPDATE leases l SET until = ${until}
    WHERE l.workspace_id = ${workspaceId}::uuid AND l.batch_id = ${batchId}::uuid AND ${LIVE}`;
}

/** Gives one action, or a whole batch, back to the pool. */
export async function deleteLeases(
  tx: Tx,
  workspaceId: WorkspaceId,
  of: { readonly batchId: string } | { readonly approvalId: string; readonly memberId: string },
): Promise<void> {
  await tx.lease.deleteMany({ where: { ...of, workspaceId } });
}

/** Notes on every lease of an action who asks for it. */
export async function markAsked(
  tx: Tx,
  workspaceId: WorkspaceId,
  approvalId: string,
  asker: { readonly memberId: string; readonly at: Date },
): Promise<void> {
  await tx.lease.updateMany({
    where: { workspaceId, approvalId },
    data: { askedBy: asker.memberId, askedAt: asker.at },
  });
}
