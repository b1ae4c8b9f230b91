import "server-only";

import type { AgentKnown } from "@/lib/core/alerts/read-rule";
import { hoursBefore } from "@/lib/core/objectives/hours";
import { MOST_BURN_HOURS } from "@/lib/core/objectives/shown";
import type { KnownObjective } from "@/lib/core/alerts/error-budget";
import { MINUTE_MS } from "@/lib/core/shared/time";
import { listBudgetMarks, listDayBudgets, noteBudgets } from "@/lib/data/budget-marks";
import { listObjectiveHours } from "@/lib/data/objective-hours";
import { listObjectives } from "@/lib/data/objectives";
import { listWatchedAgents, type WatchedAgent } from "@/lib/data/signal-hours";

import type { ServiceContext } from "../context";
import { readSeries } from "./signal-series";

/** The active agents, and what is known of each. */
export type ReadAgents = {
  readonly agents: readonly WatchedAgent[];
  of(agent: WatchedAgent): AgentKnown;
};

/** Reads what rules judge of every active agent at a moment. Caps are known as they are now and not in the past. */
export async function readAgents(ctx: ServiceContext, at: Date): Promise<ReadAgents> {
  const agents = await listWatchedAgents(ctx.db, ctx.workspaceId);
  const { hours, costDays } = await readSeries(ctx, at);
  const objectives = await readObjectives(ctx, at);
  const budgets = at < ctx.now ? NO_BUDGETS : await readBudgets(ctx, at);
  return {
    agents,
    of: ({ id, telemetrySince, decisionsSince, lastEventAt }) => ({
      series: hours.get(id) ?? new Map(),
      costDays: costDays.get(id) ?? new Map(),
      telemetrySince,
      decisionsSince,
      lastEventAt,
      budget: budgets.get(id) ?? null,
      objectives: objectives.get(id) ?? [],
    }),
  };
}

/** The objectives in force by agent, with what was counted as far back as their rules look. */
async function readObjectives(ctx: ServiceContext, at: Date): Promise<ReadonlyMap<string, readonly KnownObjective[]>> {
  const objectives = await listObjectives(ctx.db, ctx.workspaceId);
  const found = new Map<string, KnownObjective[]>();
  if (objectives.length === 0) return found;
  const span = { from: hoursBefore(at, MOST_BURN_HOURS), to: hoursBefore(at, -1), by: "hour" } as const;
  const hours = await listObjectiveHours(ctx.db, ctx.workspaceId, span);
  for (const { id, agent_id: agentId, ...objective } of objectives) {
    const own = found.get(agentId) ?? [];
    own.push({ ...objective, hours: hours.get(id) ?? new Map() });
    found.set(agentId, own);
  }
  return found;
}

type Budgets = ReadonlyMap<string, AgentKnown["budget"]>;
const NO_BUDGETS: Budgets = new Map();

async function readBudgets(ctx: ServiceContext, at: Date): Promise<Budgets> {
  const day = at.toISOString().slice(0, 10);
  const budgets = await listDayBudgets(ctx.db, ctx.workspaceId, day);
  if (budgets.length === 0) return NO_BUDGETS;
  const marks = await listBudgetMarks(ctx.db, ctx.workspaceId, day);
  return new Map(budgets.map(({ agentId, cap, spent }) => [agentId, { cap, spent, marks: marks.get(agentId) ?? [] }]));
}

/** How finely the spend of a day is remembered. */
const NOTE_MS = 5 * MINUTE_MS;

/** Notes what is gone of today's caps, every five minutes. */
export async function noteSpend(ctx: ServiceContext): Promise<void> {
  const day = ctx.now.toISOString().slice(0, 10);
  const budgets = await listDayBudgets(ctx.db, ctx.workspaceId, day);
  if (budgets.length === 0) return;
  const at = new Date(Math.floor(ctx.now.getTime() / NOTE_MS) * NOTE_MS);
  await noteBudgets(ctx.db, ctx.workspaceId, { day, at, budgets });
}
