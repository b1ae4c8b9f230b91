import type { AgentId } from "@/lib/core/shared/brand";
import { timesOf } from "@/lib/core/traces/count-events";
import type { KeptEvent } from "@/lib/core/traces/event-counts";

import { quarterOf, type SpendCounts, valueSums } from "./count-spend";

/** How a trace is counted as a run. Times are microseconds since 1970, but for `rootNs`. */
export type CountedRun = {
  readonly traceId: string;
  readonly agentId: AgentId;
  readonly firstAt: bigint;
  /** The root event that began last, by which the run succeeded or did not; null while none has arrived. */
  readonly root: { readonly ns: bigint; readonly eventId: string } | null;
  readonly succeeded: boolean;
  readonly keptAt: bigint;
};

/**
 * Counts the traces of events as runs. What a trace was counted as before is taken away where it changes, so that every
 * figure is that of all its events, in whatever order they came.
 *
 * @param standing how the traces of these events are counted until now, by trace
 * @returns how they are counted from now on
 */
export function countRuns(
  counts: SpendCounts,
  events: readonly KeptEvent[],
  standing: ReadonlyMap<string, CountedRun>,
): readonly CountedRun[] {
  const runs = new Map<string, CountedRun>();
  for (const kept of events) {
    if (!kept.stored.inWindow) continue;
    const { traceId } = kept.stored.event;
    const run = runs.get(traceId) ?? standing.get(traceId);
    runs.set(traceId, run === undefined ? startOf(kept) : joined(run, startOf(kept)));
  }
  for (const run of runs.values()) {
    const before = standing.get(run.traceId);
    if (before !== undefined) add(counts, before, -1n);
    add(counts, run, 1n);
  }
  return [...runs.values()];
}

function startOf({ stored, keptAt }: KeptEvent): CountedRun {
  const { event, agentId } = stored;
  const isRoot = event.parentEventId === null;
  return {
    traceId: event.traceId,
    agentId,
    firstAt: timesOf(stored).started,
    root: isRoot ? { ns: BigInt(event.startNs), eventId: event.eventId } : null,
    succeeded: isRoot && event.outcome === "success",
    keptAt,
  };
}

/** The first agent that is heard of in a trace stays its agent. What another agent sends says nothing about its run. */
function joined(run: CountedRun, event: CountedRun): CountedRun {
  if (event.agentId !== run.agentId) return { ...run, keptAt: event.keptAt > run.keptAt ? event.keptAt : run.keptAt };
  const isLater = event.root !== null && (run.root === null || isAfter(event.root, run.root));
  return {
    ...run,
    firstAt: event.firstAt < run.firstAt ? event.firstAt : run.firstAt,
    keptAt: event.keptAt > run.keptAt ? event.keptAt : run.keptAt,
    ...(isLater && { root: event.root, succeeded: event.succeeded }),
  };
}

type Root = NonNullable<CountedRun["root"]>;
const isAfter = (one: Root, other: Root): boolean =>
  one.ns === other.ns ? one.eventId > other.eventId : one.ns > other.ns;

function add(counts: SpendCounts, run: CountedRun, sign: 1n | -1n): void {
  const key = { quarter: quarterOf(run.firstAt), agentId: run.agentId, dimension: "all", value: "" } as const;
  const sums = valueSums(counts, key);
  sums.runs += sign;
  if (run.succeeded) sums.succeeded += sign;
}
