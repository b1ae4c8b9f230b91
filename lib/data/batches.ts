import "server-only";

import { z } from "zod";

import { BatchRow } from "@/lib/core/approvals/batch";
import { groupKey } from "@/lib/core/approvals/group";
import type { Voter } from "@/lib/core/approvals/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { JsonObject } from "@/lib/core/shared/json";

import type { Db, Tx } from "./db";
import { itemColumns } from "./desk";
import { Prisma } from "./generated/client";

/**
 * Makes takers of one workspace wait for each other until the transaction ends: what is free is then read and taken as
 * one. Votes do not come this way, so nobody who decides waits for somebody who takes.
 *
 * @returns the database's time
 */
export async function lockDesk(tx: Tx, workspaceId: WorkspaceId): Promise<Date> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('interlock:desk:' || ${workspaceId}, 0))::text`;
  const rows = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  return z.date().parse(rows[0]?.now);
}

const HeldBatch = z.object({
  id: z.uuid(),
  takenAt: z.date(),
  endsAt: z.date(),
  renewedAt: z.date().nullable(),
  endedAt: z.date().nullable(),
});
export type HeldBatch = z.infer<typeof HeldBatch>;

/** The batch a person took last and has not ended; null when there is none. */
export async function findOpenBatch(on: Db, workspaceId: WorkspaceId, memberId: string): Promise<HeldBatch | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, taken_at AS "takenAt", ends_at AS "endsAt", renewed_at AS "renewedAt", ended_at AS "endedAt" FROM batches
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND ended_at IS NULL`;
  return rows[0] === undefined ? null : HeldBatch.parse(rows[0]);
}

export async function insertBatch(
  tx: Tx,
  workspaceId: WorkspaceId,
  batch: { readonly id: string; readonly memberId: string; readonly takenAt: Date; readonly endsAt: Date },
  approvalIds: readonly string[],
): Promise<void> {
  await tx.batch.create({ data: { ...batch, workspaceId }, select: { id: true } });
  await tx.batchItem.createMany({
    data: approvalIds.map((approvalId, index) => ({ batchId: batch.id, approvalId, workspaceId, position: index + 1 })),
  });
}

export async function markRenewed(tx: Tx, workspaceId: WorkspaceId, batchId: string, at: Date): Promise<void> {
  await tx.batch.updateMany({ where: { id: batchId, workspaceId }, data: { renewedAt: at } });
}

export async function markEnded(tx: Tx, workspaceId: WorkspaceId, batchId: string, at: Date): Promise<void> {
  await tx.batch.updateMany({ where: { id: batchId, workspaceId, endedAt: null }, data: { endedAt: at } });
}

/** Puts an action behind all others of its batch. @returns false when it is not in it */
export async function deferItem(
  tx: Tx,
  workspaceId: WorkspaceId,
  batchId: string,
  approvalId: string,
  at: Date,
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE batch_items SET deferred_at = ${at},
      position = (SELECT max(i.position) + 1 FROM batch_items i WHERE i.batch_id = ${batchId}::uuid)
    WHERE workspace_id = ${workspaceId}::uuid AND batch_id = ${batchId}::uuid AND approval_id = ${approvalId}::uuid`;
  return count === 1;
}

/** Notes that an action left its batch. @param to null for the pool */
export async function markLeft(
  tx: Tx,
  workspaceId: WorkspaceId,
  item: { readonly batchId: string; readonly approvalId: string },
  left: { readonly to: string | null; readonly at: Date },
): Promise<void> {
  await tx.batchItem.updateMany({
    where: { ...item, workspaceId },
    data: { leftAt: left.at, leftTo: left.to },
  });
}

/** More arguments than this are not compared: such an action stands alone. */
const COMPARED_BYTES = 64 * 1024;

/** What tells whether actions are alike, of `approvals a`. */
export const alikeColumns = Prisma.sql`
  a.agent_id AS "agentId", a.manifest_version AS "manifestVersion", a.display ->> 'rule' AS rule,
  CASE WHEN pg_column_size(a.display) <= ${COMPARED_BYTES} THEN a.display -> 'args' END AS args`;

export const AlikeFacts = z.object({
  agentId: z.uuid(),
  manifestVersion: z.int(),
  rule: z.string().nullable(),
  args: z.custom<JsonObject>((value) => typeof value === "object" && value !== null).nullable(),
});

const StoredRow = BatchRow.omit({ group: true }).extend(AlikeFacts.shape);

/** Every action of a batch with what became of it since, in its order. */
export async function listBatchRows(
  on: Db,
  workspaceId: WorkspaceId,
  member: Pick<Voter, "id">,
  batchId: string,
): Promise<readonly BatchRow[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${itemColumns(member.id)}, ${alikeColumns}, i.position, i.deferred_at AS "deferredAt", i.left_at AS "leftAt",
           lt.name AS "leftTo", l.until, am.name AS "askedBy", am.id AS "askedById", v.note AS said, o.outcome
    FROM batch_items i JOIN approvals a ON a.id = i.approval_id JOIN agents g ON g.id = a.agent_id
    LEFT JOIN leases l ON l.approval_id = i.approval_id AND l.member_id = ${member.id}::uuid AND l.batch_id = i.batch_id
    LEFT JOIN members am ON am.id = l.asked_by LEFT JOIN members lt ON lt.id = i.left_to
    LEFT JOIN votes v ON v.approval_id = i.approval_id AND v.undone_at IS NULL AND v.member_id = ${member.id}::uuid
    LEFT JOIN outcomes o ON o.decision_id = a.consumed_by
    WHERE i.workspace_id = ${workspaceId}::uuid AND i.batch_id = ${batchId}::uuid ORDER BY i.position`;
  return StoredRow.array()
    .parse(rows)
    .map(({ agentId, manifestVersion, rule, args, ...row }) => ({
      ...row,
      group: groupKey({ id: row.id, agentId, tool: row.tool, manifestVersion, rule, args }),
    }));
}
