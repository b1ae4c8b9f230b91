import { DAY_MS } from "@/lib/core/shared/time";
import {
  differenceOfShares,
  type Estimate,
  FEWEST_FOR_RATE,
  type Mean,
  ratioOfMeans,
  type Share,
  wilson,
} from "@/lib/core/shared/statistics";

import type { Baseline } from "./schema";

/** What an agent's finished runs came to. Costs are dollars. */
export type Outcomes = {
  /** When the first of them began. */
  readonly since: Date | null;
  readonly runs: number;
  readonly succeeded: number;
  readonly minutes: Mean;
  readonly medianMinutes: number | null;
  /** Of the runs whose calls all have a price. */
  readonly cost: Mean;
  readonly incidents: number;
  /** Runs of decisions that are over, and those of them that needed a person. */
  readonly decided: number;
  readonly neededPerson: number;
};

/** One line of the comparison: a share, a mean, or a plain amount. */
export type Line = {
  readonly name: string;
  readonly kind: "share" | "minutes" | "usd" | "per_week";
  readonly agent: Amount | null;
  readonly before: Amount | null;
  /** A share's difference in points, a mean's ratio; null where there is no interval to give, and `why` says it. */
  readonly change: (Estimate & { readonly of: "points" | "ratio" }) | null;
  readonly why: string | null;
};

/** An amount of so many cases, with its interval where it is a share. */
export type Amount = { readonly value: number; readonly n: number; readonly low?: number; readonly high?: number };

const WEEK_DAYS = 7;
const NOT_RECORDED = "Not in the baseline.";
const OVERLAPS = "The baseline reaches into the runs it is held against.";
/** An interval that reaches further than this many times its middle says nothing. */
const WIDEST = 100;
const TOO_FEW = `Fewer than ${FEWEST_FOR_RATE} cases.`;

/** Holds what an agent did against what people did before it. */
export function compareOutcomes(outcomes: Outcomes, baseline: Baseline | null, now: Date): readonly Line[] {
  const { runs, succeeded, incidents, decided, neededPerson } = outcomes;
  const past = baseline === null ? null : pastOf(baseline);
  const lines: readonly Line[] = [
    shareLine("Success", wilson(succeeded, runs), past?.success ?? null, baseline !== null),
    meanLine("Time to resolution, mean", "minutes", outcomes.minutes, past?.minutes ?? null, baseline !== null),
    {
      name: "Time to resolution, median",
      kind: "minutes",
      agent: amountOf(outcomes.medianMinutes, runs),
      before: past === null ? null : amountOf(past.medianMinutes, past.cases),
      change: null,
      why: baseline === null ? null : past?.medianMinutes == null ? NOT_RECORDED : "Medians are set side by side.",
    },
    meanLine("Cost per case", "usd", outcomes.cost, past?.cost ?? null, baseline !== null),
    {
      name: "Throughput",
      kind: "per_week",
      agent: amountOf((runs / daysSince(outcomes.since, now)) * WEEK_DAYS, runs),
      before: past && { value: (past.cases / past.days) * WEEK_DAYS, n: past.cases },
      change: null,
      why: past === null ? null : "Every case is counted, so there is nothing to estimate.",
    },
    // Several incidents of one run would make more of them than cases, which is no share.
    shareLine("Incidents", wilson(Math.min(incidents, runs), runs), past?.incidents ?? null, baseline !== null),
    {
      name: "Needed a person",
      kind: "share",
      agent: amountOfShare(wilson(neededPerson, decided)),
      before: past && { value: 1, n: past.cases },
      change: null,
      why: past === null ? null : "Before the agent every case was done by people.",
    },
  ];
  if (baseline === null || outcomes.since === null || Date.parse(baseline.to) + DAY_MS <= outcomes.since.getTime())
    return lines;
  return lines.map((line) => ({ ...line, change: null, why: OVERLAPS }));
}

function pastOf(baseline: Baseline) {
  const { cases, from, to, succeeded, incidents, mean_minutes, sd_minutes, mean_cost_usd, sd_cost_usd } = baseline;
  return {
    cases,
    days: (Date.parse(to) - Date.parse(from)) / DAY_MS + 1,
    success: succeeded === undefined ? null : wilson(succeeded, cases),
    incidents: incidents === undefined ? null : wilson(incidents, cases),
    minutes: mean_minutes === undefined ? null : { n: cases, mean: mean_minutes, sd: sd_minutes ?? null },
    medianMinutes: baseline.median_minutes ?? null,
    cost:
      mean_cost_usd === undefined
        ? null
        : { n: cases, mean: Number(mean_cost_usd), sd: sd_cost_usd === undefined ? null : Number(sd_cost_usd) },
  };
}

function shareLine(name: string, agent: Share, before: Share | null, isRecorded: boolean): Line {
  const line = { name, kind: "share", agent: amountOfShare(agent), before: before && amountOfShare(before) } as const;
  if (!isRecorded) return { ...line, change: null, why: null };
  if (before === null) return { ...line, change: null, why: NOT_RECORDED };
  if (isFew(agent.n) || isFew(before.n)) return { ...line, change: null, why: TOO_FEW };
  const difference = differenceOfShares(agent, before);
  return { ...line, change: difference && { ...difference, of: "points" }, why: null };
}

function meanLine(name: string, kind: "minutes" | "usd", agent: Mean, before: Mean | null, isRecorded: boolean): Line {
  const line = { name, kind, agent: amountOf(agent.mean, agent.n), before: before && amountOf(before.mean, before.n) };
  if (!isRecorded) return { ...line, change: null, why: null };
  if (before === null) return { ...line, change: null, why: NOT_RECORDED };
  if (isFew(agent.n) || isFew(before.n)) return { ...line, change: null, why: TOO_FEW };
  if (before.sd === null)
    return { ...line, change: null, why: "The baseline has no standard deviation, so the change has no interval." };
  const ratio = ratioOfMeans(agent, before);
  if (ratio === null) return { ...line, change: null, why: "A mean of 0 has no ratio." };
  return ratio.high <= ratio.value * WIDEST
    ? { ...line, change: { ...ratio, of: "ratio" }, why: null }
    : { ...line, change: null, why: "The cases differ too much to estimate the change." };
}

/** An agent that began lately is measured since then, and by no less than a day. */
const daysSince = (since: Date | null, now: Date): number =>
  since === null ? 1 : Math.max(1, (now.getTime() - since.getTime()) / DAY_MS);

const isFew = (n: number): boolean => n < FEWEST_FOR_RATE;
const amountOf = (value: number | null, n: number): Amount | null => (value === null || n === 0 ? null : { value, n });
const amountOfShare = ({ hits, n, low, high }: Share): Amount | null =>
  n === 0 ? null : { value: hits / n, n, low, high };
