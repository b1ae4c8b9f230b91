import { z } from "zod";

import { canonicalZone, isZone } from "@/lib/core/shared/zone";
import { decimalOf, exactAt } from "@/lib/core/shared/decimal";

/** What a budget is for: everything, or what has this value in one split of spend. */
export const BUDGET_SCOPES = [
  "workspace",
  "agent",
  "owner",
  "environment",
  "model",
  "tool",
  "customer",
  "tag",
] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];

/** Periods of the local calendar; weeks begin on Monday. */
export const BUDGET_PERIODS = ["day", "week", "month"] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

export const BUDGET_METRICS = ["cost_usd", "tokens"] as const;
export type BudgetMetric = (typeof BUDGET_METRICS)[number];

const MOST_USD_DIGITS = 9;
const CENT_DIGITS = 2;
const PICO_DIGITS = 12;

/** How many budgets a workspace may have. */
export const MOST_BUDGETS = 200;

/** A budget as somebody sets it. It watches what telemetry reports and tells people; it stops no call. */
export const BudgetInput = z
  .strictObject({
    scope: z.enum(BUDGET_SCOPES),
    /** An agent's id, a person's e-mail address, or the text as events have it; empty for the workspace. */
    value: z
      .string()
      .trim()
      .max(200, "At most 200 characters.")
      .regex(/^[^\0]*$/, "U+0000 is in no name.")
      .default(""),
    period: z.enum(BUDGET_PERIODS),
    /** Any name of a zone is kept as its one name, or two budgets of the same days would stand beside each other. */
    zone: z
      .string()
      .trim()
      .max(60)
      .refine(isZone, { error: "Choose a time zone such as Europe/Berlin.", abort: true })
      .overwrite(canonicalZone)
      .default("UTC"),
    metric: z.enum(BUDGET_METRICS),
    /** Dollars with at most two decimals, or a whole number of tokens, as decimal text. */
    amount: z.string().trim(),
    /** The share of the amount at which people are told before it is used up. */
    warn_at: z.number().min(0.05, "At least 5 %.").max(1, "At most 100 %.").default(0.8),
  })
  .superRefine((budget, context) => {
    const { scope, value, metric, amount } = budget;
    if (scope !== "workspace" && value === "") {
      context.addIssue({ code: "custom", path: ["value"], message: `Say which ${scope} it is for.` });
    }
    if (scope === "workspace" && value !== "") {
      context.addIssue({ code: "custom", path: ["value"], message: "A budget of the workspace has no value." });
    }
    if (unitsOf(metric, amount) !== null) return;
    const message =
      metric === "tokens"
        ? "Write a whole number of tokens, such as 2000000."
        : "Write dollars with at most two decimals, such as 250.00.";
    context.addIssue({ code: "custom", path: ["amount"], message });
  });
export type BudgetInput = z.infer<typeof BudgetInput>;

/** A stored budget. `value` is an agent's or member's id where the scope is one. */
export type Budget = BudgetInput & { readonly id: string };

/** The amount in the units spend is counted in: trillionths of a dollar, or tokens; null for a text that is no amount. */
export function unitsOf(metric: BudgetMetric, amount: string): bigint | null {
  const written = decimalOf(amount);
  if (written === null || written.digits <= 0n) return null;
  if (exactAt(written, metric === "tokens" ? 0 : CENT_DIGITS) === null) return null;
  const units = exactAt(written, metric === "tokens" ? 0 : PICO_DIGITS);
  const most = metric === "tokens" ? 10n ** 15n : 10n ** BigInt(MOST_USD_DIGITS + PICO_DIGITS);
  return units !== null && units < most ? units : null;
}

/** A share of a number of units, rounded down. @param share 0 to 1, at most four decimals count */
export const shareOf = (units: bigint, share: number): bigint => (units * BigInt(Math.round(share * 10_000))) / 10_000n;
