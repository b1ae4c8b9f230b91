import "server-only";

import type { Budget, BudgetMetric } from "@/lib/core/budgets/schema";
import type { SpendMeasure } from "@/lib/core/figures/measures";
import type { SpendPart } from "@/lib/core/figures/parts";
import { AgentId } from "@/lib/core/shared/brand";
import { listAgentsOf } from "@/lib/data/budgets";
import type { SpendQuestion, SpendRows } from "@/lib/data/trace-store";

import type { ServiceContext } from "../context";

type Subject = Pick<Budget, "scope" | "value" | "metric">;

const MEASURES: Readonly<Record<BudgetMetric, readonly SpendMeasure[]>> = {
  cost_usd: ["cost_picos"],
  tokens: ["tokens_input", "tokens_output"],
};

/** The question whose sums are what a budget watches, by bucket. */
export async function questionOf(
  ctx: ServiceContext,
  { scope, value, metric }: Subject,
  parts: readonly SpendPart[],
): Promise<SpendQuestion> {
  const asked = { parts, measures: MEASURES[metric] };
  switch (scope) {
    case "workspace":
      return { ...asked, from: "values", dimension: "all", by: [] };
    case "agent":
      return { ...asked, from: "values", dimension: "all", by: [], agents: [AgentId.parse(value)] };
    case "owner": {
      const agents = await listAgentsOf(ctx.db, ctx.workspaceId, value);
      return { ...asked, from: "values", dimension: "all", by: [], agents: agents.map((id) => AgentId.parse(id)) };
    }
    case "model":
    case "tool":
      return { ...asked, from: "calls", by: [], where: { [scope]: [value] } };
    case "environment":
    case "customer":
    case "tag":
      return { ...asked, from: "values", dimension: scope, by: [], values: [value] };
  }
}

/** What a budget watches, by bucket: trillionths of a dollar or tokens. */
export function unitsByBucket(metric: BudgetMetric, rows: SpendRows): ReadonlyMap<number, bigint> {
  const found = new Map<number, bigint>();
  for (const { bucket, sums } of rows) {
    const units = MEASURES[metric].reduce((sum, measure) => sum + sums(measure), 0n);
    found.set(bucket, (found.get(bucket) ?? 0n) + units);
  }
  return found;
}
