import "server-only";

import { z } from "zod";

import type { Hash } from "@/lib/core/ledger/merkle";
import { STORED_EVERY, type StoredNodes } from "@/lib/core/ledger/ranges";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";

const WIDTH = 2 ** STORED_EVERY;
/** A ledger older than its nodes catches up by this many a round. */
const MAX_NODES_PER_ROUND = 200;

const Hashes = z.object({ hash: z.string() }).array();
const Placed = z.object({ place: z.coerce.number().int(), hash: z.string() }).array();

/** Stores the nodes that a tree of `size` leaves has and that are not stored yet, from the lowest level up. */
export async function storeNodes(
  tx: Tx,
  workspaceId: WorkspaceId,
  size: bigint,
  { join }: { join(hashes: readonly Hash[]): Hash },
): Promise<void> {
  let below = size;
  for (let level = STORED_EVERY; below >= WIDTH; level += STORED_EVERY) {
    const stored = await countNodes(tx, workspaceId, level);
    const wanted = below / BigInt(WIDTH);
    const until = wanted - stored > MAX_NODES_PER_ROUND ? stored + BigInt(MAX_NODES_PER_ROUND) : wanted;
    for (let index = stored; index < until; index += 1n) {
      const part = { level: level - STORED_EVERY, index: index * BigInt(WIDTH), count: WIDTH };
      const [hashes = []] = await listStoredNodes(tx, workspaceId, [part]);
      if (hashes.length !== WIDTH) throw new Error(`the ledger of ${workspaceId} lacks nodes under ${level}/${index}`);
      await tx.$executeRaw`
        INSERT INTO ledger_nodes (workspace_id, level, node_index, hash)
        VALUES (${workspaceId}::uuid, ${level}::smallint, ${index}, ${join(hashes)})`;
    }
    below = until;
  }
}

async function countNodes(tx: Tx, workspaceId: WorkspaceId, level: number): Promise<bigint> {
  const rows = await tx.$queryRaw<{ next: bigint }[]>`
    SELECT coalesce(max(node_index) + 1, 0) AS next FROM ledger_nodes
    WHERE workspace_id = ${workspaceId}::uuid AND level = ${level}::smallint`;
  return rows[0]?.next ?? 0n;
}

/** The hashes of each of these rows of nodes; a list is too short where the tree or its stored nodes do not reach. */
export async function listStoredNodes(
  on: Db,
  workspaceId: WorkspaceId,
  wanted: readonly StoredNodes[],
): Promise<readonly (readonly Hash[])[]> {
  const [only] = wanted;
  if (wanted.length === 1 && only?.level === 0) {
    const rows = await on.$queryRaw<unknown[]>`
      SELECT leaf_hash AS hash FROM ledger_leaves WHERE workspace_id = ${workspaceId}::uuid
        AND leaf_index >= ${only.index} AND leaf_index < ${only.index + BigInt(only.count)} ORDER BY leaf_index`;
    return [Hashes.parse(rows).map((row) => row.hash)];
  }
  const rows = await on.$queryRaw<unknown[]>`
    SELECT w.place, n.hash
    FROM unnest(${wanted.map((part) => part.level)}::int[], ${wanted.map((part) => part.index)}::bigint[],
                ${wanted.map((part) => part.count)}::int[]) WITH ORDINALITY AS w (level, first, count, place)
    CROSS JOIN LATERAL (
      SELECT leaf_index AS at, leaf_hash AS hash FROM ledger_leaves
      WHERE w.level = 0 AND workspace_id = ${workspaceId}::uuid AND leaf_index >= w.first AND leaf_index < w.first + w.count
      UNION ALL
      SELECT node_index, hash FROM ledger_nodes
      WHERE w.level > 0 AND workspace_id = ${workspaceId}::uuid AND level = w.level AND node_index >= w.first AND node_index < w.first + w.count) n
    ORDER BY w.place, n.at`;
  const lists: Hash[][] = wanted.map(() => []);
  for (const row of Placed.parse(rows)) lists[row.place - 1]?.push(row.hash);
  return lists;
}
