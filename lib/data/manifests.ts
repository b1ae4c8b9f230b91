import "server-only";

import { v7 as uuidv7 } from "uuid";
import { z } from "zod";

import { ManifestVersion, VersionItem } from "@/lib/core/manifests/versions";
import type { AgentId, MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import type { JsonObject } from "@/lib/core/shared/json";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const COLUMNS = Prisma.sql`
  v.version, v.state, v.hash, v.change, c.name AS created_by, v.created_by AS created_by_id, p.name AS published_by,
  v.created_at, v.published_at`;
const SOURCES = Prisma.sql`
  manifests v LEFT JOIN members c ON c.id = v.created_by LEFT JOIN members p ON p.id = v.published_by`;

/** The versions of an agent's manifest, newest first. */
export async function listVersionItems(on: Db, workspaceId: WorkspaceId, agentId: AgentId): Promise<VersionItem[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ${SOURCES}
    WHERE v.workspace_id = ${workspaceId}::uuid AND v.agent_id = ${agentId}::uuid ORDER BY v.version DESC LIMIT 200`;
  return VersionItem.array().parse(rows);
}

/** One version with its text and content; null when there is none of that number. */
export async function findVersion(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  version: number,
): Promise<ManifestVersion | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS}, v.text, v.content FROM ${SOURCES}
    WHERE v.workspace_id = ${workspaceId}::uuid AND v.agent_id = ${agentId}::uuid AND v.version = ${version}`;
  return rows[0] === undefined ? null : ManifestVersion.parse(rows[0]);
}

/** The number of the newest version, 0 before the first; and of the one that waits for a second person. */
export async function findVersionNumbers(
  on: Db,
  workspaceId: WorkspaceId,
  agentId: AgentId,
): Promise<{ readonly newest: number; readonly pending: number | null }> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT coalesce(max(version), 0)::int AS newest, max(version) FILTER (WHERE state = 'pending')::int AS pending
    FROM manifests WHERE workspace_id = ${workspaceId}::uuid AND agent_id = ${agentId}::uuid`;
  return z.object({ newest: z.int(), pending: z.int().nullable() }).parse(rows[0]);
}

export type NewVersion = {
  readonly agentId: AgentId;
  readonly version: number;
  readonly state: "pending" | "published";
  readonly text: string;
  readonly content: JsonObject;
  readonly hash: string;
  readonly change: ManifestVersion["change"];
  readonly createdBy: MemberId;
};

export async function insertVersion(tx: Tx, workspaceId: WorkspaceId, version: NewVersion): Promise<void> {
  const publishedBy = version.state === "published" ? version.createdBy : null;
  await tx.$executeRaw`
    INSERT INTO manifests (id, workspace_id, agent_id, version, state, text, content, hash, change, created_by, published_by,
                           created_at, published_at)
    VALUES (${uuidv7()}::uuid, ${workspaceId}::uuid, ${version.agentId}::uuid, ${version.version}, ${version.state}, ${version.text},
            ${JSON.stringify(version.content)}::jsonb, ${version.hash}, ${version.change}, ${version.createdBy}::uuid,
            ${publishedBy}::uuid, clock_timestamp(), CASE WHEN ${version.state} = 'published' THEN clock_timestamp() END)`;
}

/** Takes the published version out of force; its row stays as it was. */
export async function supersedeVersion(tx: Tx, workspaceId: WorkspaceId, agentId: AgentId): Promise<void> {
  await tx.manifest.updateMany({ where: { workspaceId, agentId, state: "published" }, data: { state: "superseded" } });
}

/** Settles a version, with what it changes as judged now. @returns false when it is not pending any more */
export async function settleVersion(
  tx: Tx,
  workspaceId: WorkspaceId,
  agentId: AgentId,
  version: number,
  to:
    | { readonly state: "published"; readonly by: MemberId; readonly change: ManifestVersion["change"] }
    | { readonly state: "rejected"; readonly by: MemberId },
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE manifests SET state = ${to.state}, published_by = CASE WHEN ${to.state} = 'published' THEN ${to.by}::uuid END,
      published_at = CASE WHEN ${to.state} = 'published' THEN clock_timestamp() END,
      change = coalesce(${to.state === "published" ? to.change : null}, change)
    WHERE workspace_id = ${workspaceId}::uuid AND agent_id = ${agentId}::uuid AND version = ${version} AND state = 'pending'`;
  return count === 1;
}
