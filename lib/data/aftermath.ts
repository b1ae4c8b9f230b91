import "server-only";

import { z } from "zod";

import { Aftermath } from "@/lib/core/approvals/aftermath";
import { Headline } from "@/lib/core/approvals/headline";
import type { Approval } from "@/lib/core/approvals/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

/** What became of a decided action. */
export async function findAftermath(on: Db, workspaceId: WorkspaceId, approval: Approval): Promise<Aftermath> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT
      (SELECT to_jsonb(r) FROM (SELECT m.name AS by, r.note, r.created_at AS at FROM approval_revocations r JOIN members m ON m.id = r.member_id
        WHERE r.workspace_id = ${workspaceId}::uuid AND r.approval_id = ${approval.id}::uuid) r) AS revoked,
      (SELECT to_jsonb(g) FROM (SELECT g.cause, g.created_at AS at FROM regrets g
        WHERE g.workspace_id = ${workspaceId}::uuid AND g.decision_id = ${approval.consumedBy}::uuid) g) AS regret,
      (SELECT o.effect FROM outcomes o
        WHERE o.workspace_id = ${workspaceId}::uuid AND o.decision_id = ${approval.consumedBy}::uuid) AS effect,
      (SELECT e ->> 'rollback' FROM manifests m CROSS JOIN LATERAL jsonb_array_elements(m.content -> 'tools' -> 'allowed') AS e
        WHERE m.workspace_id = ${workspaceId}::uuid AND m.agent_id = ${approval.agentId}::uuid AND m.version = ${approval.manifestVersion}
          AND e ->> 'name' = ${approval.tool} LIMIT 1) AS "undoTool"`;
  return Stored.parse(rows[0]);
}

/** As the database writes it: times within JSON are text. */
const Stored = Aftermath.extend({
  revoked: Aftermath.shape.revoked.unwrap().extend({ at: z.coerce.date() }).nullable(),
  regret: Aftermath.shape.regret.unwrap().extend({ at: z.coerce.date() }).nullable(),
});

/**
 * Ends an approved request that nothing has used, with its grant. The caller holds its lock.
 *
 * @returns false when it is no longer approved and unused
 */
export async function revokeGrantedApproval(
  tx: Tx,
  workspaceId: WorkspaceId,
  revoked: { readonly approvalId: string; readonly memberId: MemberId; readonly note: string; readonly at: Date },
): Promise<boolean> {
  const { approvalId, memberId, note, at } = revoked;
  const count = await tx.$executeRaw`
    UPDATE approvals SET state = 'withdrawn', settled_at = ${at}, note = ${note}
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${approvalId}::uuid AND state = 'approved' AND expires_at > clock_timestamp()`;
  if (count !== 1) return false;
  await tx.grant.deleteMany({ where: { workspaceId, approvalId, consumedAt: null } });
  await tx.approvalRevocation.create({ data: { approvalId, workspaceId, memberId, note, createdAt: at } });
  return true;
}

const News = z.object({ approvalId: z.uuid(), decisionId: z.uuid(), headline: Headline, at: z.date() });
/** An action that was rolled back, of which its approver has not been told. */
export type RegretNews = z.infer<typeof News>;

/** What this person approved in the last 30 days and was rolled back since, as long as they have not seen it. */
export async function listRegretNews(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
): Promise<readonly RegretNews[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id AS "approvalId", g.decision_id AS "decisionId", a.display -> 'headline' AS headline, g.created_at AS at
    FROM regrets g JOIN approvals a ON a.consumed_by = g.decision_id
    JOIN votes v ON v.approval_id = a.id AND v.undone_at IS NULL AND v.member_id = ${memberId}::uuid AND v.verdict = 'approve'
    WHERE g.workspace_id = ${workspaceId}::uuid AND g.cause = 'rolled_back' AND g.created_at > clock_timestamp() - interval '30 days'
      AND NOT EXISTS (SELECT FROM regret_notices n WHERE n.decision_id = g.decision_id AND n.member_id = ${memberId}::uuid)
    ORDER BY g.created_at DESC LIMIT 5`;
  return News.array().parse(rows);
}

/** Remembers that a person has been told. */
export async function insertRegretNotice(
  on: Db,
  workspaceId: WorkspaceId,
  notice: { readonly decisionId: string; readonly memberId: MemberId; readonly at: Date },
): Promise<void> {
  const { decisionId, memberId, at: seenAt } = notice;
  await on.regretNotice.createMany({ data: { decisionId, memberId, workspaceId, seenAt }, skipDuplicates: true });
}
