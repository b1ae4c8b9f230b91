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

/** The keys that entries before `until` put in force, oldest first. */
export async function listRotatedKeys(on: Db, workspaceId: WorkspaceId, until: bigint): Promise<readonly string[]> {
  const rows = await on.$queryRaw<{ key: string }[]>`
    SELECT e.body::jsonb -> 'details' ->> 'key' AS key
    FROM ledger_entries e JOIN ledger_leaves l ON l.entry_id = e.id
    WHERE e.workspace_id = ${workspaceId}::uuid AND e.kind = 'ledger.rotate' AND l.leaf_index < ${until}
    ORDER BY l.leaf_index`;
  return rows.map(({ key }) => key);
}

const ContentRow = z.object({ hash: z.string(), content: JsonMap });
export type ArchivedContent = z.infer<typeof ContentRow>;

type ByHash = { readonly after: string; readonly take: number };

/** What every version of every manifest says, each once, by hash. */
export async function listArchivedManifests(
  on: Db,
  workspaceId: WorkspaceId,
  { after, take }: ByHash,
): Promise<readonly ArchivedContent[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT DISTINCT ON (hash COLLATE "C") hash, content FROM manifests
    WHERE workspace_id = ${workspaceId}::uuid AND hash COLLATE "C" > ${after} ORDER BY hash COLLATE "C" LIMIT ${take}`;
  return ContentRow.array().parse(rows);
}

/** What every version of the workspace's guardrail says, each once, by hash. */
export async function listArchivedGuardrails(
  on: Db,
  workspaceId: WorkspaceId,
  { after, take }: ByHash,
): Promise<readonly ArchivedContent[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT DISTINCT ON (hash COLLATE "C") hash, content FROM guardrails
    WHERE workspace_id = ${workspaceId}::uuid AND hash COLLATE "C" > ${after} ORDER BY hash COLLATE "C" LIMIT ${take}`;
  return ContentRow.array().parse(rows);
}

const ToolRow = z.object({ hash: z.string(), definition: JsonMap });
export type ArchivedTool = z.infer<typeof ToolRow>;

/** Every definition a tool ever had, by hash. */
export async function listArchivedTools(
  on: Db,
  workspaceId: WorkspaceId,
  { after, take }: ByHash,
): Promise<readonly ArchivedTool[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT hash, definition FROM tool_versions
    WHERE workspace_id = ${workspaceId}::uuid AND hash COLLATE "C" > ${after} ORDER BY hash COLLATE "C" LIMIT ${take}`;
  return ToolRow.array().parse(rows);
}

const PayloadRow = z.object({
  index: z.bigint(),
  decision: z.uuid(),
  state: z.enum(["kept", "erased", "pruned"]),
  call: Any,
  salt: z.string().nullable(),
  facts: JsonMap.nullable(),
  /** Whether the entry holds the facts itself: then only what it commits to is wanted beside it. */
  attested: z.boolean(),
});
export type ArchivedPayload = z.infer<typeof PayloadRow>;

/** About how many bytes of payloads are read at once: one may be a megabyte. */
const MOST_PAYLOAD_BYTES = 1024 * 1024;

/**
 * What decisions were made from, by their entry's index; without content where it was erased or is no longer kept.
 *
 * @returns as many as fit together, and the index to go on from; `until` when that was all
 */
export async function listArchivedPayloads(
  on: Db,
  workspaceId: WorkspaceId,
  range: { readonly from: bigint; readonly until: bigint },
): Promise<{ readonly payloads: readonly ArchivedPayload[]; readonly next: bigint }> {
  // Only what is stored compressed has to be unpacked to know its length.
  const rows = await on.$queryRaw<{ all: number }[]>`
    WITH sized AS (
      SELECT l.leaf_index, l.entry_id, count(*) OVER ()::int AS all,
             sum(CASE WHEN pg_column_compression(d.call) IS NULL THEN pg_column_size(d.call) ELSE octet_length(d.call::text) END)
               OVER (ORDER BY l.leaf_index ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM ledger_leaves l
      JOIN ledger_entries e ON e.id = l.entry_id AND e.kind = 'decision'
      LEFT JOIN decisions d ON d.id = e.id
      WHERE l.workspace_id = ${workspaceId}::uuid AND l.leaf_index >= ${range.from} AND l.leaf_index < ${range.until}
    )
    SELECT l.all, l.leaf_index AS index, e.id AS decision, e.body::jsonb ? 'facts' AS attested,
           CASE WHEN x.decision_id IS NOT NULL THEN 'erased' WHEN d.id IS NULL THEN 'pruned' ELSE 'kept' END AS state,
           CASE WHEN x.decision_id IS NULL THEN d.call END AS call, CASE WHEN x.decision_id IS NULL THEN encode(d.salt, 'hex') END AS salt,
           CASE WHEN x.decision_id IS NULL THEN d.facts END AS facts
    FROM sized l
    JOIN ledger_entries e ON e.id = l.entry_id
    LEFT JOIN decisions d ON d.id = e.id
    LEFT JOIN payload_erasures x ON x.decision_id = e.id
    WHERE coalesce(l.before, 0) < ${MOST_PAYLOAD_BYTES}
    ORDER BY l.leaf_index`;
  const payloads = PayloadRow.array().parse(rows);
  const last = payloads.at(-1);
  const isAll = last === undefined || payloads.length === rows[0]?.all;
  return { payloads, next: isAll ? range.until : last.index + 1n };
}
