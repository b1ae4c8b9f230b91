import type { Json } from "@/lib/core/shared/json";

import { type RowChange, valueOf } from "./row-diff";
import { valueText } from "./value-text";

/** Whose data a call was given, key by key: `customer_id` with every value its context named. */
export type Scope = ReadonlyMap<string, readonly Json[]>;

const LEAST_ROWS = 4;
const MOST_COLUMNS = 6;
const MOST_FAR = 20;

/**
 * Says of each row which of its numbers stand out: the largest of a column, or far above the rest of it.
 *
 * Far is over the upper fence, the third quartile and three times the spread of the middle half. Columns that are all
 * distinct whole numbers named like an id say nothing and are left out. Few rows are seen whole, so none is marked.
 *
 * @source J. W. Tukey, Exploratory Data Analysis (1977), outer fences
 */
export function flagLargest(rows: readonly RowChange[], key: string): ReadonlyMap<RowChange, readonly string[]> {
  const flags = new Map<RowChange, string[]>();
  if (rows.length < LEAST_ROWS) return flags;
  const add = (row: RowChange, flag: string) => flags.set(row, [...(flags.get(row) ?? []), flag]);
  for (const column of numericColumns(rows, key)) {
    const sized = rows.map((row) => ({ row, size: magnitude(row, column) })).filter((item) => item.size !== null);
    const sorted = sized.toSorted((a, b) => (b.size ?? 0) - (a.size ?? 0));
    const [first, second] = sorted;
    if (!first || !second || first.size === second.size) continue;
    add(first.row, `largest ${column}`);
    const fence = upperFence(sorted.map((item) => item.size ?? 0));
    for (const item of sorted.slice(1, MOST_FAR)) {
      if ((item.size ?? 0) > fence) add(item.row, `${column} far above the rest`);
    }
  }
  return flags;
}

function numericColumns(rows: readonly RowChange[], key: string): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const [column, value] of Object.entries(row.after ?? row.before ?? {})) {
      if (typeof value === "number" && column !== key && !/(^|_)(id|year|zip|phone)$|Id$/i.test(column)) {
        counts.set(column, (counts.get(column) ?? 0) + 1);
      }
    }
  }
  const names = [...counts].filter(([, count]) => count >= rows.length / 2).map(([column]) => column);
  return names.sort().slice(0, MOST_COLUMNS);
}

/** How much a row's number is: of a change, by how much; of a row that comes or goes, how much it holds. */
function magnitude(row: RowChange, column: string): number | null {
  const before = valueOf(row.before, column);
  const after = valueOf(row.after, column);
  if (typeof before === "number" && typeof after === "number") return Math.abs(after - before);
  const only = typeof after === "number" ? after : before;
  return typeof only === "number" ? Math.abs(only) : null;
}

/** @param descending at least two sizes, largest first */
function upperFence(descending: readonly number[]): number {
  const at = (share: number) => descending[Math.floor((descending.length - 1) * share)] ?? 0;
  const upper = at(0.25);
  return upper + 3 * (upper - at(0.75));
}

/** Columns that say a row must be left alone. */
const PROTECTED =
  /^(?:is_?)?(?:protected|locked|legal_?hold|on_?hold|litigation_?hold|immutable|read_?only|do_?not_?(?:delete|touch|contact|modify)|frozen|pinned)$/i;

/**
 * Says of each row what no request about somebody else's data, or about data that must stay, should touch: a record
 * marked as protected, before or after; a record of another customer or tenant than the call's context is about.
 */
export function flagForeign(rows: readonly RowChange[], scope: Scope): ReadonlyMap<RowChange, readonly string[]> {
  const flags = new Map<RowChange, string[]>();
  for (const row of rows) {
    const found = [...protectedBy(row), ...elsewhere(row, scope)];
    if (found.length > 0) flags.set(row, found);
  }
  return flags;
}

function protectedBy({ before, after }: RowChange): string[] {
  const columns = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const holds = (column: string) => isYes(valueOf(before, column)) || isYes(valueOf(after, column));
  return [...columns].filter((column) => PROTECTED.test(column) && holds(column)).map((column) => `marked ${column}`);
}

/** Anything but a plain no: a hold that names its case in words is a hold. */
function isYes(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false || value === 0) return false;
  return typeof value !== "string" || !/^(?:|0|no|n|false|f|none|off|null)$/i.test(value.trim());
}

function elsewhere({ before, after }: RowChange, scope: Scope): string[] {
  const found: string[] = [];
  for (const [key, allowed] of scope) {
    const known = new Set(allowed.map((value) => valueText(value)));
    for (const value of new Set([valueOf(before, key), valueOf(after, key)])) {
      if (value !== undefined && value !== null && !known.has(valueText(value)))
        found.push(`another ${key}: ${shortened(valueText(value))}`);
    }
  }
  return found;
}

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
