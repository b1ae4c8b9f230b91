import { DAY_MS } from "@/lib/core/shared/time";

import { readBurn, type SpendMark } from "./burn";
import { type KnownObjective, readObjective } from "./error-budget";
import type { Reading } from "./judge";
import { readCreep, readSilence, readUsual } from "./reading";
import { type Rule, watching } from "./rules";
import type { Series } from "./series";
import { type Signal, SIGNAL_FACTS } from "./signals";

/** Everything that is known of one agent when its rules are evaluated. */
export type AgentKnown = {
  readonly series: ReadonlyMap<Signal, Series>;
  readonly costDays: Series;
  /** The first hours that telemetry and decisions are known of; null for never. */
  readonly telemetrySince: number | null;
  readonly decisionsSince: number | null;
  readonly lastEventAt: Date | null;
  readonly budget: { readonly cap: number; readonly spent: number; readonly marks: readonly SpendMark[] } | null;
  readonly objectives: readonly KnownObjective[];
};

const OF_DECISIONS: ReadonlySet<Signal> = new Set(["requests", "denials", "waits"]);
const NONE: Series = new Map();

/** A rule as it watches an agent, with what it judges at a moment; null where there is nothing to judge. */
export type RuleReading = { readonly rule: Rule; readonly reading: Reading | null };

/** Reads a rule for an agent: once, or once for each of its objectives. */
export function readRule(rule: Rule, known: AgentKnown, now: Date): readonly RuleReading[] {
  const { windows } = rule;
  if (rule.kind !== "objective") return [{ rule, reading: readOne(rule, known, now) }];
  return known.objectives.map((objective) => ({
    rule: watching(rule, objective.measure),
    reading: windows ? readObjective(objective, windows, now) : null,
  }));
}

function readOne(rule: Rule, known: AgentKnown, now: Date): Reading | null {
  const { telemetrySince, decisionsSince } = known;
  if (rule.kind === "burn") return known.budget && rule.windows ? readBurn(known.budget, rule.windows, now) : null;
  if (rule.kind === "silent") {
    const firstHour = earliest(telemetrySince, decisionsSince);
    const lastEventAt = known.lastEventAt?.toISOString() ?? null;
    return readSilence(known.series.get("silence") ?? NONE, now, { firstHour, lastEventAt });
  }
  const { shape } = SIGNAL_FACTS[rule.signal];
  if (!shape) return null;
  const firstHour = OF_DECISIONS.has(rule.signal) ? decisionsSince : telemetrySince;
  if (firstHour === null) return null;
  if (rule.kind === "creeping") return readCreep(known.costDays, shape, startOfDay(now), firstHour);
  return readUsual(known.series.get(rule.signal) ?? NONE, shape, now, firstHour);
}

function earliest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

const startOfDay = (now: Date): Date => new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
