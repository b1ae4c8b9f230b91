import "server-only";

import { type Caps, capsOf } from "@/lib/core/budgets/cap";
import { listBudgets } from "@/lib/data/budgets";

import { requireMember, type ServiceContext } from "../context";

/** The budgets of all spend that today and this month are held against in a zone. For any member. */
export async function showCaps(ctx: ServiceContext, zone: string): Promise<Caps> {
  requireMember(ctx);
  return capsOf(await listBudgets(ctx.db, ctx.workspaceId), zone);
}
