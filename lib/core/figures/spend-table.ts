import { CLAIMED_DIMENSIONS, NO_SPEND, type SpendDimension, type SpendSums, subtractSpend } from "./measures";
import type { SpendRow, SpendTable } from "./spend";
import { type Buckets, costPerSuccessOf, figuresOf, joinBuckets, sumOf, wasteShareOf } from "./spend-figures";

/** A value of the dimension with its sums, over the whole range and by bucket. */
export type TableEntry = { readonly now: SpendSums; readonly before: SpendSums | null; readonly costs: Buckets };

/** Who or what a key is. */
export type KeyWords = { readonly label: string; readonly owner: string | null; readonly agent: string | null };

export const MOST_ROWS = 20;

/**
 * The table of a split: what cost most, the others and all.
 *
 * @param entries by value; of dimensions that events claim, those that claim nothing are worked out from `all`
 * @param knowsRuns whether the sums of all know of runs; those of single values only do by agent and owner
 */
export function spendTable(
  by: SpendDimension,
  entries: ReadonlyMap<string, TableEntry>,
  all: TableEntry,
  {
    words,
    knowsRuns,
    most = MOST_ROWS,
  }: { readonly words: (key: string) => KeyWords; readonly knowsRuns: boolean; readonly most?: number },
): SpendTable {
  const addsUp = by !== "tag";
  const isClaimed = CLAIMED_DIMENSIONS.some((dimension) => dimension === by);
  const known = isClaimed && addsUp ? withNone(entries, all) : entries;
  const isByRun = knowsRuns && (by === "agent" || by === "owner");
  const sorted = [...known].sort(byCost);
  const rest = sorted.slice(most);
  return {
    by,
    rows: sorted.slice(0, most).map(([key, entry]) => rowOf(key, words(key), entry, isByRun)),
    others:
      rest.length === 0
        ? null
        : {
            ...rowOf("", wordless(`${rest.length} others`), joined(rest.map(([, entry]) => entry)), isByRun),
            values: rest.length,
          },
    all: rowOf("", wordless("All"), all, knowsRuns),
    addsUp,
  };
}

const wordless = (label: string): KeyWords => ({ label, owner: null, agent: null });

function byCost([a, one]: [string, TableEntry], [b, other]: [string, TableEntry]): number {
  for (const measure of ["cost_picos", "events"] as const) {
    if (one.now[measure] !== other.now[measure]) return one.now[measure] > other.now[measure] ? -1 : 1;
  }
  return a < b ? -1 : 1;
}

/** The entries with what claims no value, where anything does not. */
function withNone(entries: ReadonlyMap<string, TableEntry>, all: TableEntry): ReadonlyMap<string, TableEntry> {
  const claimed = [...entries.values()];
  const sums = sumOf(claimed.map(({ now }) => now));
  const none: TableEntry = {
    now: subtractSpend(all.now, sums),
    before: all.before && subtractSpend(all.before, sumOf(claimed.map(({ before }) => before ?? NO_SPEND))),
    costs: claimed.reduce((costs, entry) => joinBuckets(costs, entry.costs, -1n), all.costs),
  };
  const isEmpty = none.now.events === 0n && (none.before === null || none.before.events === 0n);
  return isEmpty ? entries : new Map([...entries, ["", none]]);
}

function joined(entries: readonly TableEntry[]): TableEntry {
  const [first, ...others] = entries;
  if (!first) return { now: NO_SPEND, before: null, costs: { now: [], before: null } };
  return {
    now: sumOf(entries.map(({ now }) => now)),
    before: first.before && sumOf(entries.map(({ before }) => before ?? NO_SPEND)),
    costs: others.reduce((costs, entry) => joinBuckets(costs, entry.costs), first.costs),
  };
}

function rowOf(key: string, words: KeyWords, entry: TableEntry, isByRun: boolean): SpendRow {
  return {
    key,
    ...words,
    now: figuresOf(entry.now, isByRun),
    before: entry.before && figuresOf(entry.before, isByRun),
    costPerSuccess: isByRun ? costPerSuccessOf(entry.now) : null,
    wasteShare: wasteShareOf(entry.now),
    costs: entry.costs.now.map(String),
    costsBefore: entry.costs.before && entry.costs.before.map(String),
  };
}
