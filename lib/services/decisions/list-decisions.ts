import "server-only";

import { cursorId, type Page } from "@/lib/core/shared/page";
import type { DecisionFilter, DecisionItem } from "@/lib/core/runs/decision";
import { listDecisionItems } from "@/lib/data/decisions";

import { requireMember, type ServiceContext } from "../context";

/** Decisions, newest first. */
export async function listDecisions(ctx: ServiceContext, filter: DecisionFilter): Promise<Page<DecisionItem>> {
  requireMember(ctx);
  return listDecisionItems(ctx.db, ctx.workspaceId, { ...filter, cursor: cursorId(filter.cursor) });
}
