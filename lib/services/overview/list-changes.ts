import "server-only";

import type { Annotation } from "@/lib/core/figures/spend";
import { DAY_MS } from "@/lib/core/shared/time";
import { listAnnotations } from "@/lib/data/spend-facts";

import { requireMember, type ServiceContext } from "../context";

const DAYS = 7;

/** What somebody changed in the last week that figures may follow from. For any member. */
export async function listChanges(ctx: ServiceContext): Promise<readonly Annotation[]> {
  requireMember(ctx);
  const from = new Date(ctx.now.getTime() - DAYS * DAY_MS);
  return listAnnotations(ctx.db, ctx.workspaceId, { from, to: ctx.now, agents: null });
}
