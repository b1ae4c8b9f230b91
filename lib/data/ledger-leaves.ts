import "server-only";

import { z } from "zod";

import type { Extension } from "@/lib/core/ledger/append-entries";
import type { Frontier } from "@/lib/core/ledger/merkle";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { type Db, transact, type Tx } from "./db";
import { Prisma } from "./generated/client";

const Head = z.object({ size: z.bigint(), frontier: z.array(z.string()) });
const Pending = z.object({ id: z.uuid(), body: z.custom<JsonObject>((value) => isJsonObject(value as Json)) }); // jsonb is JSON

/** Where to look for entries without an index: `recent` near the newest leaf, which is cheap, or `all`. */
export type SequenceScope = { readonly look: "recent" | "all"; readonly take: number };

/**
 * Gives the next indexes to committed entries that have none. Returns how many; 0 also when another sequencer is at it.
 *
 * Which entries are visible may differ from the order of their ids (a slow transaction commits an older id later), so
 * an entry is found by having no leaf, never by being newer than the last one. Two sequencers exclude each other by a
 * lock; should that ever fail, the primary key on the index and the comparison of the size let only one commit.
 */
export function sequenceEntries(
  on: Db,
  workspaceId: WorkspaceId,
  scope: SequenceScope,
  extend: (frontier: Frontier, bodies: readonly JsonObject[]) => Extension,
): Promise<number> {
  return transact(on, async (tx) => {
    if (!(await lockLedger(tx, workspaceId))) return 0;
    const before = await findFrontier(tx, workspaceId);
    const pending = await listPending(tx, workspaceId, scope);
    if (pending.length === 0) return 0;
    const after = extend(
      before,
      pending.map((entry) => entry.body),
    );
    await insertLeaves(
      tx,
      workspaceId,
      before.size,
      pending.map((entry) => entry.id),
      after.leaves,
    );
    await moveHead(tx, workspaceId, before.size, after);
    return pending.length;
  });
}

async function lockLedger(tx: Tx, workspaceId: WorkspaceId): Promise<boolean> {
  const rows = await tx.$queryRaw<{ got: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended('interlock-ledger:' || ${workspaceId}, 0)) AS got`;
  return rows[0]?.got === true;
}

async function findFrontier(tx: Tx, workspaceId: WorkspaceId): Promise<Frontier> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT size, frontier FROM ledger_heads WHERE workspace_id = ${workspaceId}::uuid`;
  const head = rows[0] === undefined ? { size: 0n, frontier: [] } : Head.parse(rows[0]);
  return { size: head.size, hashes: head.frontier };
}

async function listPending(tx: Tx, workspaceId: WorkspaceId, scope: SequenceScope) {
  // As a value of its own, so that the planner knows how few rows lie beyond it.
  const floor = scope.look === "all" ? null : await findRecentFloor(tx, workspaceId);
  // Said of both tables, so that the leaves are not read whole either.
  const recent = floor === null ? Prisma.empty : Prisma.sql`AND e.id >= ${floor}::uuid`;
  const taken = floor === null ? Prisma.empty : Prisma.sql`AND l.entry_id >= ${floor}::uuid`;
  const rows = await tx.$queryRaw<unknown[]>`
    WITH pending AS (
      SELECT e.id, e.body, e.created_at FROM ledger_entries e
      WHERE e.workspace_id = ${workspaceId}::uuid ${recent}
        AND NOT EXISTS (SELECT FROM ledger_leaves l WHERE l.entry_id = e.id ${taken})
      ORDER BY e.id LIMIT ${scope.take})
    SELECT id, body FROM pending ORDER BY created_at, id`;
  return Pending.array().parse(rows);
}

/** The least id an entry may have that was not visible when the newest leaf was taken; null before the first leaf. */
async function findRecentFloor(tx: Tx, workspaceId: WorkspaceId): Promise<string | null> {
  // No transaction of ours stays open for longer than ten seconds; the rest is for clocks that differ.
  const rows = await tx.$queryRaw<{ floor: string }[]>`
    SELECT uuid_at(e.created_at - interval '30 seconds')::text AS floor
    FROM ledger_leaves l JOIN ledger_entries e ON e.id = l.entry_id
    WHERE l.workspace_id = ${workspaceId}::uuid ORDER BY l.leaf_index DESC LIMIT 1`;
  return rows[0]?.floor ?? null;
}

async function insertLeaves(
  tx: Tx,
  workspaceId: WorkspaceId,
  first: bigint,
  ids: readonly string[],
  hashes: readonly string[],
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO ledger_leaves (workspace_id, leaf_index, entry_id, leaf_hash)
    SELECT ${workspaceId}::uuid, ${first}::bigint + leaf.place - 1, leaf.id, leaf.hash
    FROM unnest(${[...ids]}::uuid[], ${[...hashes]}::text[]) WITH ORDINALITY AS leaf (id, hash, place)`;
}

async function moveHead(tx: Tx, workspaceId: WorkspaceId, from: bigint, { frontier, root }: Extension): Promise<void> {
  const moved = await tx.$executeRaw`
    INSERT INTO ledger_heads AS h (workspace_id, size, root_hash, frontier, updated_at)
    VALUES (${workspaceId}::uuid, ${frontier.size}, ${root}, ${[...frontier.hashes]}::text[], clock_timestamp())
    ON CONFLICT (workspace_id) DO UPDATE
      SET size = excluded.size, root_hash = excluded.root_hash, frontier = excluded.frontier, updated_at = excluded.updated_at
      WHERE h.size = ${from}`;
  if (moved !== 1)
    throw new Error(`the ledger of ${workspaceId} is no longer of size ${from}: another sequencer moved it`);
}

/** The number of leaves and the hash of the last one; null before the first. */
export async function findLastLeaf(
  on: Db,
  workspaceId: WorkspaceId,
): Promise<{ readonly size: number; readonly leaf: string } | null> {
  const row = await on.ledgerLeaf.findFirst({
    where: { workspaceId },
    orderBy: { leafIndex: "desc" },
    select: { leafIndex: true, leafHash: true },
  });
  return row && { size: Number(row.leafIndex) + 1, leaf: row.leafHash };
}

/** The hash of the leaf at an index; null when there is none. */
export async function findLeafAt(on: Db, workspaceId: WorkspaceId, index: number): Promise<string | null> {
  const where = { workspaceId, leafIndex: BigInt(index) };
  const row = await on.ledgerLeaf.findFirst({ where, select: { leafHash: true } });
  return row?.leafHash ?? null;
}
