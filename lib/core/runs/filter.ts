import { readRange, type Range } from "@/lib/core/figures/range";

import { EVENT_FILTERS, type EventFilter, type RunFilter } from "./schema";

/** For how long events are kept at least: what is sought by its telemetry began within it, unless a range is named. */
const SOUGHT_FROM = "now-30d";

/** The range that a list of runs is narrowed to; null where its address names none and asks for nothing of telemetry. */
export function runRange(filter: RunFilter, now: Date): Range | null {
  const { from, to, tz } = filter;
  if (from !== undefined || to !== undefined) return readRange({ from, to, tz }, now);
  return eventFilters(filter).length > 0 ? readRange({ from: SOUGHT_FROM, to: "now", tz }, now) : null;
}

/** What the telemetry of the runs must have. */
export function eventFilters(filter: RunFilter): readonly (readonly [EventFilter, string])[] {
  return EVENT_FILTERS.flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [[name, value] as const];
  });
}

/** The filter as it stands in an address, without the page of the list. */
export function runQuery(filter: RunFilter): Readonly<Record<string, string>> {
  const { agent, session, state, from, to, tz } = filter;
  const given = Object.entries({ agent, session, state, from, to, tz }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return Object.fromEntries([...given, ...eventFilters(filter)]);
}
