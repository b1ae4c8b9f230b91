import "server-only";

import type { Hash } from "@/lib/core/ledger/merkle";
import type { LeavesQuery } from "@/lib/core/ledger/schema";
import type { JsonObject } from "@/lib/core/shared/json";
import type { Page } from "@/lib/core/shared/page";
import { findLedgerHead, listLeavesFrom } from "@/lib/data/ledger-reads";

import { requireMember, type ServiceContext } from "../context";

/** One entry as the tree has it. Its leaf is the hash of `entry` in canonical form. */
export type Leaf = {
  readonly index: bigint | null;
  readonly id: string;
  readonly leaf_hash: Hash | null;
  readonly entry: JsonObject;
};

/** Sequenced entries by index: what anybody rebuilds the tree from. `next` is the index after the last, as text. */
export async function listLeaves(ctx: ServiceContext, { from, limit }: LeavesQuery): Promise<Page<Leaf>> {
  requireMember(ctx);
  const until = (await findLedgerHead(ctx.db, ctx.workspaceId))?.size ?? 0n;
  const rows = await listLeavesFrom(ctx.db, ctx.workspaceId, { from, until, take: limit });
  const items = rows.map(({ index, id, leaf_hash, body }) => ({ index, id, leaf_hash, entry: body }));
  const next = (rows.at(-1)?.index ?? until) + 1n;
  return { items, next: rows.length > 0 && next < until ? String(next) : null };
}
