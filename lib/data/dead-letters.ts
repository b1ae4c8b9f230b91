import "server-only";

import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import type { DeadLetter } from "@/lib/core/traces/dead-letter";

import type { Db, Tx } from "./db";

/** What could not be written and was not replayed yet, newest first, without its content. */
export async function listDeadLetterRows(
  on: Db,
  workspaceId: WorkspaceId,
  take: number,
): Promise<readonly DeadLetter[]> {
  const rows = await on.ingestDeadLetter.findMany({
    where: { workspaceId, replayedAt: null },
    orderBy: { id: "desc" },
    take,
    select: { id: true, inlet: true, events: true, attempts: true, reason: true, receivedAt: true, createdAt: true },
  });
  return rows.map(({ receivedAt, createdAt, ...row }) => ({ ...row, received_at: receivedAt, created_at: createdAt }));
}

/**
 * Puts a dead letter back among the waiting batches, and forgets its content here.
 *
 * @returns how many events it has; null when there is none of this id that was not replayed before
 */
export async function reviveDeadLetter(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  by: MemberId,
): Promise<number | null> {
  const rows = await tx.$queryRaw<{ events: number }[]>`
    WITH letter AS (
      SELECT * FROM ingest_dead_letters
      WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND replayed_at IS NULL FOR UPDATE
    ), waiting AS (
      INSERT INTO ingest_inbox
        (id, workspace_id, agent_id, credential_id, inlet, digest, part, events, body, received_at)
      SELECT id, workspace_id, agent_id, credential_id, inlet, digest, part, events, body, received_at FROM letter
      ON CONFLICT (workspace_id, digest, part) DO NOTHING
    )
    UPDATE ingest_dead_letters d SET body = '', replayed_at = clock_timestamp(), replayed_by = ${by}::uuid
    FROM letter l WHERE d.workspace_id = l.workspace_id AND d.id = l.id
    RETURNING d.events`;
  return rows[0]?.events ?? null;
}
