import { DAY_MS } from "@/lib/core/shared/time";

import { readBurn, type SpendMark } from "./burn";
import type { Reading } from "./judge";
import { readCreep, readSilence, readUsual } from "./reading";
import type { Rule } from "./rules";
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
};

const OF_DECISIONS: ReadonlySet<Signal> = new Set(["requests", "denials", "waits"]);
const NONE: Series = new Map();

/** What a rule judges of an agent at a moment; null where there is nothing to judge. */
export function readRule(rule: Rule, known: AgentKnown, now: Date): Reading | null {
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
