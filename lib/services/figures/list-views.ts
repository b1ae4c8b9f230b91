import "server-only";

import type { SpendView } from "@/lib/core/figures/views";
import { listSpendViews } from "@/lib/data/spend-views";

import { requireMember, type ServiceContext } from "../context";

const MOST_SHOWN = 200;

/** The asking person's views of spend and those shared with the workspace. */
export async function listViews(ctx: ServiceContext): Promise<readonly SpendView[]> {
  const { memberId } = requireMember(ctx);
  return listSpendViews(ctx.db, ctx.workspaceId, memberId, MOST_SHOWN);
}
