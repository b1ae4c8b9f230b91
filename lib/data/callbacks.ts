import "server-only";

import { z } from "zod";

import { type Callback, CallbackPayload } from "@/lib/core/agents/callback";
import type { AgentId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

/** Sets where an agent is told; what was set before is replaced, its secret with it. */
export async function upsertCallback(
  tx: Tx,
  workspaceId: WorkspaceId,
  {
    agentId,
    url,
    sealedSecret,
  }: { readonly agentId: AgentId; readonly url: string; readonly sealedSecret: Uint8Array<ArrayBuffer> },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO agent_callbacks AS c (agent_id, workspace_id, url, sealed_secret, created_at)
    VALUES (${agentId}::uuid, ${workspaceId}::uuid, ${url}, ${sealedSecret}, clock_timestamp())
    ON CONFLICT (agent_id) DO UPDATE SET url = excluded.url, sealed_secret = excluded.sealed_secret, created_at = excluded.created_at`;
}

/** @returns false when there was none */
export async function deleteCallback(tx: Tx, workspaceId: WorkspaceId, agentId: AgentId): Promise<boolean> {
  const { count } = await tx.agentCallback.deleteMany({ where: { workspaceId, agentId } });
  return count === 1;
}

/** Where an agent is told; null when nowhere. */
export async function findCallback(on: Db, workspaceId: WorkspaceId, agentId: AgentId): Promise<Callback | null> {
  return on.agentCallback.findFirst({ where: { workspaceId, agentId }, select: { url: true, createdAt: true } });
}

const DueRow = CallbackPayload.extend({
  agent_id: z.uuid(),
  url: z.string(),
  sealed_secret: z.instanceof(Uint8Array),
});

/** What is to be sent about a settled request, and where to; null when its agent has no call-back. */
export type DueCallback = {
  readonly agentId: string;
  readonly url: string;
  readonly sealedSecret: Uint8Array;
  readonly payload: CallbackPayload;
};

export async function findDueCallback(
  on: Db,
  workspaceId: WorkspaceId,
  approvalId: string,
): Promise<DueCallback | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT a.id AS approval_id, a.decision_id, a.note, a.superseded_by, c.agent_id, c.url, c.sealed_secret,
           CASE WHEN a.state IN ('waiting', 'approved') AND a.expires_at <= clock_timestamp() THEN 'expired' ELSE a.state END AS state
    FROM approvals a JOIN agent_callbacks c ON c.agent_id = a.agent_id
    WHERE a.workspace_id = ${workspaceId}::uuid AND a.id = ${approvalId}::uuid AND a.executor = 'agent'`;
  if (rows[0] === undefined) return null;
  const { agent_id: agentId, url, sealed_secret: sealedSecret, ...payload } = DueRow.parse(rows[0]);
  return { agentId, url, sealedSecret, payload };
}
