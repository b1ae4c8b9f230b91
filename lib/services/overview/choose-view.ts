import "server-only";

import { firstView, type OverviewView } from "@/lib/core/workspaces/overview-view";
import { ownsAgent } from "@/lib/data/overview";

import { requireMember, type ServiceContext } from "../context";

/** The view of the overview that a member asked for, or the one that suits what they do. */
export async function chooseView(ctx: ServiceContext, asked: OverviewView | undefined): Promise<OverviewView> {
  const { memberId, roles } = requireMember(ctx);
  return asked ?? firstView(roles, await ownsAgent(ctx.db, ctx.workspaceId, memberId));
}
