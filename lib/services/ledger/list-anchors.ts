import "server-only";

import type { AnchorItem } from "@/lib/core/ledger/schema";
import { listAnchorRows } from "@/lib/data/ledger-anchors";

import { requireMember, type ServiceContext } from "../context";

/** Every place outside this database that was ever told a checkpoint, and how far. */
export async function listAnchors(ctx: ServiceContext): Promise<{ readonly items: readonly AnchorItem[] }> {
  requireMember(ctx);
  return { items: await listAnchorRows(ctx.db, ctx.workspaceId) };
}
