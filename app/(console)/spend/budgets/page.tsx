import type { Metadata } from "next";

import { BudgetForm } from "@/components/budgets/budget-form";
import { BudgetPreview } from "@/components/budgets/budget-preview";
import { BudgetTable } from "@/components/budgets/budget-table";
import { EnforcedTable } from "@/components/budgets/enforced-table";
import { RefreshOn } from "@/components/layout/refresh-on";
import { PageHeader } from "@/components/ui/page-header";
import { BudgetsQuery, previewOf } from "@/lib/core/budgets/forms";
import type { BudgetInput } from "@/lib/core/budgets/schema";
import { AppError } from "@/lib/core/shared/errors";
import { canManageMembers } from "@/lib/core/workspaces/permission";
import { listBudgets } from "@/lib/services/budgets/list-budgets";
import { previewBudget } from "@/lib/services/budgets/preview-budget";
import type { ServiceContext } from "@/lib/services/context";
import { pageMember } from "@/lib/web/page-member";

import { removeBudgetAction, setBudgetAction } from "./actions";

export const metadata: Metadata = { title: "Budgets" };

export default async function BudgetsPage({ searchParams }: PageProps<"/spend/budgets">) {
  const { ctx, member } = await pageMember();
  const query = BudgetsQuery.parse(await searchParams);
  const asked = previewOf(query);
  const [{ budgets, enforced }, preview] = await Promise.all([
    listBudgets(ctx),
    asked?.success ? previewed(ctx, asked.data) : null,
  ]);
  const disabledReason = canManageMembers(member.roles) ? undefined : "This needs an administrator.";
  return (
    <>
      <RefreshOn topics={["budget.set", "budget.remove", "budget.warn", "budget.over"]} everyMs={30_000} />
      <PageHeader title="Budgets" meta={<span>What warns people, and what stops calls</span>} />
      <BudgetTable budgets={budgets} remove={removeBudgetAction} disabledReason={disabledReason} />
      <EnforcedTable enforced={enforced} />
      <BudgetForm
        set={setBudgetAction}
        begin={query}
        fault={asked?.success === false ? (asked.error.issues[0]?.message ?? null) : null}
        disabledReason={disabledReason}
      >
        {preview && <BudgetPreview {...preview} />}
      </BudgetForm>
    </>
  );
}

/** The preview of a budget, or why there is none. */
async function previewed(ctx: ServiceContext, budget: BudgetInput) {
  try {
    return { budget, preview: await previewBudget(ctx, budget), fault: null };
  } catch (error) {
    if (error instanceof AppError) return { budget, preview: null, fault: error.message };
    throw error;
  }
}
