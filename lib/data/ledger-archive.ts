import "server-only";

import { z } from "zod";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import type { Db } from "./db";

const JsonMap = z.custom<JsonObject>((value) => isJsonObject(value as Json)); // jsonb is JSON
const Any = z.custom<Json>(() => true);

const EntryRow = z.object({ index: z.bigint(), leaf_hash: z.string(), body: JsonMap });
export type ArchivedEntry = z.infer<typeof EntryRow>;

/** Entries by index, from `from` up to and without `until`: what the tree is built from, and nothing else. */
export async function listArchivedEntries(
  on: Db,
  workspaceId: WorkspaceId,
  range: { readonly from: bigint; readonly until: bigint; readonly take: number },
): Promise<readonly ArchivedEntry[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT l.leaf_index AS index, l.leaf_hash, e.body::jsonb AS body
    FROM ledger_leaves l JOIN ledger_entries e ON e.id = l.entry_id
    WHERE l.workspace_id = ${workspaceId}::uuid AND l.leaf_index >= ${range.from} AND l.leaf_index < ${range.until}
    ORDER BY l.leaf_index LIMIT ${range.take}`;
  return EntryRow.array().parse(rows);
}

const ManifestRow = z.object({
  id: z.uuid(),
  agent: z.string(),
  version: z.int(),
  hash: z.string(),
  text: z.string(),
  content: JsonMap,
});
export type ArchivedManifest = z.infer<typeof ManifestRow>;

/** Every version of every manifest, in the order of their making. */
export async function listArchivedManifests(
  on: Db,
  workspaceId: WorkspaceId,
  page: { readonly after: string | null; readonly take: number },
): Promise<readonly ArchivedManifest[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT m.id, a.handle AS agent, m.version, m.hash, m.text, m.content
    FROM manifests m JOIN agents a ON a.id = m.agent_id
    WHERE m.workspace_id = ${workspaceId}::uuid AND m.id > coalesce(${page.after}::uuid, '00000000-0000-0000-0000-000000000000')
    ORDER BY m.id LIMIT ${page.take}`;
  return ManifestRow.array().parse(rows);
}

const GuardrailRow = z.object({ version: z.int(), hash: z.string(), content: JsonMap });
export type ArchivedGuardrail = z.infer<typeof GuardrailRow>;

/** Every version of the workspace's guardrail. */
export async function listArchivedGuardrails(
  on: Db,
  workspaceId: WorkspaceId,
  page: { readonly after: number; readonly take: number },
): Promise<readonly ArchivedGuardrail[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT version, hash, content FROM guardrails
    WHERE workspace_id = ${workspaceId}::uuid AND version > ${page.after} ORDER BY version LIMIT ${page.take}`;
  return GuardrailRow.array().parse(rows);
}

const ToolRow = z.object({ hash: z.string(), definition: JsonMap });
export type ArchivedTool = z.infer<typeof ToolRow>;

/** Every definition a tool ever had, by hash. */
export async function listArchivedTools(
  on: Db,
  workspaceId: WorkspaceId,
  page: { readonly after: string | null; readonly take: number },
): Promise<readonly ArchivedTool[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT hash, definition FROM tool_versions
    WHERE workspace_id = ${workspaceId}::uuid AND hash > coalesce(${page.after}, '') ORDER BY hash LIMIT ${page.take}`;
  return ToolRow.array().parse(rows);
}

const PayloadRow = z.object({
  index: z.bigint(),
  decision: z.uuid(),
  state: z.enum(["kept", "erased", "pruned"]),
  call: Any,
  salt: z.string().nullable(),
  facts: Any,
  checks: Any,
});
export type ArchivedPayload = z.infer<typeof PayloadRow>;

/** What decisions were made from, by their entry's index; without content where it was erased or is no longer kept. */
export async function listArchivedPayloads(
  on: Db,
  workspaceId: WorkspaceId,
  range: { readonly from: bigint; readonly until: bigint },
): Promise<readonly ArchivedPayload[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT l.leaf_index AS index, e.id AS decision,
           CASE WHEN x.decision_id IS NOT NULL THEN 'erased' WHEN d.id IS NULL THEN 'pruned' ELSE 'kept' END AS state,
           CASE WHEN x.decision_id IS NULL THEN d.call END AS call, CASE WHEN x.decision_id IS NULL THEN encode(d.salt, 'hex') END AS salt,
           CASE WHEN x.decision_id IS NULL THEN d.facts END AS facts, CASE WHEN x.decision_id IS NULL THEN d.checks END AS checks
    FROM ledger_leaves l
    JOIN ledger_entries e ON e.id = l.entry_id AND e.kind = 'decision'
    LEFT JOIN decisions d ON d.id = e.id
    LEFT JOIN payload_erasures x ON x.decision_id = e.id
    WHERE l.workspace_id = ${workspaceId}::uuid AND l.leaf_index >= ${range.from} AND l.leaf_index < ${range.until}
    ORDER BY l.leaf_index`;
  return PayloadRow.array().parse(rows);
}
