import "server-only";

import { CredentialScope } from "@/lib/core/agents/schema";
import { AgentId, CredentialId, MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import { Role } from "@/lib/core/workspaces/schema";

import { anyone } from "./db";

/** Who holds a secret. These are the only questions asked before a workspace is known; each answers the least there is. */
export type CredentialHolder = {
  readonly workspaceId: WorkspaceId;
  readonly agentId: AgentId;
  readonly credentialId: CredentialId;
  readonly scopes: readonly CredentialScope[];
};

export type TokenHolder = {
  readonly workspaceId: WorkspaceId;
  readonly memberId: MemberId;
  readonly roles: readonly Role[];
};

/** The holder of an agent key, by the key's SHA-256; null when there is none, or it is revoked or expired. */
export async function findCredentialHolder(hash: Uint8Array<ArrayBuffer>): Promise<CredentialHolder | null> {
  const rows = await anyone.$queryRaw<Record<string, unknown>[]>`SELECT * FROM find_credential(${hash})`;
  const row = rows[0];
  if (!row) return null;
  return {
    workspaceId: WorkspaceId.parse(row["workspace_id"]),
    agentId: AgentId.parse(row["agent_id"]),
    credentialId: CredentialId.parse(row["credential_id"]),
    scopes: CredentialScope.array().parse(row["scopes"]),
  };
}

/** The holder of a personal token, by the token's SHA-256; null when there is none, or it is revoked or expired. */
export async function findTokenHolder(hash: Uint8Array<ArrayBuffer>): Promise<TokenHolder | null> {
  const rows = await anyone.$queryRaw<Record<string, unknown>[]>`SELECT * FROM find_personal_token(${hash})`;
  const row = rows[0];
  if (!row) return null;
  return {
    workspaceId: WorkspaceId.parse(row["workspace_id"]),
    memberId: MemberId.parse(row["member_id"]),
    roles: Role.array().parse(row["roles"]),
  };
}

/** Every workspace there is, oldest first: for jobs that visit each. */
export async function listWorkspaceIds(): Promise<readonly WorkspaceId[]> {
  const rows = await anyone.$queryRaw<{ id: string }[]>`SELECT id FROM list_workspace_ids()`;
  return rows.map((row) => WorkspaceId.parse(row.id));
}
