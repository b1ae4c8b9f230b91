import "server-only";

import { z } from "zod";

import { RedactionSettings } from "@/lib/core/redaction/schema";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

const Row = z.object({ version: z.int(), content: RedactionSettings });

/** How a workspace redacts what comes in, with the number of its version: 0 and the defaults where it never said. */
export async function findRedaction(
  on: Db,
  workspaceId: WorkspaceId,
): Promise<{ readonly version: number; readonly settings: RedactionSettings }> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT version, content FROM redaction_versions
    WHERE workspace_id = ${workspaceId}::uuid ORDER BY version DESC LIMIT 1`;
  const newest = Row.array().parse(rows)[0];
  if (newest === undefined) return { version: 0, settings: RedactionSettings.parse({}) };
  return { version: newest.version, settings: newest.content };
}

/** Stores the next version. It fails when another one was stored under that number. */
export async function insertRedaction(
  tx: Tx,
  workspaceId: WorkspaceId,
  version: number,
  settings: RedactionSettings,
  by: MemberId,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO redaction_versions (workspace_id, version, content, created_by)
    VALUES (${workspaceId}::uuid, ${version}, ${JSON.stringify(settings)}::jsonb, ${by}::uuid)`;
}
