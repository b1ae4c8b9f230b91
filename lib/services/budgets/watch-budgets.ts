import "server-only";

import type { ShownBudget, StoredBudget } from "@/lib/core/budgets/shown";
import { periodOf } from "@/lib/core/budgets/stand";
import { DAY_MS, HOUR_MS } from "@/lib/core/shared/time";
import { transact } from "@/lib/data/db";
import { listBudgets, noteBudgetState } from "@/lib/data/budgets";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { showStands } from "./list-budgets";

/**
 * Tells people of each budget that came to its warning share or is used up, once a period and state. Two workers at once
 * tell it once, because the note and the entry are one transaction.
 */
export async function watchBudgets(ctx: ServiceContext): Promise<{ told: number }> {
  requireSystem(ctx);
  let told = 0;
  const budgets = await listBudgets(ctx.db, ctx.workspaceId);
  const asked = budgets.flatMap((budget) => momentsOf(budget, ctx.now).map((at) => ({ budget, at })));
  for (const budget of await showStands(ctx, asked))
    if (budget.state !== "under" && (await tell(ctx, budget))) told += 1;
  return { told };
}

/** How long after its end a period may still change: events are believed for a day. */
const SETTLES_MS = DAY_MS + HOUR_MS;

/** When a budget is looked at: now, and at the end of its last period as long as late events may use that up. */
function momentsOf({ period, zone, created_at: since }: StoredBudget, now: Date): readonly Date[] {
  const { to } = periodOf(period, zone, now, 1);
  const maySettle = since < to && now.getTime() - to.getTime() < SETTLES_MS;
  return maySettle ? [new Date(to.getTime() - 1), now] : [now];
}

async function tell(ctx: ServiceContext, budget: ShownBudget): Promise<boolean> {
  const { id, from, to, state, scope, label, period, metric, amount, used } = budget;
  if (state === "under") return false;
  return transact(ctx.db, async (tx) => {
    if (!(await noteBudgetState(tx, ctx.workspaceId, { budgetId: id, from, state }))) return false;
    const about = { scope, for: label ?? "", period, metric, amount };
    const until = { from: from.toISOString(), to: to.toISOString(), used };
    await record(tx, ctx, state === "over" ? "budget.over" : "budget.warn", { budget: id, ...about, ...until });
    return true;
  });
}
