import "server-only";

import type { Flood } from "@/lib/core/approvals/flood";
import { listFloodRows } from "@/lib/data/floods";

import { requireMember, type ServiceContext } from "../context";

/** Agents that are paused because they asked for too much, for any member. */
export async function listFloods(ctx: ServiceContext): Promise<{ readonly items: readonly Flood[] }> {
  requireMember(ctx);
  return { items: await listFloodRows(ctx.db, ctx.workspaceId) };
}
