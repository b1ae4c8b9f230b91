import "server-only";

import type { LedgerItem } from "@/lib/core/ledger/schema";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { findLedgerItem } from "@/lib/data/ledger-reads";

import { requireMember, type ServiceContext } from "../context";

/** @throws {AppError} `not_found` */
export async function showEntry(ctx: ServiceContext, id: string): Promise<LedgerItem> {
  requireMember(ctx);
  const item = isUuid(id) ? await findLedgerItem(ctx.db, ctx.workspaceId, id) : null;
  if (!item) throw new AppError("not_found", "There is no such ledger entry.");
  return item;
}
