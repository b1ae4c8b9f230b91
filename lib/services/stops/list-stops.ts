import "server-only";

import type { Stop, WorkspaceStage } from "@/lib/core/workspaces/stop";
import { findStage, listStopRows } from "@/lib/data/stops";

import { requireMember, type ServiceContext } from "../context";

/** The latest stops, open ones first, each with who consented to end it; and how far the workspace is. */
export async function listStops(
  ctx: ServiceContext,
): Promise<{ readonly items: readonly Stop[]; readonly workspace: WorkspaceStage }> {
  requireMember(ctx);
  const [items, workspace] = await Promise.all([
    listStopRows(ctx.db, ctx.workspaceId, 50),
    findStage(ctx.db, ctx.workspaceId),
  ]);
  return { items, workspace };
}
