import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import type { ToolItem } from "@/lib/core/tools/item";
import { findToolItem } from "@/lib/data/tools";

import { requireMember, type ServiceContext } from "../context";

/** @throws {AppError} `not_found` */
export async function showTool(ctx: ServiceContext, name: string): Promise<ToolItem> {
  requireMember(ctx);
  const tool = await findToolItem(ctx.db, ctx.workspaceId, name);
  if (!tool) throw new AppError("not_found", "There is no tool of this name in the catalogue.");
  return tool;
}
