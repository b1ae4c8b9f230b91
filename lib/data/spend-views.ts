import "server-only";

import { type SaveViewInput, SpendView, type ViewChange } from "@/lib/core/figures/views";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

/** A person's views and those shared with the workspace, their own first, by name. */
export async function listSpendViews(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  limit: number,
): Promise<readonly SpendView[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT v.id, v.name, v.query, v.shared, v.member_id = ${memberId}::uuid AS own, m.name AS member
    FROM spend_views v JOIN members m ON m.id = v.member_id
    WHERE v.workspace_id = ${workspaceId}::uuid AND (v.member_id = ${memberId}::uuid OR v.shared)
    ORDER BY own DESC, v.name, v.id LIMIT ${limit}`;
  return SpendView.array().parse(rows);
}

/** Stores a view, in the place of the person's view of the same name. @returns its id */
export async function upsertSpendView(
  tx: Tx,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  { id, name, query, shared }: SaveViewInput & { readonly id: string },
): Promise<string> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO spend_views (id, workspace_id, member_id, name, query, shared)
    VALUES (${id}::uuid, ${workspaceId}::uuid, ${memberId}::uuid, ${name}, ${JSON.stringify(query)}::jsonb, ${shared})
    ON CONFLICT (workspace_id, member_id, name) DO UPDATE SET query = excluded.query, shared = excluded.shared
    RETURNING id`;
  return rows[0]?.id ?? id;
}

/** Changes a person's view. @returns whether they have it */
export async function changeSpendView(
  tx: Tx,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  { id, name, shared }: ViewChange & { readonly id: string },
): Promise<boolean> {
  const changed = await tx.$executeRaw`
    UPDATE spend_views SET name = coalesce(${name ?? null}, name), shared = coalesce(${shared ?? null}::boolean, shared)
    WHERE workspace_id = ${workspaceId}::uuid AND member_id = ${memberId}::uuid AND id = ${id}::uuid`;
  return changed > 0;
}

/** Removes a person's view, or a shared one of anybody's where `ofAnybody`. @returns whether there was one */
export async function deleteSpendView(
  tx: Tx,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  { id, ofAnybody }: { readonly id: string; readonly ofAnybody: boolean },
): Promise<boolean> {
  const removed = await tx.$executeRaw`
    DELETE FROM spend_views WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid
      AND (member_id = ${memberId}::uuid OR (shared AND ${ofAnybody}))`;
  return removed > 0;
}
