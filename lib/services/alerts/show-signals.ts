import "server-only";

import type { AgentStatus } from "@/lib/core/agents/schema";
import { ruleFor, RULES } from "@/lib/core/alerts/rules";
import type { AlertQuality, SignalsQuery } from "@/lib/core/alerts/schema";
import type { Signal } from "@/lib/core/alerts/signals";
import { type AgentSeries, sumSeries } from "@/lib/core/alerts/tally";
import { seriesRange, type SignalSpan, type SignalView, viewSignal } from "@/lib/core/alerts/view";
import { countAlertQuality } from "@/lib/data/alerts";
import { listRuleOverrides } from "@/lib/data/alert-rules";
import { listWatchedAgents } from "@/lib/data/signal-hours";

import { agentOf } from "../agents/find-agent";
import { requireMember, type ServiceContext } from "../context";
import { readHours, readSeries } from "./signal-series";

const QUALITY_DAYS = 30;
const OF_DECISIONS: ReadonlySet<Signal> = new Set(["requests", "denials", "waits"]);

/** Every signal by the hour beside its usual, and how good the alerts of the last 30 days were. */
export type ShownSignals = {
  readonly signals: readonly SignalView[];
  readonly agents: number;
  /** The agent that is chosen, where it is not watched because it is not active. */
  readonly unwatched: { readonly agent: string; readonly status: AgentStatus } | null;
  readonly quality: AlertQuality;
};

/**
 * The signals of one agent, or of all active agents together.
 *
 * @throws {AppError} `not_found` for an unknown agent
 */
export async function showSignals(
  ctx: ServiceContext,
  { agent: handle, from }: Pick<SignalsQuery, "agent" | "from">,
): Promise<ShownSignals> {
  requireMember(ctx);
  const chosen = handle === undefined ? null : await agentOf(ctx.db, ctx.workspaceId, handle);
  const [agents, series, overrides, quality] = await Promise.all([
    listWatchedAgents(ctx.db, ctx.workspaceId),
    hoursOf(ctx, from),
    listRuleOverrides(ctx.db, ctx.workspaceId),
    countAlertQuality(ctx.db, ctx.workspaceId, QUALITY_DAYS),
  ]);
  const watched = chosen === null ? agents : agents.filter(({ id }) => id === chosen.agentId);
  const unwatched = chosen === null || chosen.status === "active" ? null : { agent: chosen.id, status: chosen.status };
  const known = new Map([...series].filter(([id]) => watched.some((agent) => agent.id === id)));
  const signals = sumSeries(known);
  const since = (signal: Signal) =>
    watched
      .flatMap((agent) => (OF_DECISIONS.has(signal) ? agent.decisionsSince : agent.telemetrySince) ?? [])
      .reduce<number | null>((least, hour) => (least === null || hour < least ? hour : least), null);
  const views = RULES.filter(({ kind }) => kind === "above_usual").flatMap((built) => {
    const rule = ruleFor(built, overrides, chosen?.agentId ?? null);
    const when = { now: ctx.now, firstHour: since(rule.signal), span: from };
    return viewSignal(rule, signals.get(rule.signal) ?? new Map(), when) ?? [];
  });
  return { signals: views, agents: watched.length, unwatched, quality };
}

/** A day is what rules read and keep at hand; more is read as it is asked for. */
async function hoursOf(ctx: ServiceContext, span: SignalSpan): Promise<AgentSeries> {
  if (span === "now-24h") return (await readSeries(ctx, ctx.now)).hours;
  return readHours(ctx, [seriesRange(ctx.now, span)]);
}
