import "server-only";

import { z } from "zod";

import { ESCALATE_AT, ON_CALL_AT } from "@/lib/core/notifications/route";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

const Waiting = z.object({
  id: z.uuid(),
  approver_role: z.string(),
  separation_of_duties: z.boolean(),
  dri_now: z.uuid(),
  dri_at_request: z.uuid(),
  quorum: z.int(),
  owners: z.array(z.string()),
  created_at: z.date(),
  expires_at: z.date(),
});
/** A waiting request as far as routing needs it; owners as the registration names them. */
export type RoutedApproval = z.infer<typeof Waiting>;

/**
 * What waits for people and is due for the next step of its route, the oldest first. The shares of its time at which the
 * steps begin are `routeOf`'s.
 */
export async function listRouted(on: Db, workspaceId: WorkspaceId, now: Date): Promise<readonly RoutedApproval[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id, a.approver_role, a.separation_of_duties, a.quorum, g.dri_id AS dri_now, a.dri_at_request,
           ARRAY (SELECT o.value FROM jsonb_each_text(g.owners) o) AS owners, a.created_at, a.expires_at
    FROM approvals a JOIN agents g ON g.id = a.agent_id LEFT JOIN approval_routes r ON r.approval_id = a.id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.executor = 'agent' AND a.state = 'waiting' AND a.expires_at > ${now}
      AND (r.step IS NULL OR (r.step < 1 AND a.created_at + (a.expires_at - a.created_at) * ${ON_CALL_AT}::float8 <= ${now})
           OR (r.step < 2 AND a.created_at + (a.expires_at - a.created_at) * ${ESCALATE_AT}::float8 <= ${now}))
    ORDER BY a.id LIMIT 500`;
  return Waiting.array().parse(rows);
}

const Owned = z.object({ handle: z.string(), dri_now: z.uuid(), owners: z.array(z.string()) });

/** Who answers for agents, by handle; owners as the registration names them. */
export async function listAgentOwners(
  on: Db,
  workspaceId: WorkspaceId,
  handles: readonly string[],
): Promise<readonly z.infer<typeof Owned>[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT g.handle, g.dri_id AS dri_now, ARRAY (SELECT o.value FROM jsonb_each_text(g.owners) o) AS owners FROM agents g
    WHERE g.workspace_id = ${workspaceId}::uuid AND g.handle = ANY (${[...handles]}::text[])`;
  return Owned.array().parse(rows);
}

/** Remembers how far a request was routed. */
export async function upsertRoute(tx: Tx, workspaceId: WorkspaceId, approvalId: string, step: number): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO approval_routes (approval_id, workspace_id, step) VALUES (${approvalId}::uuid, ${workspaceId}::uuid, ${step})
    ON CONFLICT (approval_id) DO UPDATE SET step = excluded.step`;
}

/** Forgets the routes of requests that no longer wait. */
export function deleteOldRoutes(on: Db, workspaceId: WorkspaceId, take: number): Promise<number> {
  return on.$executeRaw`
    DELETE FROM approval_routes r USING (
      SELECT r.approval_id FROM approval_routes r JOIN approvals a ON a.id = r.approval_id
      WHERE r.workspace_id = ${workspaceId}::uuid AND a.state <> 'waiting' LIMIT ${take}) AS old
    WHERE r.approval_id = old.approval_id`;
}

/** The people who are called, in their order, and who is on call now. */
export type Rota = { readonly members: readonly string[]; readonly now: string | null };

export async function findRota(on: Db, workspaceId: WorkspaceId): Promise<Rota> {
  const rows = await on.$queryRaw<Rota[]>`SELECT members, now FROM on_call WHERE workspace_id = ${workspaceId}::uuid`;
  return rows[0] ?? { members: [], now: null };
}

export async function upsertRota(
  tx: Tx,
  workspaceId: WorkspaceId,
  rota: Rota,
  { by, at }: { readonly by: MemberId; readonly at: Date },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO on_call (workspace_id, members, now, changed_by, changed_at)
    VALUES (${workspaceId}::uuid, ${rota.members}::uuid[], ${rota.now}::uuid, ${by}::uuid, ${at})
    ON CONFLICT (workspace_id) DO UPDATE SET members = excluded.members, now = excluded.now, changed_by = excluded.changed_by,
      changed_at = excluded.changed_at`;
}

const Unseen = z.object({ id: z.uuid(), decision_id: z.uuid(), expired: z.boolean() });
export type UnseenApproval = z.infer<typeof Unseen>;

/**
 * Marks requests that nobody who could answer has looked at: at half of their time when no message about them arrived
 * either, and when they expired. Each is answered once for each of the two.
 */
export async function markUnseen(tx: Tx, workspaceId: WorkspaceId, now: Date): Promise<readonly UnseenApproval[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    WITH unseen AS (
      SELECT a.id, a.decision_id, a.expires_at <= ${now} AS expired FROM approvals a
      WHERE a.workspace_id = ${workspaceId}::uuid AND a.executor = 'agent'
        AND ((a.state = 'waiting' AND a.created_at + (a.expires_at - a.created_at) / 2 <= ${now})
             OR (a.state = 'expired' AND a.settled_at = a.expires_at AND a.expires_at > ${now}::timestamptz - interval '1 day'))
        AND NOT EXISTS (
          SELECT FROM unseen_approvals u WHERE u.approval_id = a.id
            AND CASE WHEN a.expires_at <= ${now} THEN u.expired_at ELSE u.half_at END IS NOT NULL)
        AND NOT EXISTS (SELECT FROM votes v WHERE v.approval_id = a.id AND v.undone_at IS NULL)
        AND NOT EXISTS (
          SELECT FROM approval_views v JOIN members m ON m.id = v.member_id
          WHERE v.approval_id = a.id AND m.disabled_at IS NULL AND a.approver_role = ANY (m.roles))
        AND (a.expires_at <= ${now} OR NOT EXISTS (
          SELECT FROM deliveries d WHERE d.approval_id = a.id AND (d.delivered_at IS NOT NULL OR d.state = 'digested')))
      ORDER BY a.id LIMIT 500)
    INSERT INTO unseen_approvals AS u (approval_id, workspace_id, half_at, expired_at)
    SELECT id, ${workspaceId}::uuid, CASE WHEN NOT expired THEN ${now}::timestamptz END, CASE WHEN expired THEN ${now}::timestamptz END
    FROM unseen
    ON CONFLICT (approval_id) DO UPDATE SET expired_at = excluded.expired_at
      WHERE u.expired_at IS NULL AND excluded.expired_at IS NOT NULL
    RETURNING approval_id AS id, expired_at IS NOT NULL AS expired,
      (SELECT decision_id FROM approvals a WHERE a.id = u.approval_id) AS decision_id`;
  return Unseen.array().parse(rows);
}

/** How many requests of the last seven days expired without anybody having looked. */
export async function countUnseenWeek(on: Db, workspaceId: WorkspaceId): Promise<number> {
  const rows = await on.$queryRaw<{ unseen: number }[]>`
    SELECT count(*)::int AS unseen FROM unseen_approvals
    WHERE workspace_id = ${workspaceId}::uuid AND expired_at > clock_timestamp() - interval '7 days'`;
  return rows[0]?.unseen ?? 0;
}
