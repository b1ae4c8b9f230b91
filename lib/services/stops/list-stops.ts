import "server-only";

import type { Stop } from "@/lib/core/workspaces/stop";
import { listStopRows } from "@/lib/data/stops";

import { requireMember, type ServiceContext } from "../context";

/** The latest stops of the workspace, open ones first. */
export async function listStops(ctx: ServiceContext): Promise<{ readonly items: readonly Stop[] }> {
  requireMember(ctx);
  return { items: await listStopRows(ctx.db, ctx.workspaceId, 50) };
}
