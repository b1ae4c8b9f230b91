import { z } from "zod";

import { BudgetInput, BUDGET_METRICS } from "./schema";

const Count = z.string().regex(/^\d+$/);

/** A budget in force, with who set it. */
export const StoredBudget = BudgetInput.and(
  z.object({
    id: z.uuid(),
    created_by: z.string(),
    created_at: z.date(),
    /** The agent's handle, the owner's name, or the value itself; null where what it named is gone. */
    label: z.string().nullable(),
  }),
);
export type StoredBudget = z.infer<typeof StoredBudget>;

/** A budget as it stands now. Amounts are trillionths of a dollar or tokens, as decimal text. */
export const ShownBudget = StoredBudget.and(
  z.object({
    from: z.date(),
    to: z.date(),
    used: Count,
    amount_units: Count,
    state: z.enum(["under", "warned", "over"]),
    /** Used of the amount; 1 is all of it. */
    share: z.number(),
    last_hour: Count,
    /** When it is used up if every hour is like the last; null where that is not before the period ends. */
    used_up_at: z.date().nullable(),
  }),
);
export type ShownBudget = z.infer<typeof ShownBudget>;

/** A day budget of a manifest as a decision counts it: the very row that a call is judged by. */
export const EnforcedBudget = z.object({
  agent: z.string(),
  /** Millionths of a dollar, or tokens. */
  metric: z.enum(["cost_micros", "tokens"]),
  used: Count,
  /** Held for calls whose outcome has not come. */
  reserved: Count,
  amount: Count,
  /** What was spent beyond it, as reported afterwards. */
  overrun: Count,
});
export type EnforcedBudget = z.infer<typeof EnforcedBudget>;

export const ShownBudgets = z.object({
  budgets: z.array(ShownBudget),
  /** Today's day budgets of manifests, in UTC: these stop calls. */
  enforced: z.array(EnforcedBudget),
});
export type ShownBudgets = z.infer<typeof ShownBudgets>;

/** What a cap would have meant for the latest periods, the earliest first. */
export const ShownPreview = z.object({
  metric: z.enum(BUDGET_METRICS),
  periods: z.array(z.object({ from: z.date(), spent: Count, beyond: Count, reached_at: z.date().nullable() })),
});
export type ShownPreview = z.infer<typeof ShownPreview>;

export const RemoveBudgetInput = z.strictObject({ id: z.uuid() });
export type RemoveBudgetInput = z.infer<typeof RemoveBudgetInput>;
