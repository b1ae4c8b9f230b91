import { countValue } from "@/lib/core/shared/log-histogram";
import { HOUR_MS } from "@/lib/core/shared/time";
import type { HourTally } from "@/lib/core/alerts/series";
import type { Signal } from "@/lib/core/alerts/signals";

import { randomOf } from "./fuzz/random";

/** How an agent behaves in an hour. */
export type Behaviour = {
  /** Calls an hour at the busiest time of the week. */
  readonly calls: number;
  readonly retries: number;
  readonly errors: number;
  readonly denials: number;
  readonly ungoverned: number;
  readonly tokensPerRun: number;
  readonly picosPerRun: number;
  readonly latencyMs: number;
  readonly waitSeconds: number;
};

export const BUSY: Behaviour = {
  calls: 400,
  retries: 0.03,
  errors: 0.02,
  denials: 0.04,
  ungoverned: 0.01,
  tokensPerRun: 18_000,
  picosPerRun: 60_000_000_000,
  latencyMs: 900,
  waitSeconds: 240,
};
/** An agent so small that an hour says little. */
export const SMALL: Behaviour = { ...BUSY, calls: 24 };

/** The first hour of every history: a Monday, midnight in UTC. */
export const START = Date.UTC(2026, 0, 5);

/** Signals by hour, as the rollups of an agent give them, growing while they are told. */
export type Told = ReadonlyMap<Signal, Map<number, HourTally>>;

const TOLD = [
  "retries",
  "tool_errors",
  "tokens",
  "latency",
  "requests",
  "denials",
  "cost",
  "waits",
  "ungoverned",
  "silence",
] as const;

/**
 * Tells weeks of an agent in steps of half an hour, with the noise of counts, of prices and of latencies, busier by day
 * than at night and by week than at weekends. The same seed tells the same.
 *
 * @param behaves how it behaves in an hour, counted from the first
 * @param look called after each step with what is known by then
 */
export function tellWeeks(
  { seed, weeks, behaves }: { seed: number; weeks: number; behaves: (hour: number) => Behaviour },
  look: (told: Told, now: Date) => void,
): void {
  const random = randomOf(seed);
  const told = new Map(TOLD.map((signal) => [signal, new Map<number, HourTally>()] as const));
  const first = START / HOUR_MS;
  for (let step = 0; step < weeks * 168 * 2; step += 1) {
    const hour = Math.floor(step / 2);
    tellStep(told, first + hour, { behaviour: behaves(hour), busy: busyAt(hour), random });
    look(told, new Date(START + (step + 1) * (HOUR_MS / 2) - 1));
  }
}

/** From a fifth at night to all at noon, and less at the weekend. */
function busyAt(hour: number): number {
  const byDay = 0.6 - 0.4 * Math.cos((2 * Math.PI * ((hour % 24) - 1)) / 24);
  return Math.floor(hour / 24) % 7 >= 5 ? byDay * 0.4 : byDay;
}

type Step = { readonly behaviour: Behaviour; readonly busy: number; readonly random: () => number };

function tellStep(told: Told, hour: number, { behaviour: is, busy, random }: Step): void {
  const add = (signal: (typeof TOLD)[number], part: number, whole: number, values: readonly number[] = []) => {
    const series = told.get(signal);
    const before = series?.get(hour) ?? { part: 0, whole: 0, histogram: [] };
    const histogram = [...(before.histogram ?? [])];
    for (const value of values) countValue(histogram, value);
    series?.set(hour, { part: before.part + part, whole: before.whole + whole, histogram });
  };
  // Some half hours are livelier than others, beyond what chance would do.
  const calls = poisson((is.calls / 2) * busy * lognormal(random, 0.15), random);
  if (calls === 0) return;
  const some = (share: number) => binomial(calls, Math.min(1, share * lognormal(random, 0.1)), random);
  const runs = poisson(calls / 6, random);
  add("requests", calls, 1);
  add("silence", calls, 1);
  add("retries", some(is.retries), calls);
  add("tool_errors", some(is.errors), calls);
  add("denials", some(is.denials), calls);
  add("ungoverned", some(is.ungoverned), calls);
  add(
    "tokens",
    sum(runs, () => is.tokensPerRun * lognormal(random, 0.5)),
    runs,
  );
  add(
    "cost",
    sum(runs, () => is.picosPerRun * lognormal(random, 0.6)),
    runs,
  );
  add(
    "latency",
    0,
    calls,
    many(calls, () => is.latencyMs * lognormal(random, 0.6)),
  );
  const waits = poisson(calls / 25, random);
  add(
    "waits",
    0,
    waits,
    many(waits, () => is.waitSeconds * lognormal(random, 0.9)),
  );
}

const many = (n: number, make: () => number) => Array.from({ length: n }, make);
const sum = (n: number, make: () => number) => many(n, make).reduce((all, one) => all + one, 0);

/** Around 1, with this spread of its logarithm. */
const lognormal = (random: () => number, spread: number) => Math.exp(spread * normal(random) - (spread * spread) / 2);

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function poisson(mean: number, random: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const least = Math.exp(-mean);
  let [n, left] = [0, random()];
  while (left > least) {
    n += 1;
    left *= random();
  }
  return n;
}

const binomial = (n: number, p: number, random: () => number) => many(n, random).filter((one) => one < p).length;
