import "server-only";

import type { ToolItem } from "@/lib/core/tools/item";
import { listToolItems } from "@/lib/data/tools";

import { requireMember, type ServiceContext } from "../context";

type ToolQuery = { readonly name?: string | undefined; readonly cursor?: string | undefined; readonly limit: number };

/** The catalogue by name. The cursor is the last name of the page before. */
export async function listTools(
  ctx: ServiceContext,
  query: ToolQuery,
): Promise<{ readonly items: readonly ToolItem[]; readonly next: string | null }> {
  requireMember(ctx);
  return listToolItems(ctx.db, ctx.workspaceId, query);
}
