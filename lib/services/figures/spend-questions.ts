import "server-only";

import { startOfLocalDay, startOfLocalMonth } from "@/lib/core/figures/calendar";
import { FORECAST_DAYS, type HourlySpend, type SpentSoFar } from "@/lib/core/figures/forecast";
import {
  CALL_DIMENSIONS,
  CLAIMED_DIMENSIONS,
  mapSpend,
  NO_SPEND,
  SPEND_MEASURES,
  type SpendMeasure,
  type SpendSums,
} from "@/lib/core/figures/measures";
import { partsOfBuckets, partsOfPeriod, type SpendPart } from "@/lib/core/figures/parts";
import { QUARTER_MS, type Range } from "@/lib/core/figures/range";
import { type Buckets, joinBuckets, sumOf } from "@/lib/core/figures/spend-figures";
import type { TableEntry } from "@/lib/core/figures/spend-table";
import type { CallsOf, ChangePeriod } from "@/lib/core/figures/why-changed";
import { DAY_MS, HOUR_MS } from "@/lib/core/shared/time";
import type { SpendQuestion, SpendRows } from "@/lib/data/trace-store";

import type { Narrowing } from "./narrow-spend";

/* The questions whose answers make the page of spend, and their answers in its terms. */

const RUN_MEASURES: readonly SpendMeasure[] = ["runs", "succeeded"];
const CALL_MEASURES = SPEND_MEASURES.filter((measure) => !RUN_MEASURES.includes(measure));
const CHANGE_MEASURES = [
  "cost_picos",
  "retry_picos",
  "priced",
  "retries",
  "tokens_input",
  "tokens_cache_read",
  "tokens_output",
] as const satisfies readonly SpendMeasure[];

const NAMES = [
  "totals",
  "buckets",
  "change",
  "runs",
  "outOfWindow",
  "spent",
  "hourly",
  "keyTotals",
  "keyBuckets",
] as const;
type Name = (typeof NAMES)[number];

/** The questions in the order of their names; the last two only where the table is not made of agents. */
export function spendQuestions(range: Range, narrowing: Narrowing, now: Date): readonly SpendQuestion[] {
  const { where, isByCalls } = narrowing;
  const periods = shifted(partsOfPeriod(range), range.compared && partsOfPeriod(range.compared), 1);
  const buckets = shifted(
    partsOfBuckets(range),
    range.compared && partsOfBuckets(range.compared),
    range.buckets.length,
  );
  const ofAll = { from: "values", dimension: "all", ...agentsOf(narrowing) } as const;
  const ofCalls = { from: "calls", where } as const;
  const agents = isByCalls ? ({ ...ofCalls, by: ["agent"] } as const) : ({ ...ofAll, by: ["agent"] } as const);
  const workspace = { from: "values", dimension: "all", by: [] } as const;
  const questions: Record<Exclude<Name, "keyTotals" | "keyBuckets">, SpendQuestion> = {
    totals: { ...agents, parts: periods, measures: isByCalls ? CALL_MEASURES : SPEND_MEASURES },
    buckets: { ...agents, parts: buckets, measures: ["cost_picos"] },
    change: { ...ofCalls, by: ["agent", "model"], parts: periods, measures: CHANGE_MEASURES },
    runs: { ...ofAll, by: ["agent"], parts: periods, measures: ["runs"] },
    outOfWindow: {
      from: "values",
      dimension: "out_of_window",
      ...agentsOf(narrowing),
      by: [],
      parts: partsOfPeriod(range),
      measures: ["cost_picos"],
    },
    spent: { ...workspace, parts: currentParts(range.zone, now), measures: ["cost_picos"] },
    hourly: { ...workspace, by: ["starts"], parts: hourParts(now), measures: ["cost_picos"] },
  };
  const key = keyOf(narrowing);
  const split: readonly SpendQuestion[] =
    key === null
      ? []
      : [
          { ...key, parts: periods, measures: CALL_MEASURES },
          { ...key, parts: buckets, measures: ["cost_picos"] },
        ];
  return [...Object.values(questions), ...split];
}

const agentsOf = ({ agents }: Narrowing) => (agents === null ? {} : { agents });

/** Of the split of the table; null where it is made of agents. */
function keyOf(narrowing: Narrowing) {
  const { by, where } = narrowing;
  const claimed = CLAIMED_DIMENSIONS.find((dimension) => dimension === by);
  if (claimed !== undefined) {
    return { from: "values", dimension: claimed, by: ["value"], ...agentsOf(narrowing) } as const;
  }
  const call = CALL_DIMENSIONS.find((dimension) => dimension === by);
  return call === undefined || call === "agent" ? null : ({ from: "calls", by: [call], where } as const);
}

function shifted(now: readonly SpendPart[], before: readonly SpendPart[] | null, places: number): readonly SpendPart[] {
  return [...now, ...(before ?? []).map((part) => ({ ...part, bucket: part.bucket + places }))];
}

