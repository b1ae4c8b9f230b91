import { counted } from "@/lib/core/approvals/part";
import { usdText } from "@/lib/core/charts/units";

import { type BudgetMetric, type BudgetPeriod, type BudgetScope, unitsOf } from "./schema";

export const SCOPE_WORDS: Readonly<Record<BudgetScope, string>> = {
  workspace: "Workspace",
  agent: "Agent",
  owner: "Owner",
  environment: "Environment",
  model: "Model",
  tool: "Tool",
  customer: "Customer",
  tag: "Tag",
};

export const PERIOD_WORDS: Readonly<Record<BudgetPeriod, string>> = { day: "a day", week: "a week", month: "a month" };

/** An amount of what a budget counts, from trillionths of a dollar or tokens: `$12.40`, `1,204 tokens`. */
export function budgetText(metric: BudgetMetric, units: string): string {
  return metric === "cost_usd" ? usdText(BigInt(units)) : counted(BigInt(units), "token");
}

/** The amount as it was set. */
export const setText = (metric: BudgetMetric, amount: string): string =>
  budgetText(metric, String(unitsOf(metric, amount) ?? 0n));
