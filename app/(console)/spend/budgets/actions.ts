"use server";

import { revalidatePath } from "next/cache";

import { BudgetForm } from "@/lib/core/budgets/forms";
import { RemoveBudgetInput } from "@/lib/core/budgets/shown";
import { paths } from "@/lib/core/shared/paths";
import { removeBudget } from "@/lib/services/budgets/remove-budget";
import { setBudget } from "@/lib/services/budgets/set-budget";
import { action } from "@/lib/web/action";

export const setBudgetAction = action(BudgetForm, async (ctx, input) => {
  await setBudget(ctx, input);
  revalidatePath(paths.budgets());
});

export const removeBudgetAction = action(RemoveBudgetInput, async (ctx, input) => {
  await removeBudget(ctx, input);
  revalidatePath(paths.budgets());
});
