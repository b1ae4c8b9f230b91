import "server-only";

import { CredentialItem } from "@/lib/core/agents/item";
import type { CredentialScope } from "@/lib/core/agents/schema";
import type { AgentId, CredentialId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

export type NewCredential = {
  readonly id: CredentialId;
  readonly agentId: AgentId;
  readonly hash: Uint8Array<ArrayBuffer>;
  readonly hint: string;
  readonly scopes: readonly CredentialScope[];
  readonly days: number;
};

/** @returns when it expires, by the database's clock */
export async function insertCredential(tx: Tx, workspaceId: WorkspaceId, credential: NewCredential): Promise<Date> {
  const rows = await tx.$queryRaw<{ expires_at: Date }[]>`
    INSERT INTO credentials (id, workspace_id, agent_id, hash, hint, scopes, created_at, expires_at)
    VALUES (${credential.id}::uuid, ${workspaceId}::uuid, ${credential.agentId}::uuid, ${credential.hash}, ${credential.hint},
            ${[...credential.scopes]}::text[], clock_timestamp(), clock_timestamp() + make_interval(days => ${credential.days}::int))
    RETURNING expires_at`;
  const [row] = rows;
  if (!row) throw new Error("a credential that was inserted has no row");
  return row.expires_at;
}

/** @returns false when the agent has no such key, or it was already revoked */
export async function revokeCredentialRow(
  tx: Tx,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  id: string,
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE credentials SET revoked_at = clock_timestamp()
    WHERE workspace_id = ${workspaceId}::uuid AND agent_id = ${agentId}::uuid AND id = ${id}::uuid AND revoked_at IS NULL`;
  return count === 1;
}

/** The agent's keys, newest first, with whether each still works by the database's clock. */
export async function listCredentials(on: Db, workspaceId: WorkspaceId, agentId: AgentId): Promise<CredentialItem[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT id, hint, scopes, created_at, expires_at, revoked_at, (revoked_at IS NULL AND expires_at > clock_timestamp()) AS usable
    FROM credentials WHERE workspace_id = ${workspaceId}::uuid AND agent_id = ${agentId}::uuid
    ORDER BY id DESC LIMIT 50`;
  return CredentialItem.array().parse(rows);
}
