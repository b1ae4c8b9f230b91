import "server-only";

import { z } from "zod";

import { Headline } from "@/lib/core/approvals/headline";
import { ApprovalState } from "@/lib/core/approvals/schema";
import { Band } from "@/lib/core/decisions/schema";
import type { NoticeApproval } from "@/lib/core/notifications/compose";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import { type Db, transact, type Tx } from "./db";
import { findOutboxEnd, type OutboxCursor, type OutboxEvent } from "./outbox";

const NIL = "00000000-0000-0000-0000-000000000000";
const Event = z.object({
  id: z.uuid(),
  xid: z.string(),
  topic: z.string(),
  payload: z.record(z.string(), z.unknown()),
  created_at: z.date(),
});
/** An event with the time it was written. */
export type TimedEvent = OutboxEvent & { readonly created_at: Date };

/**
 * Does `work` while holding the workspace's place in the outbox, and moves the place on in the same transaction: what is
 * made of an event is there exactly once, whenever the process dies. Another worker that holds the place is not waited for.
 *
 * @param topics read these and pass over the rest
 * @returns null when somebody else is at it, or everything is held
 */
export async function withNextEvents<T>(
  on: Db,
  workspaceId: WorkspaceId,
  { topics, limit }: { readonly topics: readonly string[]; readonly limit: number },
  work: (tx: Tx, events: readonly TimedEvent[]) => Promise<T>,
): Promise<{ readonly result: T; readonly more: boolean } | null> {
  return transact(on, async (tx) => {
    const end = await findOutboxEnd(tx);
    await tx.$executeRaw`
      INSERT INTO delivery_cursors (workspace_id, xid, id, read_at)
      VALUES (${workspaceId}::uuid, ${end.xid}::xid8, ${end.id}::uuid, clock_timestamp()) ON CONFLICT DO NOTHING`;
    const places = await tx.$queryRaw<OutboxCursor[]>`
      SELECT xid::text, id::text FROM delivery_cursors WHERE workspace_id = ${workspaceId}::uuid AND held_at IS NULL
      FOR UPDATE SKIP LOCKED`;
    const place = places[0];
    if (!place) return null;
    const events = await eventsBetween(tx, workspaceId, { place, before: end.xid, topics, limit });
    const result = await work(tx, events);
    const last = events.length === limit ? events.at(-1) : undefined;
    const next = last ?? { xid: end.xid, id: NIL };
    await tx.$executeRaw`
      UPDATE delivery_cursors SET xid = ${next.xid}::xid8, id = ${next.id}::uuid, read_at = clock_timestamp()
      WHERE workspace_id = ${workspaceId}::uuid`;
    return { result, more: last !== undefined };
  });
}

/** Of transactions that had all ended when the end was looked up, so that none can appear behind the place later. */
async function eventsBetween(
  tx: Tx,
  workspaceId: WorkspaceId,
  { place, before, topics, limit }: { place: OutboxCursor; before: string; topics: readonly string[]; limit: number },
): Promise<readonly TimedEvent[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id, xid::text, topic, payload, created_at FROM outbox
    WHERE workspace_id = ${workspaceId}::uuid AND (xid, id) > (${place.xid}::xid8, ${place.id}::uuid) AND xid < ${before}::xid8
      AND topic = ANY (${topics}::text[])
    ORDER BY xid, id LIMIT ${limit}`;
  return Event.array().parse(rows);
}

/** Since when nothing is sent because the database is a restored copy; null when all goes its way. */
export async function findHold(on: Db, workspaceId: WorkspaceId): Promise<Date | null> {
  const rows = await on.$queryRaw<{ held_at: Date | null }[]>`
    SELECT held_at FROM delivery_cursors WHERE workspace_id = ${workspaceId}::uuid`;
  return rows[0]?.held_at ?? null;
}

/** Sends nothing more until somebody releases it. */
export async function holdOutbox(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
  const end = await findOutboxEnd(tx);
  await tx.$executeRaw`
    INSERT INTO delivery_cursors (workspace_id, xid, id, read_at, held_at)
    VALUES (${workspaceId}::uuid, ${end.xid}::xid8, ${end.id}::uuid, clock_timestamp(), clock_timestamp())
    ON CONFLICT (workspace_id) DO UPDATE SET held_at = coalesce(delivery_cursors.held_at, clock_timestamp())`;
}

/** Goes on from now: what was to be sent before stays where it is, to be sent by hand. @returns how many stay */
export async function releaseOutbox(tx: Tx, workspaceId: WorkspaceId): Promise<number> {
  const end = await findOutboxEnd(tx);
  await tx.$executeRaw`
    UPDATE delivery_cursors SET xid = ${end.xid}::xid8, id = ${end.id}::uuid, held_at = NULL, read_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid`;
  return tx.$executeRaw`
    UPDATE deliveries SET state = 'held', last_error = 'held back: the database was a restored copy', leased_until = NULL
    WHERE workspace_id = ${workspaceId}::uuid AND state IN ('planned', 'pending', 'digest')`;
}

const Row = z.object({
  id: z.uuid(),
  agent: z.string(),
  agent_id: z.uuid(),
  tool: z.string(),
  headline: Headline.nullable().catch(null),
  band: Band,
  state: ApprovalState,
  expires_at: z.date(),
  voters: z.array(z.string()),
});
/** What messages say of a request, and whose it is. */
export type ToldApproval = NoticeApproval & { readonly agentId: string };

/** The requests of these ids, as they are now. Nobody outside is told of a calibration item: no agent waits for it. */
export async function listToldApprovals(
  on: Db,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ToldApproval>> {
  if (ids.length === 0) return new Map();
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id, g.handle AS agent, a.agent_id, a.tool, a.display -> 'headline' AS headline, a.band, a.state, a.expires_at,
           ARRAY (SELECT m.name FROM votes v JOIN members m ON m.id = v.member_id WHERE v.approval_id = a.id AND v.undone_at IS NULL ORDER BY v.id) AS voters
    FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.executor = 'agent' AND a.id = ANY (${ids}::uuid[])`;
  return new Map(
    Row.array()
      .parse(rows)
      .map(({ agent_id: agentId, expires_at: expiresAt, ...row }) => [row.id, { ...row, agentId, expiresAt }]),
  );
}
