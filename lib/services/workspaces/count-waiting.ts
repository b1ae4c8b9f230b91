import "server-only";

import { countWaiting as countWaitingRows } from "@/lib/data/workspaces";

import { requireMember, type ServiceContext } from "../context";

/** How many actions wait for people now. */
export async function countWaiting(ctx: ServiceContext): Promise<number> {
  requireMember(ctx);
  return countWaitingRows(ctx.db, ctx.workspaceId);
}
