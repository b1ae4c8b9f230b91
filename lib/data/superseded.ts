import "server-only";

import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Tx } from "./db";
import { Prisma } from "./generated/client";
import { insertOutboxEvent } from "./ledger";

/** Whose requests a change has overtaken: of an agent whose manifest changed, for a changed tool, or of everybody. */
export type Overtaken = { readonly agentId: AgentId } | { readonly tools: readonly string[] } | { readonly all: true };

/**
 * Closes open requests that can no longer be used, so that nobody reviews them: their digest names the old definition.
 *
 * @returns their ids
 */
export async function supersedeApprovals(
  tx: Tx,
  workspaceId: WorkspaceId,
  overtaken: Overtaken,
): Promise<readonly string[]> {
  const which =
    "agentId" in overtaken
      ? Prisma.sql`agent_id = ${overtaken.agentId}::uuid`
      : "all" in overtaken
        ? Prisma.sql`true`
        : Prisma.sql`tool = ANY (${[...overtaken.tools]}::text[])`;
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE approvals SET state = 'superseded', settled_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND state IN ('waiting', 'approved') AND expires_at > clock_timestamp() AND ${which}
    RETURNING id`;
  for (const { id } of rows) {
    await insertOutboxEvent(tx, workspaceId, {
      topic: "approval.settled",
      payload: { approval_id: id, state: "superseded" },
    });
  }
  return rows.map((row) => row.id);
}
