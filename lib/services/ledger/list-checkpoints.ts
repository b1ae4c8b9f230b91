import "server-only";

import type { CheckpointItem } from "@/lib/core/ledger/schema";
import { AppError } from "@/lib/core/shared/errors";
import type { Page } from "@/lib/core/shared/page";
import { listCheckpointItems } from "@/lib/data/ledger-checkpoints";

import { requireMember, type ServiceContext } from "../context";

/** Signed heads, latest first. The cursor is the size of the last one shown. */
export async function listCheckpoints(
  ctx: ServiceContext,
  filter: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<CheckpointItem>> {
  requireMember(ctx);
  if (filter.cursor !== undefined && !/^\d{1,18}$/.test(filter.cursor))
    throw new AppError("invalid_input", "No list answered this cursor.");
  const below = filter.cursor === undefined ? undefined : BigInt(filter.cursor);
  const rows = await listCheckpointItems(ctx.db, ctx.workspaceId, { below, take: filter.limit + 1 });
  const items = rows.slice(0, filter.limit);
  return { items, next: rows.length > filter.limit ? String(items.at(-1)?.size) : null };
}
