import { z } from "zod";

import { BudgetInput } from "./schema";

/** `BudgetInput` as its form sends it: percent for the share that warns. */
export const BudgetForm = z.preprocess((form) => {
  if (typeof form !== "object" || form === null) return form;
  const { warn_percent: percent, ...rest } = Object.fromEntries(Object.entries(form));
  return { ...rest, warn_at: Number(percent) / 100 };
}, BudgetInput);

/** The address of the page: the budget that is begun, and previewed once it is whole. */
export const BudgetsQuery = z.object({
  scope: z.string().max(20).optional().catch(undefined),
  value: z
    .string()
    .trim()
    .max(200)
    .regex(/^[^\0]*$/)
    .optional()
    .catch(undefined),
  period: z.string().max(10).optional().catch(undefined),
  zone: z.string().trim().max(60).optional().catch(undefined),
  metric: z.string().max(10).optional().catch(undefined),
  amount: z.string().trim().max(30).optional().catch(undefined),
  warn_percent: z.string().trim().max(5).optional().catch(undefined),
});
export type BudgetsQuery = z.infer<typeof BudgetsQuery>;

/** What an address asks to preview: the budget, what is wrong with it, or null where none is begun. */
export function previewOf(query: BudgetsQuery) {
  if (query.amount === undefined) return null;
  const { warn_percent: percent = "80", ...rest } = query;
  return BudgetForm.safeParse({ ...rest, warn_percent: percent });
}
