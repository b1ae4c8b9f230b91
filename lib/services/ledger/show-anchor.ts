import "server-only";

import type { Anchor } from "@/lib/core/ledger/anchor";
import { findLastLeaf } from "@/lib/data/ledger-leaves";

import { requireSystem, type ServiceContext } from "../context";

/** How far the ledger is, for keeping outside the database; null before its first leaf. */
export async function showAnchor(ctx: ServiceContext): Promise<Anchor | null> {
  requireSystem(ctx);
  return findLastLeaf(ctx.db, ctx.workspaceId);
}
