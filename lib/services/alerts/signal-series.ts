import "server-only";

import { creepRange, freshRange, type HourRange, settledRanges } from "@/lib/core/alerts/ranges";
import { hourOf, type Series } from "@/lib/core/alerts/series";
import { type AgentSeries, type EventHour, joinSeries, tallyHours } from "@/lib/core/alerts/tally";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { HOUR_MS } from "@/lib/core/shared/time";
import { listDecisionHours, listRunDays, listSignalHours } from "@/lib/data/signal-hours";
import type { AggregateRow } from "@/lib/data/trace-store";

import type { ServiceContext } from "../context";
import { traceStore } from "../traces/stores";

/** What rules and screens read: signals by hour, and what runs cost by day. */
export type SignalSeries = {
  readonly hours: AgentSeries;
  /** By the first hour of each day, for the rule about a slow rise. */
  readonly costDays: ReadonlyMap<string, Series>;
};

type Settled = { readonly hour: number; readonly hours: AgentSeries; readonly costDays: ReadonlyMap<string, Series> };

/** What does not change within an hour, so that an evaluation a minute reads three hours and not seven weeks. */
const settled = new Map<WorkspaceId, Settled>();
/** Of how many workspaces at most. The others are read each time: dropping one for another would help neither. */
const MOST_KEPT = 200;

function keep(workspaceId: WorkspaceId, base: Settled): void {
  if (settled.size >= MOST_KEPT) for (const [id, { hour }] of settled) if (hour < base.hour) settled.delete(id);
  if (settled.size < MOST_KEPT || settled.has(workspaceId)) settled.set(workspaceId, base);
}

/** Reads the signals of every agent as far as rules look back. */
export async function readSeries(ctx: ServiceContext, now: Date): Promise<SignalSeries> {
  const known = settled.get(ctx.workspaceId);
  const base = known?.hour === hourOf(now) ? known : await readSettled(ctx, now);
  if (base !== known) keep(ctx.workspaceId, base);
  const fresh = await readHours(ctx, [freshRange(now)]);
  return { hours: joinSeries(base.hours, fresh), costDays: base.costDays };
}

async function readSettled(ctx: ServiceContext, now: Date): Promise<Settled> {
  const hours = await readHours(ctx, settledRanges(now));
  return { hour: hourOf(now), hours, costDays: await readCostDays(ctx, creepRange(now)) };
}

/** Signals of some ranges of hours, whatever is cached. */
export async function readHours(ctx: ServiceContext, ranges: readonly HourRange[]): Promise<AgentSeries> {
  const events: EventHour[] = [];
  for (const range of ranges) {
    const rows = await traceStore.aggregate(ctx.workspaceId, {
      ...instants(range),
      by: ["hour", "agent", "kind"],
      inWindowOnly: true,
      histograms: ["latencies"],
    });
    events.push(...rows.map(eventHourOf));
  }
  const decisions = await listDecisionHours(ctx.db, ctx.workspaceId, ranges);
  const signals = await listSignalHours(ctx.db, ctx.workspaceId, ranges);
  return tallyHours({ events, decisions, signals });
}

function eventHourOf({ group: [hour = "", agentId = "", kind = ""], measures, histograms }: AggregateRow): EventHour {
  return {
    agentId,
    hour: hourOf(new Date(hour)),
    kind,
    events: Number(measures.events),
    errors: Number(measures.errors),
    retries: Number(measures.retries),
    tokens: Number(measures.tokens_input) + Number(measures.tokens_output),
    picos: Number(measures.cost_picos),
    // A bucket that no event fell into is a hole in the list.
    latencies: Array.from(histograms.latencies ?? [], (count) => count ?? 0),
  };
}

async function readCostDays(ctx: ServiceContext, range: HourRange): Promise<ReadonlyMap<string, Series>> {
  const costs = await traceStore.aggregate(ctx.workspaceId, {
    ...instants(range),
    by: ["day", "agent"],
    inWindowOnly: true,
  });
  const runs = await listRunDays(ctx.db, ctx.workspaceId, range);
  const agents = new Map<string, Map<number, { part: number; whole: number }>>();
  const at = (agentId: string, hour: number) => {
    const series = agents.get(agentId) ?? new Map<number, { part: number; whole: number }>();
    agents.set(agentId, series);
    const tally = series.get(hour) ?? { part: 0, whole: 0 };
    series.set(hour, tally);
    return tally;
  };
  for (const { group, measures } of costs)
    at(group[1] ?? "", hourOf(new Date(group[0] ?? ""))).part = Number(measures.cost_picos);
  for (const { agentId, hour, runs: n } of runs) at(agentId, hour).whole = n;
  return agents;
}

const instants = ({ from, to }: HourRange) => ({ from: new Date(from * HOUR_MS), to: new Date(to * HOUR_MS) });
