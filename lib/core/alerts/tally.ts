import type { HourTally, Series } from "./series";
import type { Signal } from "./signals";

/** What telemetry counted of an agent in an hour, of one kind of event. */
export type EventHour = {
  readonly agentId: string;
  readonly hour: number;
  readonly kind: string;
  readonly events: number;
  readonly errors: number;
  readonly retries: number;
  readonly tokens: number;
  readonly picos: number;
  readonly latencies: readonly number[];
};

/** What was decided of an agent's calls in an hour. */
export type DecisionHour = {
  readonly agentId: string;
  readonly hour: number;
  readonly decisions: number;
  readonly refused: number;
};

/** What is counted for signals alone. */
export type SignalHour = {
  readonly agentId: string;
  readonly hour: number;
  readonly runs: number;
  readonly ungoverned: number;
  /** Seconds until people answered, by the buckets of `log-histogram.ts`. */
  readonly waits: readonly number[];
};

export type SignalRows = {
  readonly events: readonly EventHour[];
  readonly decisions: readonly DecisionHour[];
  readonly signals: readonly SignalHour[];
};

/** The signals of each agent, by hour. */
export type AgentSeries = ReadonlyMap<string, ReadonlyMap<Signal, Series>>;

type Growing = Map<string, Map<Signal, Map<number, HourTally>>>;

/** Makes signals of the rows of rollups. */
export function tallyHours({ events, decisions, signals }: SignalRows): AgentSeries {
  const agents: Growing = new Map();
  for (const { agentId, hour, ...row } of events) {
    const add = adder(agents, agentId, hour);
    add("silence", row.events, 1);
    add("tokens", row.tokens, 0);
    add("cost", row.picos, 0);
    if (row.kind === "llm" || row.kind === "tool") add("latency", 0, row.events, row.latencies);
    if (row.kind !== "tool") continue;
    add("retries", row.retries, row.events);
    add("tool_errors", row.errors, row.events);
    add("ungoverned", 0, row.events);
  }
  for (const { agentId, hour, ...row } of decisions) {
    const add = adder(agents, agentId, hour);
    add("silence", row.decisions, 1);
    add("requests", row.decisions, 1);
    add("denials", row.refused, row.decisions);
  }
  for (const { agentId, hour, ...row } of signals) {
    const add = adder(agents, agentId, hour);
    add("tokens", 0, row.runs);
    add("cost", 0, row.runs);
    add("ungoverned", row.ungoverned, 0);
    add(
      "waits",
      0,
      row.waits.reduce((sum, count) => sum + count, 0),
      row.waits,
    );
  }
  return agents;
}

type Add = (signal: Signal, part: number, whole: number, histogram?: readonly number[]) => void;

function adder(agents: Growing, agentId: string, hour: number): Add {
  let signals = agents.get(agentId);
  if (!signals) agents.set(agentId, (signals = new Map()));
  const own = signals;
  return (signal, part, whole, histogram = []) => {
    let series = own.get(signal);
    if (!series) own.set(signal, (series = new Map()));
    const before = series.get(hour);
    series.set(hour, {
      part: (before?.part ?? 0) + part,
      whole: (before?.whole ?? 0) + whole,
      histogram: sumOf(before?.histogram ?? [], histogram),
    });
  };
}

function sumOf(one: readonly number[], other: readonly number[]): readonly number[] {
  if (other.length === 0) return one;
  return Array.from({ length: Math.max(one.length, other.length) }, (_, at) => (one[at] ?? 0) + (other[at] ?? 0));
}

/** Two series of different hours as one. */
export function joinSeries(earlier: AgentSeries, later: AgentSeries): AgentSeries {
  const agents = new Map<string, Map<Signal, Series>>();
  for (const id of new Set([...earlier.keys(), ...later.keys()])) {
    const [before, after] = [earlier.get(id), later.get(id)];
    const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
    const joined = [...names].map(
      (signal) => [signal, new Map([...(before?.get(signal) ?? []), ...(after?.get(signal) ?? [])])] as const,
    );
    agents.set(id, new Map(joined));
  }
  return agents;
}

/** The signals of several agents as those of one. */
export function sumSeries(agents: AgentSeries): ReadonlyMap<Signal, Series> {
  const sum = new Map<Signal, Map<number, HourTally>>();
  for (const signals of agents.values())
    for (const [signal, series] of signals) {
      const whole = sum.get(signal) ?? new Map<number, HourTally>();
      sum.set(signal, whole);
      for (const [hour, tally] of series) whole.set(hour, addTally(whole.get(hour), tally));
    }
  return sum;
}

function addTally(one: HourTally | undefined, other: HourTally): HourTally {
  if (!one) return other;
  const histogram = sumOf(one.histogram ?? [], other.histogram ?? []);
  return { part: one.part + other.part, whole: one.whole + other.whole, histogram };
}
