import "server-only";

import { z } from "zod";

import { Band } from "@/lib/core/decisions/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Tx } from "./db";

/**
 * Takes a person's approval back: the vote stands no more, the grant is gone, and the request waits as before. The
 * caller holds its lock and has looked whether it still may.
 *
 * @returns what became of the request: when the agent has asked for the very same again meanwhile, that one waits instead
 */
export async function undoApprovalVote(
  tx: Tx,
  workspaceId: WorkspaceId,
  { approvalId, memberId }: { readonly approvalId: string; readonly memberId: MemberId },
): Promise<"waiting" | "superseded" | null> {
  const votes = await tx.$executeRaw`
    UPDATE votes SET undone_at = clock_timestamp() WHERE workspace_id = ${workspaceId}::uuid AND approval_id = ${approvalId}::uuid
      AND member_id = ${memberId}::uuid AND verdict = 'approve' AND undone_at IS NULL`;
  const grants = await tx.$executeRaw`
    DELETE FROM grants WHERE workspace_id = ${workspaceId}::uuid AND approval_id = ${approvalId}::uuid
      AND consumed_at IS NULL AND usable_at > clock_timestamp()`;
  if (votes !== 1 || grants !== 1) return null;
  const rows = await tx.$queryRaw<{ state: "waiting" | "superseded" }[]>`
    UPDATE approvals a SET
      state = CASE WHEN EXISTS (SELECT FROM approvals o WHERE o.agent_id = a.agent_id AND o.action_digest = a.action_digest AND o.state = 'waiting')
        THEN 'superseded' ELSE 'waiting' END,
      settled_at = CASE WHEN EXISTS (SELECT FROM approvals o WHERE o.agent_id = a.agent_id AND o.action_digest = a.action_digest AND o.state = 'waiting')
        THEN clock_timestamp() END
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${approvalId}::uuid AND a.state = 'approved' RETURNING a.state`;
  return rows[0]?.state ?? null;
}

const Announced = z.object({ approval_id: z.uuid(), decision_id: z.uuid() });

/** Grants that have become usable and of which nobody has been told; each is returned once. */
export async function takeUsableGrants(
  tx: Tx,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly z.infer<typeof Announced>[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    WITH due AS (
      SELECT id FROM grants WHERE workspace_id = ${workspaceId}::uuid AND NOT announced AND usable_at <= clock_timestamp()
      ORDER BY usable_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE grants g SET announced = true FROM due, approvals a
    WHERE g.id = due.id AND a.id = g.approval_id RETURNING g.approval_id, a.decision_id`;
  return Announced.array().parse(rows);
}

const Escalated = z.object({
  approval_id: z.uuid(),
  decision_id: z.uuid(),
  agent: z.string(),
  tool: z.string(),
  band: Band,
  expires_at: z.date(),
});
export type EscalatedApproval = z.infer<typeof Escalated>;

/** Marks requests that have waited half their time, once each, the nearest to their end first. */
export async function escalateDueApprovals(
  tx: Tx,
  workspaceId: WorkspaceId,
  limit: number,
): Promise<readonly EscalatedApproval[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    WITH due AS (
      SELECT id FROM approvals WHERE workspace_id = ${workspaceId}::uuid AND state = 'waiting' AND escalated_at IS NULL
        AND created_at + (expires_at - created_at) / 2 <= clock_timestamp() AND expires_at > clock_timestamp()
      ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE approvals a SET escalated_at = clock_timestamp() FROM due, agents g
    WHERE a.id = due.id AND g.id = a.agent_id
    RETURNING a.id AS approval_id, a.decision_id, g.handle AS agent, a.tool, a.band, a.expires_at`;
  return Escalated.array().parse(rows);
}

/** Gives a waiting request more time, once. @returns its new end; null when it waits no more or was extended before */
export async function extendWaitingApproval(
  tx: Tx,
  workspaceId: WorkspaceId,
  id: string,
  { minutes, by }: { readonly minutes: number; readonly by: MemberId },
): Promise<Date | null> {
  const rows = await tx.$queryRaw<{ at: Date }[]>`
    UPDATE approvals SET expires_at = expires_at + make_interval(mins => ${minutes}), extended_at = clock_timestamp(), extended_by = ${by}::uuid
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND state = 'waiting' AND extended_at IS NULL
      AND expires_at > clock_timestamp() RETURNING expires_at AS at`;
  return rows[0]?.at ?? null;
}
