import "server-only";

import type { Hash } from "@/lib/core/ledger/merkle";
import { consistencyRanges } from "@/lib/core/ledger/ranges";
import type { ConsistencyQuery } from "@/lib/core/ledger/schema";
import { AppError } from "@/lib/core/shared/errors";
import { findLedgerHead } from "@/lib/data/ledger-reads";

import { requireMember, type ServiceContext } from "../context";
import { readRanges } from "./read-ranges";

/**
 * The proof that the tree of one size is a prefix of the tree of another.
 *
 * @throws {AppError} `invalid_input` unless 1 ≤ from ≤ to ≤ the present size
 */
export async function showConsistency(
  ctx: ServiceContext,
  { from, to }: ConsistencyQuery,
): Promise<{ readonly from: bigint; readonly to: bigint; readonly proof: readonly Hash[] }> {
  requireMember(ctx);
  const head = await findLedgerHead(ctx.db, ctx.workspaceId);
  const size = head?.size ?? 0n;
  if (from > to || to > size)
    throw new AppError("invalid_input", `Give two sizes, the older first, of at most ${size}: from ≤ to.`);
  return { from, to, proof: await readRanges(ctx, consistencyRanges(from, to)) };
}
