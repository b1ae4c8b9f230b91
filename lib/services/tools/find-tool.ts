import "server-only";

import type { ToolItem } from "@/lib/core/tools/item";
import { findToolItem } from "@/lib/data/tools";

import { requireMember, type ServiceContext } from "../context";

/** The catalogue's entry of this exact name, or null: for forms that add what is not there. */
export async function findTool(ctx: ServiceContext, name: string): Promise<ToolItem | null> {
  requireMember(ctx);
  return findToolItem(ctx.db, ctx.workspaceId, name);
}
