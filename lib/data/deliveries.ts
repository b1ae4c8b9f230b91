import "server-only";

import { v7 as uuidv7 } from "uuid";
import { z } from "zod";

import { DeliveryItem, Notice } from "@/lib/core/notifications/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

/** Who is told: a destination, a person, or an agent at its call-back. */
export type Recipient =
  | { readonly destination: string; readonly member?: undefined; readonly agent?: undefined }
  | { readonly member: string; readonly destination?: undefined; readonly agent?: undefined }
  | { readonly agent: string; readonly destination?: undefined; readonly member?: undefined };

/** Something to say about a subject. The message about it is one, however much is said. */
export type NewStage = {
  readonly to: Recipient;
  readonly subject: string;
  readonly approvalId: string | null;
  readonly notice: Notice;
  /** Where a new message begins. */
  readonly state: "pending" | "planned" | "digest";
  readonly at: Date;
};

/** Adds to the message about this subject, or begins it. A message that was told is told of the change. */
export async function addStage(tx: Tx, workspaceId: WorkspaceId, stage: NewStage): Promise<void> {
  const { to, subject, approvalId, notice, state, at } = stage;
  const target =
    to.member !== undefined
      ? Prisma.sql`(member_id, subject) WHERE member_id IS NOT NULL`
      : to.agent !== undefined
        ? Prisma.sql`(agent_id, subject) WHERE agent_id IS NOT NULL`
        : Prisma.sql`(destination_id, subject) WHERE destination_id IS NOT NULL`;
  await tx.$executeRaw`
    INSERT INTO deliveries AS d (id, workspace_id, destination_id, member_id, agent_id, subject, approval_id, stages, state, due_at, created_at)
    VALUES (${uuidv7()}::uuid, ${workspaceId}::uuid, ${to.destination ?? null}::uuid, ${to.member ?? null}::uuid, ${to.agent ?? null}::uuid,
            ${subject},
            ${approvalId}::uuid, ${JSON.stringify([notice])}::jsonb, ${state}, ${at}, ${at})
    ON CONFLICT ${target} DO UPDATE SET
      stages = d.stages || excluded.stages,
      attempts = CASE WHEN d.state IN ('delivered', 'dead') THEN 0 ELSE d.attempts END,
      due_at = CASE WHEN d.state IN ('delivered', 'dead') THEN excluded.due_at ELSE d.due_at END,
      state = CASE
        -- Of what a person was not told in time they hear in a list, not one by one.
        WHEN d.member_id IS NOT NULL AND d.told = 0 AND d.state = 'planned' THEN 'digest'
        WHEN d.state IN ('delivered', 'dead') THEN CASE WHEN d.member_id IS NULL THEN 'pending' ELSE 'planned' END
        ELSE d.state END`;
}

/** Begins a message to a person unless there is one about this subject. @returns whether it was begun */
export async function addFirstStage(tx: Tx, workspaceId: WorkspaceId, stage: NewStage): Promise<boolean> {
  const { to, subject, approvalId, notice, state, at } = stage;
  const count = await tx.$executeRaw`
    INSERT INTO deliveries (id, workspace_id, destination_id, member_id, agent_id, subject, approval_id, stages, state, due_at, created_at)
    VALUES (${uuidv7()}::uuid, ${workspaceId}::uuid, ${to.destination ?? null}::uuid, ${to.member ?? null}::uuid, ${to.agent ?? null}::uuid,
            ${subject},
            ${approvalId}::uuid, ${JSON.stringify([notice])}::jsonb, ${state}, ${at}, ${at})
    ON CONFLICT DO NOTHING`;
  return count === 1;
}

/** Who has a message about a request. */
export async function listRecipients(
  tx: Tx,
  workspaceId: WorkspaceId,
  approvalId: string,
): Promise<readonly Recipient[]> {
  const rows = await tx.$queryRaw<
    { destination_id: string | null; member_id: string | null; agent_id: string | null }[]
  >`
    SELECT destination_id, member_id, agent_id FROM deliveries
    WHERE workspace_id = ${workspaceId}::uuid AND approval_id = ${approvalId}::uuid AND subject = ${`approval:${approvalId}`}`;
  return rows.flatMap(({ destination_id, member_id, agent_id }): Recipient[] => {
    if (destination_id !== null) return [{ destination: destination_id }];
    if (member_id !== null) return [{ member: member_id }];
    return agent_id === null ? [] : [{ agent: agent_id }];
  });
}

const Claimed = z.object({
  id: z.uuid(),
  destination_id: z.uuid().nullable(),
  member_id: z.uuid().nullable(),
  agent_id: z.uuid().nullable(),
  approval_id: z.uuid().nullable(),
  subject: z.string(),
  stages: z.array(Notice),
  told: z.int(),
  handle: z.string().nullable(),
  attempts: z.int(),
});
/** A message that this process is to send now. */
export type ClaimedDelivery = z.infer<typeof Claimed>;

export type Claim = {
  readonly now: Date;
  readonly limit: number;
  /** At most so many at once to one recipient. */
  readonly each: number;
  /** Recipients that have as many on the way as they may. */
  readonly busy: readonly string[];
  /** What failed last time, or all the rest. */
  readonly failing: boolean;
  readonly leaseMs: number;
};

