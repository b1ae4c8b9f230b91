import { byGap, type Explained, leastOf, sumOf } from "./explained";
import type { InvoiceEntry } from "./schema";
import { foldName, NOTHING_SEEN, partsOfPlace, placeOf, type SeenSums, type Telemetry } from "./telemetry";

/** `explained` of a key is at most: telemetry does not say with which key a call was made. */
export type ExplainedKey = Explained & {
  /** Empty for what the file names no key of. */
  readonly key: string;
  readonly state: "past" | "partly" | "whole";
  /** The agent whose handle is the key's name: its calls alone count. Null where those of every agent may be the key's. */
  readonly agent: string | null;
  /** How many models are invoiced on it. */
  readonly models: number;
};

/**
 * How much of each key can be explained at most: of its models and days, what telemetry has seen of them. Two keys of one
 * model can both be explained by the same calls, so keys do not add up to the whole.
 */
export function keysOf(
  entries: readonly InvoiceEntry[],
  telemetry: Telemetry,
  { keyOf, handles }: { readonly keyOf: (model: string) => string; readonly handles: readonly string[] },
): readonly ExplainedKey[] {
  if (entries.every(({ key }) => key === "")) return [];
  const agents = new Map(handles.map((handle) => [foldName(handle), handle]));
  const byKey = new Map<string, Map<string, bigint>>();
  for (const { day, model, key, units } of entries) {
    const own = byKey.get(key) ?? new Map<string, bigint>();
    const place = placeOf(day, keyOf(model));
    byKey.set(key, own.set(place, (own.get(place) ?? 0n) + units));
  }
  return [...byKey]
    .map(([key, own]) => keyOfPlaces(key, own, telemetry, agents.get(foldName(key)) ?? null))
    .filter(({ invoiced }) => invoiced > 0n)
    .toSorted(byGap);
}

function keyOfPlaces(
  key: string,
  own: ReadonlyMap<string, bigint>,
  telemetry: Telemetry,
  agent: string | null,
): ExplainedKey {
  const toldAt = (place: string): SeenSums =>
    (agent === null ? telemetry.byCell.get(place) : telemetry.byAgent.get(placeOf(place, foldName(agent)))) ??
    NOTHING_SEEN;
  const parts = [...own].map(([place, invoiced]) => ({ invoiced, explained: leastOf(invoiced, toldAt(place).units) }));
  const sums = sumOf(parts);
  const isPast = [...own.keys()].every((place) => toldAt(place).events === 0n);
  const state = sums.explained === sums.invoiced ? "whole" : isPast ? "past" : "partly";
  return { key, ...sums, agent, state, models: new Set([...own.keys()].map((place) => partsOfPlace(place)[1])).size };
}
