import "server-only";

import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Tx } from "./db";

/** Marks an approved and allowed call as regretted, once; null when there is no such call. */
export async function insertRegret(
  tx: Tx,
  workspaceId: WorkspaceId,
  mark: { readonly decisionId: string; readonly memberId: MemberId; readonly note: string; readonly at: Date },
): Promise<{ readonly tool: string; readonly isNew: boolean } | null> {
  const call = await tx.decision.findFirst({
    where: { id: mark.decisionId, workspaceId, verdict: "allow", approvalId: { not: null } },
    select: { agentId: true, tool: true },
  });
  if (call === null) return null;
  const { count } = await tx.regret.createMany({
    data: {
      decisionId: mark.decisionId,
      workspaceId,
      agentId: call.agentId,
      tool: call.tool,
      cause: "person",
      markedBy: mark.memberId,
      note: mark.note,
      createdAt: mark.at,
    },
    skipDuplicates: true,
  });
  return { tool: call.tool, isNew: count > 0 };
}
