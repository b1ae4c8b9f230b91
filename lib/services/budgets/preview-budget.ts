import "server-only";

import { type BudgetInput, unitsOf } from "@/lib/core/budgets/schema";
import type { ShownPreview } from "@/lib/core/budgets/shown";
import { periodOf, previewPeriod } from "@/lib/core/budgets/stand";
import { partsOfBuckets } from "@/lib/core/figures/parts";
import { HOUR_MS } from "@/lib/core/shared/time";

import { requireMember, type ServiceContext } from "../context";
import { traceStore } from "../traces/stores";
import { questionOf, unitsByBucket } from "./question-of";
import { resolveSubject } from "./resolve-subject";

/** How many periods before the present one are looked at: about a month, or two of them. */
const PERIODS = { day: 30, week: 5, month: 2 } as const;

/**
 * What a cap of this amount would have meant for the latest whole periods, the earliest first. For any member.
 *
 * @throws {AppError} `invalid_input` where nobody has the name
 */
export async function previewBudget(ctx: ServiceContext, input: BudgetInput): Promise<ShownPreview> {
  requireMember(ctx);
  const budget = await resolveSubject(ctx.db, ctx, input);
  const count = PERIODS[budget.period];
  const periods = Array.from({ length: count }, (_, index) =>
    periodOf(budget.period, budget.zone, ctx.now, count - index),
  );
  const hours = periods.flatMap(({ from, to }, period) => hoursOf(from, to).map((at) => ({ at, period })));
  const [first, last] = [periods[0], periods.at(-1)];
  if (!first || !last) throw new Error("a budget is previewed over at least one period");
  const buckets = hours.map(({ at }) => at);
  const question = await questionOf(ctx, budget, partsOfBuckets({ from: first.from, to: last.to, buckets }));
  const [rows = []] = await traceStore.spend(ctx.workspaceId, [question]);
  const units = unitsByBucket(budget.metric, rows);
  const amount = unitsOf(budget.metric, budget.amount) ?? 0n;
  const used = hours.map((hour, index) => ({ ...hour, units: units.get(index) ?? 0n }));
  const previewed = periods.map(({ from }, index) => {
    const within = used.filter(({ period }) => period === index);
    const { spent, beyond, reachedAt } = previewPeriod(from, within, amount);
    return { from, spent: String(spent), beyond: String(beyond), reached_at: reachedAt };
  });
  return { metric: budget.metric, periods: previewed };
}

function hoursOf(from: Date, to: Date): readonly Date[] {
  const hours: Date[] = [];
  for (let at = from.getTime(); at < to.getTime(); at += HOUR_MS) hours.push(new Date(at));
  return hours;
}