/** Takes messages that are due, for a while: when the process dies they are due again. */
export async function claimDeliveries(
  on: Db,
  workspaceId: WorkspaceId,
  { now, limit, each, busy, failing, leaseMs }: Claim,
): Promise<readonly ClaimedDelivery[]> {
  const until = new Date(now.getTime() + leaseMs);
  const rows = await on.$queryRaw<unknown[]>`
    WITH ranked AS (
      SELECT d.id, row_number() OVER (PARTITION BY coalesce(d.destination_id, d.member_id, d.agent_id) ORDER BY d.due_at, d.id) AS place
      FROM deliveries d LEFT JOIN destinations o ON o.id = d.destination_id
      WHERE d.workspace_id = ${workspaceId}::uuid AND d.state = 'pending' AND d.due_at <= ${now}
        AND (d.leased_until IS NULL OR d.leased_until <= ${now})
        AND coalesce(o.state, 'on') = 'on' AND (coalesce(o.failures, 0) > 0 OR d.attempts > 0) = ${failing}
        AND NOT (coalesce(d.destination_id, d.member_id, d.agent_id) = ANY (${busy}::uuid[]))),
    due AS (
      SELECT d.id FROM deliveries d JOIN ranked r ON r.id = d.id WHERE r.place <= ${each}
        AND d.state = 'pending' AND (d.leased_until IS NULL OR d.leased_until <= ${now})
        AND NOT EXISTS (SELECT FROM delivery_cursors c WHERE c.workspace_id = d.workspace_id AND c.held_at IS NOT NULL)
      ORDER BY d.due_at, d.id LIMIT ${limit} FOR UPDATE OF d SKIP LOCKED)
    UPDATE deliveries d SET leased_until = ${until}, attempts = d.attempts + 1, attempted_at = ${now}
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.destination_id, d.member_id, d.agent_id, d.approval_id, d.subject, d.stages, d.told, d.handle, d.attempts`;
  return Claimed.array().parse(rows);
}

/** Takes down that so much of a message was told. What was added meanwhile is told next. */
export async function settleDelivery(
  on: Db,
  workspaceId: WorkspaceId,
  id: string,
  { told, handle, at }: { readonly told: number; readonly handle: string | null; readonly at: Date },
): Promise<void> {
  await on.$executeRaw`
    UPDATE deliveries SET told = ${told}, handle = coalesce(${handle}, handle), last_error = NULL, leased_until = NULL,
      delivered_at = ${at}, due_at = ${at},
      attempts = CASE WHEN jsonb_array_length(stages) > ${told} THEN 0 ELSE attempts END,
      state = CASE WHEN jsonb_array_length(stages) <= ${told} THEN 'delivered' WHEN member_id IS NULL THEN 'pending' ELSE 'planned' END
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state = 'pending'`;
}

/** Takes down that an attempt failed; without `dueAt` there is no other. */
export async function failDelivery(
  on: Db,
  workspaceId: WorkspaceId,
  id: string,
  { error, dueAt }: { readonly error: string; readonly dueAt: Date | null },
): Promise<void> {
  await on.$executeRaw`
    UPDATE deliveries SET last_error = ${error}, leased_until = NULL, due_at = coalesce(${dueAt}, due_at),
      state = CASE WHEN ${dueAt}::timestamptz IS NULL THEN 'dead' ELSE 'pending' END
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state = 'pending'`;
}

/** Sends again what was given up or held back. @returns false when it is neither */
export async function retryDeliveryRow(tx: Tx, workspaceId: WorkspaceId, id: string, at: Date): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE deliveries SET state = CASE WHEN told >= jsonb_array_length(stages) THEN 'delivered' ELSE 'pending' END,
      attempts = 0, due_at = ${at}, leased_until = NULL
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state IN ('dead', 'held')`;
  return count === 1;
}

/** The latest messages, newest first, with what was said last. */
export async function listDeliveryRows(
  on: Db,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly DeliveryItem[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.id, coalesce(o.name, m.name, g.handle) AS to,
           CASE WHEN d.agent_id IS NOT NULL THEN 'agent' ELSE coalesce(o.kind, 'person') END AS kind, d.stages -> -1 ->> 'event' AS event,
           d.stages -> -1 ->> 'title' AS title, d.stages -> -1 ->> 'path' AS path, d.state, d.attempts, d.told,
           jsonb_array_length(d.stages) AS stages, d.last_error, d.due_at, d.attempted_at, d.delivered_at, d.created_at
    FROM deliveries d LEFT JOIN destinations o ON o.id = d.destination_id LEFT JOIN members m ON m.id = d.member_id
      LEFT JOIN agents g ON g.id = d.agent_id
    WHERE d.workspace_id = ${workspaceId}::uuid ORDER BY d.id DESC LIMIT ${limit}`;
  return DeliveryItem.array().parse(rows);
}

/** Deletes at most `take` messages that are over and were begun so long ago. */
export async function deleteOldDeliveries(
  on: Db,
  workspaceId: WorkspaceId,
  olderThanDays: number,
  take: number,
): Promise<number> {
  return on.$executeRaw`
    DELETE FROM deliveries d USING (
      SELECT id FROM deliveries WHERE workspace_id = ${workspaceId}::uuid
        AND created_at < clock_timestamp() - make_interval(days => ${olderThanDays}::int)
        AND state IN ('delivered', 'dead', 'held', 'digested') LIMIT ${take}) AS old
    WHERE d.id = old.id`;
}
