import "server-only";

import { z } from "zod";

import { AuditAnswer } from "@/lib/core/approvals/audit";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

const Drawn = z.object({ id: z.uuid(), answer: AuditAnswer.nullable() });
export type DrawnCall = z.infer<typeof Drawn>;

/** So many of the latest are drawn from: what a draw costs does not grow with the traffic. */
const DRAWN_FROM = 5_000;

/** Calls of the last 24 hours that were allowed without anyone being asked, drawn by `seed`, with this person's answers. */
export async function drawAllowed(
  on: Db,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  draw: { readonly seed: string; readonly size: number },
): Promise<readonly DrawnCall[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT d.id, n.answer FROM (
      SELECT id FROM decisions WHERE workspace_id = ${workspaceId}::uuid AND verdict = 'allow' AND approval_id IS NULL
        AND id >= uuid_at(clock_timestamp() - interval '24 hours') ORDER BY id DESC LIMIT ${DRAWN_FROM}) d
    LEFT JOIN audit_answers n ON n.decision_id = d.id AND n.member_id = ${memberId}::uuid
    ORDER BY md5(d.id::text || ${draw.seed}) LIMIT ${draw.size}`;
  return Drawn.array().parse(rows);
}

/** @returns false when there is no such call that ran unasked, or this person has answered already */
export async function insertAuditAnswer(
  tx: Tx,
  workspaceId: WorkspaceId,
  given: { readonly decisionId: string; readonly memberId: MemberId; readonly answer: AuditAnswer; readonly at: Date },
): Promise<boolean> {
  const { decisionId, memberId, answer, at } = given;
  const count = await tx.$executeRaw`
    INSERT INTO audit_answers (decision_id, member_id, workspace_id, answer, created_at)
    SELECT d.id, ${memberId}::uuid, d.workspace_id, ${answer}, ${at} FROM decisions d
    WHERE d.workspace_id = ${workspaceId}::uuid AND d.id = ${decisionId}::uuid AND d.verdict = 'allow' AND d.approval_id IS NULL
    ON CONFLICT DO NOTHING`;
  return count === 1;
}

/** Whether an agent is registered, and whether anything was ever asked of people. */
export async function findBeginnings(
  on: Db,
  workspaceId: WorkspaceId,
): Promise<{ readonly agents: boolean; readonly asked: boolean }> {
  const rows = await on.$queryRaw<{ agents: boolean; asked: boolean }[]>`
    SELECT EXISTS (SELECT FROM agents WHERE workspace_id = ${workspaceId}::uuid) AS agents,
           EXISTS (SELECT FROM approvals WHERE workspace_id = ${workspaceId}::uuid) AS asked`;
  return rows[0] ?? { agents: true, asked: true };
}
