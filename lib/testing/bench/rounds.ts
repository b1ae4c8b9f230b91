import { closedLoop, type Measured, type Target } from "./load";
import type { Mix } from "./policy";
import { answered, type Contender, type Stage, targetOf } from "./stage";
import { quantile, ratioOf, type Spread, spreadOf } from "./statistics";

/** The figures of one window. Null where this machine does not tell, or where nothing is recorded. */
type Round = {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** Microseconds of CPU per decision. */
  readonly nodeUs: number | null;
  readonly postgresUs: number | null;
  readonly cpuUs: number | null;
  /** Decisions per transaction. */
  readonly batch: number | null;
  readonly walBytes: number | null;
};

/** All windows of one server under one load. */
export type Series = {
  readonly name: string;
  readonly mix: Mix;
  readonly inFlight: number;
  readonly figures: { readonly [key in keyof Round]: Spread | null };
  readonly calls: number;
  readonly allowed: number;
  readonly asked: number;
  /** Calls that were not answered with a decision. */
  readonly wrong: number;
};

/** One server under one load. Calls go to `targets` in turn; without it to the contender itself. */
export type Lane = {
  readonly contender: Contender;
  readonly mix: Mix;
  readonly inFlight: number;
  readonly calls: () => string;
  readonly targets?: readonly Target[];
};

/** Measures every lane in turn, as many rounds as asked for, so that what disturbs the machine disturbs all alike. */
export async function interleave(stage: Stage, lanes: readonly Lane[]): Promise<readonly Series[]> {
  const rounds = lanes.map((): Round[] => []);
  const totals = lanes.map(() => ({ calls: 0, allowed: 0, asked: 0, wrong: 0 }));
  for (let round = 0; round < stage.options.rounds; round += 1) {
    for (const [place, lane] of lanes.entries()) {
      const [measured, figures] = await measureWindow(stage, lane);
      rounds[place]?.push(figures);
      const total = totals[place];
      if (!total) continue;
      total.calls += measured.latencies.length;
      total.allowed += measured.allowed;
      total.asked += measured.asked;
      total.wrong += measured.wrong;
    }
  }
  return lanes.map(({ contender, mix, inFlight }, place) => ({
    name: contender.name,
    mix,
    inFlight,
    figures: summary(rounds[place] ?? []),
    ...(totals[place] ?? { calls: 0, allowed: 0, asked: 0, wrong: 0 }),
  }));
}

async function measureWindow(stage: Stage, lane: Lane): Promise<[Measured, Round]> {
  const { contender, mix, inFlight, calls } = lane;
  const load = { inFlight, until: { seconds: stage.options.seconds }, check: answered };
  const targets = lane.targets ?? [targetOf(contender, mix)];
  const [measured, used] = await stage.meter.measure(contender.pids, contender.workspaceId, () =>
    closedLoop(targets, calls, load),
  );
  // Only answers that are decisions count: a server that refuses quickly is not fast.
  const count = measured.latencies.length - measured.wrong;
  if (count === 0) throw new Error(`${contender.name} answered no call with a decision`);
  const each = (amount: number | null) => (amount === null ? null : amount / count);
  const [nodeUs, postgresUs] = [each(used.nodeUs), each(used.postgresUs)];
  const round = {
    perSecond: count / measured.seconds,
    p50: quantile(measured.latencies, 0.5),
    p99: quantile(measured.latencies, 0.99),
    p999: quantile(measured.latencies, 0.999),
    nodeUs,
    postgresUs,
    cpuUs: nodeUs === null || postgresUs === null ? null : nodeUs + postgresUs,
    batch: ratioOf(used.decisions, used.transactions),
    walBytes: used.walBytes / count,
  };
  return [measured, round];
}

function summary(rounds: readonly Round[]): Series["figures"] {
  const of = (key: keyof Round) => spreadOf(rounds.map((round) => round[key]));
  return {
    perSecond: of("perSecond"),
    p50: of("p50"),
    p99: of("p99"),
    p999: of("p999"),
    nodeUs: of("nodeUs"),
    postgresUs: of("postgresUs"),
    cpuUs: of("cpuUs"),
    batch: of("batch"),
    walBytes: of("walBytes"),
  };
}

/** How many times the median of one series is that of another. */
export function timesOf(one: Series | undefined, other: Series | undefined, key: keyof Round): number | null {
  return ratioOf(one?.figures[key]?.median, other?.figures[key]?.median);
}
