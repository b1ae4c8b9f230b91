import "server-only";

import type { Rule } from "@/lib/core/alerts/rules";
import { hourOf } from "@/lib/core/alerts/series";
import type { Signal } from "@/lib/core/alerts/signals";
import { AgentId } from "@/lib/core/shared/brand";
import { HOUR_MS } from "@/lib/core/shared/time";
import { findRefusedTool } from "@/lib/data/signal-hours";
import type { Measure } from "@/lib/data/trace-store";

import type { ServiceContext } from "../context";
import { traceStore } from "../traces/stores";

/** What is counted of a tool for the signals that tools cause. */
const BY_TOOL: Partial<Record<Signal, Measure>> = { retries: "retries", tool_errors: "errors" };
/** The share of a signal that makes a tool its cause. */
const MOST = 0.5;

/** The tool that most of a signal comes from; null where the signal is not about tools or no tool stands out. */
export async function findCause(
  ctx: ServiceContext,
  { agentId, rule, hours, at }: { agentId: string; rule: Rule; hours: number; at: Date },
): Promise<string | null> {
  const to = hourOf(at) + 1;
  const range = { from: to - hours, to };
  if (rule.signal === "denials") {
    const found = await findRefusedTool(ctx.db, ctx.workspaceId, { agentId, ...range });
    return found && found.share >= MOST ? found.tool : null;
  }
  const measure = BY_TOOL[rule.signal];
  if (measure === undefined) return null;
  const rows = await traceStore.aggregate(ctx.workspaceId, {
    from: new Date(range.from * HOUR_MS),
    to: new Date(range.to * HOUR_MS),
    by: ["tool"],
    agentId: AgentId.parse(agentId),
    kind: "tool",
    inWindowOnly: true,
  });
  const counts = rows.map(({ group, measures }) => ({ tool: group[0] ?? "", n: Number(measures[measure]) }));
  const all = counts.reduce((sum, { n }) => sum + n, 0);
  const [first] = counts.toSorted((a, b) => b.n - a.n);
  return first && first.tool !== "" && all > 0 && first.n >= MOST * all ? first.tool : null;
}
