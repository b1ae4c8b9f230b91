import "server-only";

import { v7 as uuidv7 } from "uuid";
import { z } from "zod";

import { ManifestVersion, VersionItem } from "@/lib/core/manifests/versions";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";
import type { JsonObject } from "@/lib/core/shared/json";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

const COLUMNS = Prisma.sql`
  v.version, v.state, v.hash, v.change, c.name AS created_by, v.created_by AS created_by_id, p.name AS published_by,
  v.created_at, v.published_at`;
const SOURCES = Prisma.sql`
  guardrails v LEFT JOIN members c ON c.id = v.created_by LEFT JOIN members p ON p.id = v.published_by`;

/** The versions of a workspace's guardrail, newest first. */
export async function listGuardrailItems(on: Db, workspaceId: WorkspaceId): Promise<VersionItem[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ${SOURCES} WHERE v.workspace_id = ${workspaceId}::uuid ORDER BY v.version DESC LIMIT 200`;
  return VersionItem.array().parse(rows);
}

/** One version with its text and content, or the one in force; null when there is none. */
export async function findGuardrail(
  on: Db,
  workspaceId: WorkspaceId,
  version: number | "current",
): Promise<ManifestVersion | null> {
  const which = version === "current" ? Prisma.sql`v.state = 'published'` : Prisma.sql`v.version = ${version}`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS}, v.text, v.content FROM ${SOURCES} WHERE v.workspace_id = ${workspaceId}::uuid AND ${which}`;
  return rows[0] === undefined ? null : ManifestVersion.parse(rows[0]);
}

const Numbers = z.object({ newest: z.int(), pending: z.int().nullable() });

/** The number of the newest version, 0 before the first; and of the newest that waits. */
export async function findGuardrailNumbers(on: Db, workspaceId: WorkspaceId): Promise<z.infer<typeof Numbers>> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT coalesce(max(version), 0)::int AS newest, max(version) FILTER (WHERE state = 'pending')::int AS pending
    FROM guardrails WHERE workspace_id = ${workspaceId}::uuid`;
  return Numbers.parse(rows[0]);
}

export type NewGuardrail = {
  readonly version: number;
  readonly text: string;
  readonly content: JsonObject;
  readonly hash: string;
  readonly change: ManifestVersion["change"];
  readonly createdBy: MemberId;
};

/** Stores a version that waits. */
export async function insertGuardrail(tx: Tx, workspaceId: WorkspaceId, version: NewGuardrail): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO guardrails (id, workspace_id, version, state, text, content, hash, change, created_by, created_at)
    VALUES (${uuidv7()}::uuid, ${workspaceId}::uuid, ${version.version}, 'pending', ${version.text},
            ${JSON.stringify(version.content)}::jsonb, ${version.hash}, ${version.change}, ${version.createdBy}::uuid,
            clock_timestamp())`;
}

/** Takes the published version out of force; its row stays as it was. */
export async function supersedeGuardrail(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
  await tx.guardrail.updateMany({ where: { workspaceId, state: "published" }, data: { state: "superseded" } });
}

/** Settles a version, with what it changes as judged now. @returns false when it is not pending any more */
export async function settleGuardrail(
  tx: Tx,
  workspaceId: WorkspaceId,
  version: number,
  to:
    | { readonly state: "published"; readonly by: MemberId; readonly change: ManifestVersion["change"] }
    | { readonly state: "rejected"; readonly by: MemberId },
): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE guardrails SET state = ${to.state}, published_by = CASE WHEN ${to.state} = 'published' THEN ${to.by}::uuid END,
      published_at = CASE WHEN ${to.state} = 'published' THEN clock_timestamp() END,
      change = coalesce(${to.state === "published" ? to.change : null}, change)
    WHERE workspace_id = ${workspaceId}::uuid AND version = ${version} AND state = 'pending'`;
  return count === 1;
}
