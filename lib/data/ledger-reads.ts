import "server-only";

import { z } from "zod";

import { LedgerHead, LedgerItem } from "@/lib/core/ledger/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { type Page, pageOf } from "@/lib/core/shared/page";

import type { Db } from "./db";
import { Prisma } from "./generated/client";

// The actor's id is one of our own rows, whoever it is; the name is looked up here so that a list is one query.
const COLUMNS = Prisma.sql`
  e.id, e.kind, e.created_at AS at, e.body::jsonb AS body, l.leaf_index AS index, l.leaf_hash,
  coalesce(m.name, a.handle, e.body::jsonb ->> 'agent', e.body::jsonb -> 'actor' ->> 'job') AS who`;
const SOURCES = Prisma.sql`
  LEFT JOIN members m ON m.workspace_id = e.workspace_id AND m.id::text = e.body::jsonb -> 'actor' ->> 'id'
  LEFT JOIN agents a ON a.workspace_id = e.workspace_id AND a.id::text = e.body::jsonb -> 'actor' ->> 'id'`;

const ofKind = (kind: string | undefined) => (kind === undefined ? Prisma.empty : Prisma.sql`AND e.kind = ${kind}`);

/** The workspace's tree as last sequenced; null before the first entry is. */
export async function findLedgerHead(on: Db, workspaceId: WorkspaceId): Promise<LedgerHead | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT size, root_hash, updated_at FROM ledger_heads WHERE workspace_id = ${workspaceId}::uuid`;
  return rows[0] === undefined ? null : LedgerHead.parse(rows[0]);
}

/** A vote of a review that is still open: whoever gives the second one must not have read the first. */
const OPEN_VOTE = Prisma.sql`
  (CASE WHEN e.kind = 'approval.vote' THEN EXISTS (
    SELECT FROM approvals o WHERE o.workspace_id = e.workspace_id AND o.state = 'waiting'
      AND o.id = (e.body::jsonb #>> '{details,approval_id}')::uuid) ELSE false END)`;

/**
 * Newest first, without the votes of open reviews, which stand in the tree and in every export from the beginning. Ids
 * carry the time, so their order is the order of events to the millisecond.
 */
export async function listLedgerEntries(
  on: Db,
  workspaceId: WorkspaceId,
  filter: { readonly kind?: string | undefined; readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<LedgerItem>> {
  const before = filter.cursor === undefined ? Prisma.empty : Prisma.sql`AND e.id < ${filter.cursor}::uuid`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ledger_entries e LEFT JOIN ledger_leaves l ON l.entry_id = e.id ${SOURCES}
    WHERE e.workspace_id = ${workspaceId}::uuid ${ofKind(filter.kind)} ${before} AND NOT ${OPEN_VOTE}
    ORDER BY e.id DESC LIMIT ${filter.limit + 1}`;
  return pageOf(LedgerItem.array().parse(rows), filter.limit);
}

/** The newest entry's id: where an export ends. */
export async function findLastEntryId(on: Db, workspaceId: WorkspaceId): Promise<string | null> {
  const row = await on.ledgerEntry.findFirst({ where: { workspaceId }, orderBy: { id: "desc" }, select: { id: true } });
  return row?.id ?? null;
}

export async function findLedgerItem(on: Db, workspaceId: WorkspaceId, id: string): Promise<LedgerItem | null> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ledger_entries e LEFT JOIN ledger_leaves l ON l.entry_id = e.id ${SOURCES}
    WHERE e.workspace_id = ${workspaceId}::uuid AND e.id = ${id}::uuid`;
  return rows[0] === undefined ? null : LedgerItem.parse(rows[0]);
}

/** The kinds that occur, in order. Hops from kind to kind by the index instead of reading every entry. */
export async function listLedgerKinds(on: Db, workspaceId: WorkspaceId): Promise<readonly string[]> {
  const rows = await on.$queryRaw<unknown[]>`
    WITH RECURSIVE kinds (kind) AS (
      SELECT min(kind) FROM ledger_entries WHERE workspace_id = ${workspaceId}::uuid
      UNION ALL
      SELECT (SELECT min(e.kind) FROM ledger_entries e WHERE e.workspace_id = ${workspaceId}::uuid AND e.kind > k.kind)
      FROM kinds k WHERE k.kind IS NOT NULL)
    SELECT kind FROM kinds WHERE kind IS NOT NULL LIMIT 500`;
  return z
    .object({ kind: z.string() })
    .array()
    .parse(rows)
    .map((row) => row.kind);
}

/** Sequenced entries by index, from `from` up to and without `until`. */
export async function listLeavesFrom(
  on: Db,
  workspaceId: WorkspaceId,
  range: { readonly from: bigint; readonly until: bigint; readonly kind?: string | undefined; readonly take: number },
): Promise<readonly LedgerItem[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ledger_leaves l JOIN ledger_entries e ON e.id = l.entry_id ${SOURCES}
    WHERE l.workspace_id = ${workspaceId}::uuid AND l.leaf_index >= ${range.from} AND l.leaf_index < ${range.until}
      ${ofKind(range.kind)}
    ORDER BY l.leaf_index LIMIT ${range.take}`;
  return LedgerItem.array().parse(rows);
}

/**
 * Entries that had no index in a tree of `size`, by id, up to the id `last`.
 *
 * Those sequenced meanwhile are still reported as without one, so that a file agrees with the size it was begun at.
 */
export async function listEntriesBeyond(
  on: Db,
  workspaceId: WorkspaceId,
  range: {
    readonly size: bigint;
    readonly after: string | null;
    readonly last: string;
    readonly kind?: string | undefined;
    readonly take: number;
  },
): Promise<readonly LedgerItem[]> {
  const after = range.after === null ? Prisma.empty : Prisma.sql`AND e.id > ${range.after}::uuid`;
  const rows = await on.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM ledger_entries e LEFT JOIN ledger_leaves l ON l.entry_id = e.id ${SOURCES}
    WHERE e.workspace_id = ${workspaceId}::uuid AND (l.leaf_index IS NULL OR l.leaf_index >= ${range.size})
      AND e.id <= ${range.last}::uuid ${ofKind(range.kind)} ${after}
    ORDER BY e.id LIMIT ${range.take}`;
  return LedgerItem.array()
    .parse(rows)
    .map((item) => ({ ...item, index: null, leaf_hash: null }));
}
