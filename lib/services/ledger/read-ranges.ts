import "server-only";

import type { Hash } from "@/lib/core/ledger/merkle";
import { hashOfRange, type LeafRange, storedNodesOf } from "@/lib/core/ledger/ranges";
import { AppError } from "@/lib/core/shared/errors";
import { listStoredNodes } from "@/lib/data/ledger-nodes";
import { sha256 } from "@/lib/platform/ed25519";

import type { ServiceContext } from "../context";

/**
 * The roots over ranges of the tree, in one query whatever the tree's size.
 *
 * @throws {AppError} `unavailable` while nodes of an older ledger are still being stored
 */
export async function readRanges(ctx: ServiceContext, ranges: readonly LeafRange[]): Promise<readonly Hash[]> {
  if (ranges.length === 0) return [];
  const parts = ranges.map((range) => storedNodesOf(range));
  const lists = await listStoredNodes(ctx.db, ctx.workspaceId, parts.flat());
  let at = 0;
  return parts.map((wanted) => {
    const found = lists.slice(at, at + wanted.length);
    at += wanted.length;
    if (!wanted.every((part, place) => found[place]?.length === part.count))
      throw new AppError("unavailable", "The tree's nodes are still being stored. Try again in a minute.");
    return hashOfRange(sha256, found);
  });
}
