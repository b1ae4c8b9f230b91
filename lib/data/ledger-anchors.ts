import "server-only";

import { AnchorItem } from "@/lib/core/ledger/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import type { Db } from "./db";

/** How far each destination has been told, by name. */
export async function listAnchorRows(on: Db, workspaceId: WorkspaceId): Promise<readonly AnchorItem[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT destination, size, delivered_at, attempts, attempted_at, last_error FROM ledger_anchors
    WHERE workspace_id = ${workspaceId}::uuid ORDER BY destination LIMIT 100`;
  return AnchorItem.array().parse(rows);
}

/** Takes down what became of telling a destination; `error` null means that it was delivered. */
export async function upsertAnchor(
  on: Db,
  workspaceId: WorkspaceId,
  anchor: { readonly destination: string; readonly size: bigint; readonly error: string | null },
): Promise<void> {
  const { destination, size, error } = anchor;
  await on.$executeRaw`
    INSERT INTO ledger_anchors AS a (workspace_id, destination, size, delivered_at, attempts, attempted_at, last_error)
    VALUES (${workspaceId}::uuid, ${destination}, CASE WHEN ${error}::text IS NULL THEN ${size} ELSE 0 END,
            CASE WHEN ${error}::text IS NULL THEN clock_timestamp() END, CASE WHEN ${error}::text IS NULL THEN 0 ELSE 1 END,
            clock_timestamp(), ${error})
    ON CONFLICT (workspace_id, destination) DO UPDATE SET
      size = CASE WHEN excluded.last_error IS NULL THEN excluded.size ELSE a.size END,
      delivered_at = coalesce(excluded.delivered_at, a.delivered_at),
      attempts = CASE WHEN excluded.last_error IS NULL THEN 0 ELSE a.attempts + 1 END,
      attempted_at = excluded.attempted_at, last_error = excluded.last_error`;
}
