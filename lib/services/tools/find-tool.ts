import "server-only";

import { skeletonOf } from "@/lib/core/shared/names";
import type { ToolItem } from "@/lib/core/tools/item";
import { findToolItem, findTwinName } from "@/lib/data/tools";

import { requireMember, type ServiceContext } from "../context";

/**
 * The catalogue's entry of this exact name, or null: for forms that add what is not there.
 *
 * `twin` is another tool whose name reads the same, for whoever must decide about a quarantined one.
 */
export async function findTool(
  ctx: ServiceContext,
  name: string,
): Promise<{ readonly tool: ToolItem; readonly twin: string | null } | null> {
  requireMember(ctx);
  const tool = await findToolItem(ctx.db, ctx.workspaceId, name);
  if (!tool) return null;
  const twin =
    tool.status === "quarantined" ? await findTwinName(ctx.db, ctx.workspaceId, name, skeletonOf(name)) : null;
  return { tool, twin };
}
