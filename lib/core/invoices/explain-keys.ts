import { byGap, type Explained, leastOf, sumOf } from "./explained";
import type { InvoiceEntry, InvoiceMeasure } from "./schema";
import { type ExplainedState, stateOf } from "./state";
import { foldName, NOTHING_SEEN, partsOfPlace, placeOf, type SeenSums, type Telemetry } from "./telemetry";

/** `explained` of a key is at most: telemetry does not say with which key a call was made. */
export type ExplainedKey = Explained & {
  /** Empty for what the file names no key of; of an agent's key every spelling. */
  readonly key: string;
  readonly state: ExplainedState;
  /** The agent whose handle is the key's name: its calls alone count. Null where those of every agent may be the key's. */
  readonly agent: string | null;
  /** How many models are invoiced on it. */
  readonly models: number;
};

/**
 * How much of each key can be explained at most: of its models and days, what telemetry has seen of them. Two keys of one
 * model can both be explained by the same calls, so keys do not add up to the whole. Keys that are one agent's name but for
 * capitals are one: the agent's calls explain them together. Other keys are not folded, as a provider's ids tell capitals apart.
 */
export function keysOf(
  { measure, entries }: { readonly measure: InvoiceMeasure; readonly entries: readonly InvoiceEntry[] },
  telemetry: Telemetry,
  { keyOf, handles }: { readonly keyOf: (model: string) => string; readonly handles: readonly string[] },
): readonly ExplainedKey[] {
  if (entries.every(({ key }) => key === "")) return [];
  const agents = new Map(handles.map((handle) => [foldName(handle), handle]));
  const byKey = new Map<string, Key>();
  for (const { day, model, key, units } of entries) {
    const agent = agents.get(foldName(key)) ?? null;
    const name = agent === null ? key : foldName(key);
    const own = byKey.get(name) ?? { agent, names: new Set(), places: new Map() };
    const place = placeOf(day, keyOf(model));
    own.names.add(key);
    own.places.set(place, (own.places.get(place) ?? 0n) + units);
    byKey.set(name, own);
  }
  return [...byKey.values()]
    .map((own) => keyOfPlaces(own, telemetry, measure))
    .filter(({ invoiced }) => invoiced > 0n)
    .toSorted(byGap);
}

/** What is invoiced on a key by day and model, under each of its names. */
type Key = { readonly agent: string | null; readonly names: Set<string>; readonly places: Map<string, bigint> };

function keyOfPlaces({ agent, names, places }: Key, telemetry: Telemetry, measure: InvoiceMeasure): ExplainedKey {
  const toldAt = (place: string): SeenSums =>
    (agent === null ? telemetry.byCell.get(place) : telemetry.byAgent.get(placeOf(place, foldName(agent)))) ??
    NOTHING_SEEN;
  const parts = [...places].map(([place, invoiced]) => ({
    invoiced,
    explained: leastOf(invoiced, toldAt(place).units),
  }));
  const sums = sumOf(parts);
  const told = [...places].filter(([, invoiced]) => invoiced > 0n).map(([place]) => toldAt(place));
  return {
    key: [...names].toSorted().join(", "),
    ...sums,
    agent,
    state: stateOf(measure, sums, told),
    models: new Set([...places.keys()].map((place) => partsOfPlace(place)[1])).size,
  };
}
