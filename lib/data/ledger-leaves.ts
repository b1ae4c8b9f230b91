import "server-only";

import { z } from "zod";

import type { Extension } from "@/lib/core/ledger/append-entries";
import type { Frontier, Hash } from "@/lib/core/ledger/merkle";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import { type Db, transact, type Tx } from "./db";
import { storeNodes } from "./ledger-nodes";

const Head = z.object({ size: z.bigint(), frontier: z.array(z.string()) });
const Pending = z.object({ id: z.uuid(), body: z.string() });

/** How the tree grows; pure, from `lib/core/ledger`. */
export type Growth = {
  extend(frontier: Frontier, bodies: readonly string[]): Extension;
  /** The root over hashes that stand side by side. */
  join(hashes: readonly Hash[]): Hash;
};

/**
 * Gives the next indexes to the `take` oldest entries that have none. Returns how many; 0 also when another is at it.
 *
 * An entry waits in the queue from the transaction that wrote it until the one that gives it its leaf, so what was
 * committed late is never passed over. Two sequencers exclude each other by a lock; should that ever fail, the primary
 * key on the index and the comparison of the size let only one commit.
 */
export function sequenceEntries(on: Db, workspaceId: WorkspaceId, take: number, growth: Growth): Promise<number> {
  return transact(on, async (tx) => {
    if (!(await lockLedger(tx, workspaceId))) return 0;
    const pending = await listPending(tx, workspaceId, take);
    const before = await findFrontier(tx, workspaceId);
    if (pending.length > 0) {
      const after = growth.extend(
        before,
        pending.map((entry) => entry.body),
      );
      const ids = pending.map((entry) => entry.id);
      await insertLeaves(tx, workspaceId, before.size, ids, after.leaves);
      await tx.$executeRaw`
        DELETE FROM ledger_pending p USING ledger_entries e
        WHERE e.id = ANY (${ids}::uuid[]) AND p.workspace_id = e.workspace_id AND p.created_at = e.created_at AND p.entry_id = e.id`;
      await moveHead(tx, workspaceId, before.size, after);
    }
    await storeNodes(tx, workspaceId, before.size + BigInt(pending.length), growth);
    return pending.length;
  });
}

/** For how many seconds the oldest entry has waited for its place; 0 when none waits. */
export async function findSequencingLag(on: Db, workspaceId: WorkspaceId): Promise<number> {
  const rows = await on.$queryRaw<{ seconds: number }[]>`
    SELECT greatest(0, extract(epoch FROM clock_timestamp() - created_at))::float8 AS seconds FROM ledger_pending
    WHERE workspace_id = ${workspaceId}::uuid ORDER BY created_at LIMIT 1`;
  return rows[0]?.seconds ?? 0;
}

/** Takes the workspace's ledger for this transaction; false when somebody else has it. */
export async function lockLedger(tx: Tx, workspaceId: WorkspaceId): Promise<boolean> {
  const rows = await tx.$queryRaw<{ got: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended('interlock-ledger:' || ${workspaceId}, 0)) AS got`;
  return rows[0]?.got === true;
}

/** The same, but waits: for the rare changes that a sequencer must not come between. */
export async function awaitLedger(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('interlock-ledger:' || ${workspaceId}, 0))::text`;
}

async function findFrontier(tx: Tx, workspaceId: WorkspaceId): Promise<Frontier> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT size, frontier FROM ledger_heads WHERE workspace_id = ${workspaceId}::uuid`;
  const head = rows[0] === undefined ? { size: 0n, frontier: [] } : Head.parse(rows[0]);
  return { size: head.size, hashes: head.frontier };
}

async function listPending(tx: Tx, workspaceId: WorkspaceId, take: number) {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT e.id, e.body FROM (
      SELECT created_at, entry_id FROM ledger_pending WHERE workspace_id = ${workspaceId}::uuid
      ORDER BY created_at, entry_id LIMIT ${take}) p
    JOIN ledger_entries e ON e.id = p.entry_id ORDER BY p.created_at, p.entry_id`;
  return Pending.array().parse(rows);
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