/** Today, this month and the last hour, as buckets 0, 1 and 2, all until the end of the quarter that is going on. */
function currentParts(zone: string, now: Date): readonly SpendPart[] {
  const to = new Date((Math.floor(now.getTime() / QUARTER_MS) + 1) * QUARTER_MS);
  const starts = [startOfLocalDay(now, zone), startOfLocalMonth(now, zone), new Date(to.getTime() - HOUR_MS)];
  return starts.flatMap((from, bucket) => partsOfPeriod({ from, to }).map((part) => ({ ...part, bucket })));
}

/** The hours that a forecast looks back on, until the one that is going on. */
function hourParts(now: Date): readonly SpendPart[] {
  const to = (Math.floor(now.getTime() / HOUR_MS) + 1) * HOUR_MS;
  return [{ bucket: 0, minutes: 60, from: to - FORECAST_DAYS * DAY_MS, to, sign: 1 }];
}

const MICROS_PER_MS = 1_000;

export type SpendAnswers = {
  readonly all: TableEntry;
  readonly byAgent: ReadonlyMap<string, TableEntry>;
  /** By value of the split; null where it is made of agents. */
  readonly byKey: ReadonlyMap<string, TableEntry> | null;
  readonly calls: { readonly now: ChangePeriod; readonly before: ChangePeriod | null };
  readonly outOfWindow: SpendSums;
  readonly spent: SpentSoFar;
  readonly hourly: HourlySpend;
  readonly empty: Buckets;
};

/** Reads the answers to `spendQuestions`. */
export function readAnswers(answers: readonly SpendRows[], range: Range): SpendAnswers {
  const rowsOf = (name: Name): SpendRows | undefined => answers[NAMES.indexOf(name)];
  const empty = emptyBuckets(range);
  const byAgent = entriesOf(rowsOf("totals") ?? [], rowsOf("buckets") ?? [], range);
  const keys = rowsOf("keyTotals");
  const change = rowsOf("change") ?? [];
  const runs = rowsOf("runs") ?? [];
  const spent = new Map((rowsOf("spent") ?? []).map(({ bucket, sums }) => [bucket, sums("cost_picos")]));
  const all = [...byAgent.values()];
  return {
    all: {
      now: sumOf(all.map((entry) => entry.now)),
      before: range.compared && sumOf(all.map(({ before }) => before ?? NO_SPEND)),
      costs: all.reduce((sum, { costs }) => joinBuckets(sum, costs), empty),
    },
    byAgent,
    byKey: keys === undefined ? null : entriesOf(keys, rowsOf("keyBuckets") ?? [], range),
    calls: { now: periodOf(change, runs, 0), before: range.compared && periodOf(change, runs, 1) },
    outOfWindow: sumOf((rowsOf("outOfWindow") ?? []).map(({ sums }) => mapSpend(sums))),
    spent: { day: spent.get(0) ?? 0n, month: spent.get(1) ?? 0n, hour: spent.get(2) ?? 0n },
    hourly: new Map(
      (rowsOf("hourly") ?? []).map(({ group, sums }) => [Number(group[0]) / MICROS_PER_MS, sums("cost_picos")]),
    ),
    empty,
  };
}

function emptyBuckets({ buckets, compared }: Range): Buckets {
  return { now: buckets.map(() => 0n), before: compared && compared.buckets.map(() => 0n) };
}

function entriesOf(totals: SpendRows, buckets: SpendRows, range: Range): ReadonlyMap<string, TableEntry> {
  const empty = emptyBuckets(range);
  const costs = new Map<string, { now: bigint[]; before: bigint[] | null }>();
  const costsOf = (key: string) => {
    let found = costs.get(key);
    if (!found) costs.set(key, (found = { now: [...empty.now], before: empty.before && [...empty.before] }));
    return found;
  };
  for (const { bucket, group, sums } of buckets) {
    const { now, before } = costsOf(group[0] ?? "");
    const place = bucket - now.length;
    if (place < 0) now[bucket] = sums("cost_picos");
    else if (before) before[place] = sums("cost_picos");
  }
  const sums = new Map<string, { now: SpendSums; before: SpendSums }>();
  for (const row of totals) {
    const key = row.group[0] ?? "";
    const found = sums.get(key) ?? { now: NO_SPEND, before: NO_SPEND };
    sums.set(key, { ...found, [row.bucket === 0 ? "now" : "before"]: mapSpend(row.sums) });
  }
  return new Map(
    [...sums].map(([key, { now, before }]) => [key, { now, before: range.compared && before, costs: costsOf(key) }]),
  );
}

function periodOf(change: SpendRows, runs: SpendRows, period: number): ChangePeriod {
  const calls = change
    .filter(({ bucket }) => bucket === period)
    .map(({ group: [agent = "", model = ""], sums }): CallsOf => {
      return {
        agent,
        model,
        costPicos: sums("cost_picos"),
        retryPicos: sums("retry_picos"),
        calls: sums("priced"),
        retries: sums("retries"),
        input: sums("tokens_input"),
        cached: sums("tokens_cache_read"),
        output: sums("tokens_output"),
      };
    });
  const counted = runs.filter(({ bucket }) => bucket === period);
  return { calls, runs: new Map(counted.map(({ group, sums }) => [group[0] ?? "", sums("runs")])) };
}
