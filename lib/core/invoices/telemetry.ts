import type { InvoiceMeasure } from "./schema";

/** What telemetry tells of a model's calls by an agent on a UTC day. */
export type SeenCalls = {
  readonly day: string;
  readonly model: string;
  readonly agent: string;
  readonly picos: bigint;
  readonly tokens: bigint;
  readonly events: bigint;
  /** Calls without a price, which are in no sum of money. */
  readonly unpriced: bigint;
};

/** The sums of what telemetry tells of a place. */
export type SeenSums = { readonly units: bigint; readonly events: bigint; readonly unpriced: bigint };
export const NOTHING_SEEN: SeenSums = { units: 0n, events: 0n, unpriced: 0n };

const SEPARATOR = "\0";
/** Where something is counted: a day and a model, and an agent's handle where one is meant. */
export const placeOf = (...parts: readonly string[]): string => parts.join(SEPARATOR);
export const partsOfPlace = (place: string): readonly string[] => place.split(SEPARATOR);

/** Names of people's making that differ in nothing but capitals and the space around them are one. */
export const foldName = (name: string): string => name.trim().toLowerCase();

/** What telemetry tells, by day and model, and by day, model and agent. */
export type Telemetry = {
  readonly byCell: ReadonlyMap<string, SeenSums>;
  readonly byAgent: ReadonlyMap<string, SeenSums>;
  /** The names that telemetry has for a model. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
};

/** Adds up what telemetry tells. @param keyOf what a model is counted as */
export function sumSeen(
  seen: readonly SeenCalls[],
  measure: InvoiceMeasure,
  keyOf: (model: string) => string,
): Telemetry {
  const [byCell, byAgent] = [new Map<string, SeenSums>(), new Map<string, SeenSums>()];
  const names = new Map<string, Set<string>>();
  for (const { day, model, agent, picos, tokens, events, unpriced } of seen) {
    const key = keyOf(model);
    const units = measure === "usd" ? picos : tokens;
    for (const [map, place] of [
      [byCell, placeOf(day, key)],
      [byAgent, placeOf(day, key, foldName(agent))],
    ] as const) {
      const sums = map.get(place) ?? NOTHING_SEEN;
      map.set(place, { units: sums.units + units, events: sums.events + events, unpriced: sums.unpriced + unpriced });
    }
    names.set(key, (names.get(key) ?? new Set()).add(model));
  }
  return { byCell, byAgent, names };
}
