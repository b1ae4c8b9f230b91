import "server-only";

import { z } from "zod";

import { Approval } from "@/lib/core/approvals/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import { approvalColumns } from "./approvals";
import type { Db, Tx } from "./db";

/** A request as whoever waits for it reads it: without what its reviewers are shown. */
export const PolledApproval = Approval.extend({ votes: z.int(), now: z.date() });
export type PolledApproval = z.infer<typeof PolledApproval>;

/** Many requests at once, by their ids; those of another workspace, and those no agent made, are not among them. */
export async function listPolledApprovals(
  on: Db,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<readonly PolledApproval[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${approvalColumns}, clock_timestamp() AS now, (SELECT count(*)::int FROM votes v WHERE v.approval_id = a.id AND v.undone_at IS NULL) AS votes
    FROM approvals a JOIN agents g ON g.id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ANY (${[...ids]}::uuid[]) AND a.executor = 'agent'`;
  return PolledApproval.array().parse(rows);
}

const MovedRow = z.object({ id: z.uuid() });

/** Which of these no longer wait, by the database's clock. */
export async function listNoLongerWaiting(
  on: Db,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id FROM approvals a WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ANY (${[...ids]}::uuid[])
      AND (a.state <> 'waiting' OR a.expires_at <= clock_timestamp())`;
  return MovedRow.array()
    .parse(rows)
    .map(({ id }) => id);
}

/** Notes that people want the dry run made again. */
export async function markRerun(tx: Tx, workspaceId: WorkspaceId, id: string, at: Date): Promise<void> {
  await tx.approval.updateMany({ where: { id, workspaceId }, data: { rerunRequestedAt: at } });
}
