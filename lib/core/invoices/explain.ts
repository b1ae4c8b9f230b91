import { byGap, descending, type Explained, leastOf, sumOf } from "./explained";
import { type ExplainedKey, keysOf } from "./explain-keys";
import { modelKey } from "./model-key";
import type { InvoiceEntry, InvoiceMeasure } from "./schema";
import { type ExplainedState, stateOf } from "./state";
import {
  NOTHING_SEEN,
  partsOfPlace,
  placeOf,
  type SeenCalls,
  type SeenSums,
  sumSeen,
  type Telemetry,
} from "./telemetry";

type ExplainedModel = Explained & {
  /** What its names have in common; empty where the invoice names no model. */
  readonly model: string;
  /** As the invoice, and as telemetry names it. */
  readonly names: readonly string[];
  readonly seenAs: readonly string[];
  readonly state: ExplainedState;
};

type ExplainedCell = Explained & { readonly day: string; readonly model: string; readonly seen: bigint };

/** What telemetry has seen that the invoice does not have. */
export type SeenOnly = { readonly model: string; readonly seenAs: readonly string[]; readonly beyond: bigint };

export type InvoiceExplained = Explained & {
  /** What went past us first. */
  readonly models: readonly ExplainedModel[];
  /** Empty where the file names no keys. */
  readonly keys: readonly ExplainedKey[];
  /** Each day from the first to the last, also those without an entry. */
  readonly days: readonly (Explained & { readonly day: string })[];
  /** Each day and model that is invoiced, those with the largest difference first. */
  readonly cells: readonly ExplainedCell[];
  readonly beyond: readonly SeenOnly[];
};

/** What is held against telemetry. */
type InvoiceToExplain = {
  readonly measure: InvoiceMeasure;
  readonly entries: readonly InvoiceEntry[];
  readonly days: readonly string[];
};

/**
 * Holds an invoice against telemetry of the same UTC days. On a day, of a model, as much is explained as was both invoiced
 * and seen; what is seen beyond that is told apart and explains no other day.
 *
 * @param seen of the invoice's provider and days; where the invoice names no model, calls of all of them count
 * @param handles of every agent: a key named like one is that agent's
 */
export function explainInvoice(
  { measure, entries, days }: InvoiceToExplain,
  seen: readonly SeenCalls[],
  handles: readonly string[],
): InvoiceExplained {
  const namesModels = entries.some(({ model }) => model !== "");
  const keys = new Map<string, string>();
  const keyOf = (model: string): string => {
    let key = keys.get(model);
    if (key === undefined) keys.set(model, (key = namesModels && model !== "" ? modelKey(model) : ""));
    return key;
  };
  const telemetry = sumSeen(seen, measure, keyOf);
  const cells = cellsOf(entries, telemetry, keyOf);
  const byDay = grouped(cells, ({ day }) => day);
  return {
    ...sumOf(cells),
    models: modelsOf(cells, { measure, entries }, telemetry, keyOf),
    keys: keysOf({ measure, entries }, telemetry, { keyOf, handles }),
    days: days.map((day) => ({ day, ...sumOf(byDay.get(day) ?? []) })),
    cells: cells
      .filter((cell) => cell.invoiced > 0n)
      .toSorted((a, b) => byGap(a, b) || (placeOf(a.day, a.model) < placeOf(b.day, b.model) ? -1 : 1)),
    beyond: beyondOf(cells, telemetry),
  };
}

type KeyOf = (model: string) => string;

function cellsOf(entries: readonly InvoiceEntry[], telemetry: Telemetry, keyOf: KeyOf): readonly ExplainedCell[] {
  const invoiced = new Map<string, bigint>();
  for (const { day, model, units } of entries) {
    const place = placeOf(day, keyOf(model));
    invoiced.set(place, (invoiced.get(place) ?? 0n) + units);
  }
  return [...new Set([...invoiced.keys(), ...telemetry.byCell.keys()])].map((place) => {
    const [day = "", model = ""] = partsOfPlace(place);
    const [units, seen] = [invoiced.get(place) ?? 0n, telemetry.byCell.get(place)?.units ?? 0n];
    return { day, model, invoiced: units, seen, explained: leastOf(units, seen) };
  });
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

function modelsOf(
  cells: readonly ExplainedCell[],
  { measure, entries }: Pick<InvoiceToExplain, "measure" | "entries">,
  telemetry: Telemetry,
  keyOf: KeyOf,
): readonly ExplainedModel[] {
  const named = grouped(entries, ({ model }) => keyOf(model));
  return [...grouped(cells, ({ model }) => model)]
    .map(([model, own]): ExplainedModel => {
      const sums = sumOf(own);
      const told = own.filter(({ invoiced }) => invoiced > 0n).map(({ day }) => toldAt(telemetry, placeOf(day, model)));
      return {
        model,
        names: [...new Set((named.get(model) ?? []).map((entry) => entry.model))].toSorted(),
        seenAs: seenAs(telemetry, model),
        ...sums,
        state: stateOf(measure, sums, told),
      };
    })
    .filter(({ invoiced }) => invoiced > 0n)
    .toSorted(byGap);
}

const toldAt = ({ byCell }: Telemetry, place: string): SeenSums => byCell.get(place) ?? NOTHING_SEEN;
const seenAs = ({ names }: Telemetry, model: string): readonly string[] => [...(names.get(model) ?? [])].toSorted();

function beyondOf(cells: readonly ExplainedCell[], telemetry: Telemetry): readonly SeenOnly[] {
  const byModel = new Map<string, bigint>();
  for (const { model, seen, explained } of cells) {
    if (seen > explained) byModel.set(model, (byModel.get(model) ?? 0n) + seen - explained);
  }
  return [...byModel]
    .map(([model, beyond]) => ({ model, beyond, seenAs: seenAs(telemetry, model) }))
    .toSorted((a, b) => descending(a.beyond, b.beyond));
}
