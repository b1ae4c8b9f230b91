import "server-only";

import type { ShownBudget, ShownBudgets, StoredBudget } from "@/lib/core/budgets/shown";
import { periodOf, standOf } from "@/lib/core/budgets/stand";
import { partsOfPeriod } from "@/lib/core/figures/parts";
import { QUARTER_MS } from "@/lib/core/figures/range";
import { HOUR_MS } from "@/lib/core/shared/time";
import { listBudgets as readBudgets, listEnforcedBudgets } from "@/lib/data/budgets";

import { requireMember, type ServiceContext } from "../context";
import { traceStore } from "../traces/stores";
import { questionOf, unitsByBucket } from "./question-of";

const MOST_ENFORCED = 50;

/** The budgets in force and how each stands, and today's budgets that stop calls, the most used first. For any member. */
export async function listBudgets(ctx: ServiceContext): Promise<ShownBudgets> {
  requireMember(ctx);
  const today = ctx.now.toISOString().slice(0, "2026-11-30".length);
  const [budgets, enforced] = await Promise.all([
    showBudgets(ctx),
    listEnforcedBudgets(ctx.db, ctx.workspaceId, today, MOST_ENFORCED),
  ]);
  return { budgets: budgets.toSorted((a, b) => b.share - a.share), enforced: [...enforced] };
}

/** How each budget in force stands, in the order they were set. */
export async function showBudgets(ctx: ServiceContext): Promise<readonly ShownBudget[]> {
  const budgets = await readBudgets(ctx.db, ctx.workspaceId);
  return showStands(
    ctx,
    budgets.map((budget) => ({ budget, at: ctx.now })),
  );
}

/** A budget and a moment of the period that it is looked at in. */
type BudgetAt = { readonly budget: StoredBudget; readonly at: Date };

/** How budgets stood at their moments, read as one. */
export async function showStands(ctx: ServiceContext, asked: readonly BudgetAt[]): Promise<readonly ShownBudget[]> {
  if (asked.length === 0) return [];
  const questions = await Promise.all(asked.flatMap((one) => questionsOf(ctx, one)));
  const answers = await traceStore.spend(ctx.workspaceId, questions);
  return asked.map(({ budget, at }, index) => {
    const units = (place: number) => unitsByBucket(budget.metric, answers[place] ?? []).get(0) ?? 0n;
    return shown(budget, { used: units(index * 2), lastHour: units(index * 2 + 1) }, at);
  });
}

/** What was used since the period began, and within the last hour, both up to the end of the moment's quarter of an hour. */
function questionsOf(ctx: ServiceContext, { budget, at }: BudgetAt) {
  const { from } = periodOf(budget.period, budget.zone, at);
  const to = new Date(Math.ceil((at.getTime() + 1) / QUARTER_MS) * QUARTER_MS);
  return [from, new Date(to.getTime() - HOUR_MS)].map((start) =>
    questionOf(ctx, budget, partsOfPeriod({ from: start, to })),
  );
}

function shown(
  budget: StoredBudget,
  used: { readonly used: bigint; readonly lastHour: bigint },
  now: Date,
): ShownBudget {
  const stand = standOf(budget, used, now);
  return {
    ...budget,
    from: stand.from,
    to: stand.to,
    used: String(stand.used),
    amount_units: String(stand.amount),
    state: stand.state,
    share: stand.share,
    last_hour: String(stand.lastHour),
    used_up_at: stand.usedUpAt,
  };
}
