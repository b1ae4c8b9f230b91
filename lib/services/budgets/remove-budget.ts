import "server-only";

import type { RemoveBudgetInput } from "@/lib/core/budgets/shown";
import { AppError } from "@/lib/core/shared/errors";
import { endBudget } from "@/lib/data/budgets";
import { transact } from "@/lib/data/db";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes a budget out of force.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`
 */
export async function removeBudget(ctx: ServiceContext, { id }: RemoveBudgetInput): Promise<void> {
  requireRole(ctx, "admin");
  await transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx, "admin");
    const budget = await endBudget(tx, ctx.workspaceId, id, memberId);
    if (budget === null) throw new AppError("not_found", "There is no such budget.");
    await record(tx, ctx, "budget.remove", { budget: id, scope: budget.scope, period: budget.period });
  });
}
