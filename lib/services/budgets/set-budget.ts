import "server-only";

import { v7 as uuidv7 } from "uuid";

import { type BudgetInput, MOST_BUDGETS } from "@/lib/core/budgets/schema";
import { asJson } from "@/lib/core/shared/as-json";
import { AppError } from "@/lib/core/shared/errors";
import { endBudget, insertBudget, listBudgets } from "@/lib/data/budgets";
import { transact } from "@/lib/data/db";
import { findSettings } from "@/lib/data/workspaces";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { resolveSubject } from "./resolve-subject";

/**
 * Sets a budget that tells people and stops no call. It replaces one for the same subject, period, zone and metric.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `invalid_input` where nobody has the name; `conflict` when
 * there are too many
 */
export async function setBudget(ctx: ServiceContext, input: BudgetInput): Promise<{ id: string }> {
  requireRole(ctx, "admin");
  return transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx, "admin");
    await findSettings(tx, ctx.workspaceId, { lock: true }); // one at a time: two would not see each other's
    const resolved = await resolveSubject(tx, ctx, input);
    const inForce = await listBudgets(tx, ctx.workspaceId);
    const replaced = inForce.filter((other) => keyOf(other) === keyOf(resolved));
    if (inForce.length - replaced.length >= MOST_BUDGETS) {
      throw new AppError("conflict", `A workspace has at most ${MOST_BUDGETS} budgets. Remove one first.`, {
        reason: "too_many_budgets",
      });
    }
    for (const { id } of replaced) await endBudget(tx, ctx.workspaceId, id, memberId);
    const budget = { ...resolved, id: uuidv7() };
    await insertBudget(tx, ctx.workspaceId, budget, memberId);
    // The ledger holds no fractions.
    const { warn_at: share, ...said } = budget;
    const details = { ...said, warn_percent: Math.round(share * 100) };
    await record(tx, ctx, "budget.set", { budget: asJson(details), replaces: replaced.map(({ id }) => id) });
    return { id: budget.id };
  });
}

const keyOf = ({ scope, value, period, zone, metric }: BudgetInput) =>
  JSON.stringify([scope, value, period, zone, metric]);
