import "server-only";

import type { LedgerHead, LedgerItem } from "@/lib/core/ledger/schema";
import { cursorId, type Page } from "@/lib/core/shared/page";
import { findLedgerHead, listLedgerEntries, listLedgerKinds } from "@/lib/data/ledger-reads";

import { requireMember, type ServiceContext } from "../context";

type LedgerQuery = { readonly kind?: string | undefined; readonly cursor?: string | undefined; readonly limit: number };

/** A page of the ledger with the tree's head and the kinds that occur. Every member may read it. */
export type LedgerPage = Page<LedgerItem> & { readonly head: LedgerHead | null; readonly kinds: readonly string[] };

/** Newest entries first, whether sequenced or not. */
export async function listEntries(ctx: ServiceContext, filter: LedgerQuery): Promise<LedgerPage> {
  requireMember(ctx);
  const [page, head, kinds] = await Promise.all([
    listLedgerEntries(ctx.db, ctx.workspaceId, { ...filter, cursor: cursorId(filter.cursor) }),
    findLedgerHead(ctx.db, ctx.workspaceId),
    listLedgerKinds(ctx.db, ctx.workspaceId),
  ]);
  return { ...page, head, kinds };
}
