import "server-only";

import type { Stop, WorkspaceStage } from "@/lib/core/workspaces/stop";
import { findStage, listStopRows } from "@/lib/data/stops";

import { requireMember, type ServiceContext } from "../context";
import { withSecond } from "./with-second";

/** The latest stops, open ones first, each with who consented to end it; and how far the workspace is. */
export async function listStops(
  ctx: ServiceContext,
): Promise<{ readonly items: readonly Stop[]; readonly workspace: WorkspaceStage }> {
  const { memberId } = requireMember(ctx);
  const [items, workspace] = await Promise.all([
    listStopRows(ctx.db, ctx.workspaceId, 50),
    findStage(ctx.db, ctx.workspaceId),
  ]);
  const open = items.filter((stop) => stop.resumed_at === null);
  const over = items.filter((stop) => stop.resumed_at !== null);
  return { items: [...(await withSecond(ctx.db, ctx.workspaceId, memberId, open)), ...over], workspace };
}
