import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JsonObject } from "@/lib/core/shared/json";

import { flagForeign, flagLargest, type Scope } from "./outliers";
import { type CellChange, clip, counted, type Part, type RowLine, SHOWN, spoken } from "./part";
import { rowChanges, type RowChange, type RowsEffect, valueOf } from "./row-diff";
import { valueText } from "./value-text";

/** What the agent says it was asked for, held against what the dry run selects. */
export type Mismatch = {
  /** Rows that are touched though the stated request does not name them; null when it names none. */
  readonly outside: number | null;
  /** Rows the stated request names that are not touched. */
  readonly missing: number;
  readonly touched: number;
  /** How many rows the stated request speaks of. */
  readonly asked: number | null;
  /** The agent's words for the request. */
  readonly description: string | null;
};

/**
 * The parts of a dry run over rows: what was not asked for first, then what stands out (a protected record, another
 * customer's, the largest values), then the rest.
 */
export function rowParts(
  effect: RowsEffect,
  scope: Scope = new Map(),
): { readonly parts: readonly Part[]; readonly mismatch: Mismatch | null; readonly summary: string } {
  const rows = rowChanges(effect);
  const touched = rows.filter((row) => row.status !== "unchanged");
  const asked = askedKeys(effect);
  const isOutside = (row: RowChange) => asked !== null && (row.key === null || !asked.has(row.key));
  const outside = touched.filter(isOutside);
  const inside = touched.filter((row) => !isOutside(row));
  const unlisted = Math.max(0, (effect.total ?? 0) - touched.length);

  const foreign = flagForeign(touched, scope);
  const largest = flagLargest(touched, effect.key);
  const flags = new Map(touched.map((row) => [row, [...(foreign.get(row) ?? []), ...(largest.get(row) ?? [])]]));
  const rank = (row: RowChange) => (foreign.has(row) ? 0 : largest.has(row) ? 1 : 2);
  const flaggedFirst = (list: readonly RowChange[]) => list.toSorted((a, b) => rank(a) - rank(b));
  // A short list is seen at one glance; taking rows out of it would only scatter it.
  const apart = new Set(inside.length > 10 ? inside.filter((row) => rank(row) < 2) : []);
  const rest = inside.filter((row) => !apart.has(row));
  const unchanged = rows.filter((row) => row.status === "unchanged");

  const make = partMaker(effect, flags);
  const parts = [
    outside.length > 0
      ? make("not-requested", "Not in the stated request", flaggedFirst(outside), 0, outside.length)
      : null,
    apart.size > 0 ? make("outliers", "Stand out", flaggedFirst([...apart]), 0) : null,
    rest.length > 0 || unlisted > 0 || touched.length === 0
      ? make("rows", asked === null ? "Rows" : "In the stated request", flaggedFirst(rest), unlisted)
      : null,
    unchanged.length > 0 ? make("unchanged", "Listed without a change", unchanged, 0) : null,
  ].filter((part) => part !== null);
  const notable = new Set([...outside, ...touched.filter((row) => rank(row) < 2)]);
  const summary = `${spoken(touched.length, "row", { ...statusCounts(touched), flagged: notable.size })}${
    unlisted > 0 ? `; ${counted(unlisted, "more row")} not listed` : ""
  }`;
  return { parts, mismatch: mismatchOf(effect, touched, outside.length, unlisted, asked), summary };
}

/** One part of rows from a dry run that are no whole of it, as they stand. */
export function listedRows(id: string, title: string, effect: RowsEffect, rows: readonly RowChange[]): Part {
  return partMaker(effect, new Map())(id, title, rows, 0);
}

function askedKeys(effect: RowsEffect): ReadonlySet<string> | null {
  const keys = effect.intended?.keys;
  return keys === undefined ? null : new Set(keys.map((key) => canonicalJson(key)));
}

function mismatchOf(
  effect: RowsEffect,
  touched: readonly RowChange[],
  outside: number,
  unlisted: number,
  asked: ReadonlySet<string> | null,
): Mismatch | null {
  if (!effect.intended) return null;
  const all = touched.length + unlisted;
  const named = effect.intended.count ?? asked?.size ?? null;
  const touchedKeys = new Set(touched.map((row) => row.key));
  const missing = unlisted > 0 ? 0 : [...(asked ?? [])].filter((key) => !touchedKeys.has(key)).length;
  if (outside === 0 && missing === 0 && (named === null || named === all)) return null;
  return {
    outside: asked === null ? null : outside,
    missing,
    touched: all,
    asked: named,
    description: effect.intended.description ?? null,
  };
}

function statusCounts(rows: readonly RowChange[]) {
  const of = (status: RowChange["status"]) => rows.filter((row) => row.status === status).length;
  return { added: of("added"), removed: of("removed"), changed: of("changed"), unchanged: of("unchanged") };
}

function partMaker(effect: RowsEffect, flags: ReadonlyMap<RowChange, readonly string[]>) {
  return (id: string, title: string, rows: readonly RowChange[], unlisted: number, flaggedAll = 0): Part => {
    const columns = columnsOf(rows, effect.key);
    const shownColumns = columns.slice(0, SHOWN.columns);
    const lines = rows.slice(0, SHOWN.rows).map((row) => rowLine(row, shownColumns, flags.get(row) ?? []));
    const noted = flaggedAll || rows.filter((row) => (flags.get(row)?.length ?? 0) > 0).length;
    const kinds = { ...statusCounts(rows), flagged: noted };
    const clipped = lines.some((line) =>
      line.cells.some((cell) => (cell.before?.omitted ?? 0) + (cell.after?.omitted ?? 0) > 0),
    );
    const why = [
      rows.length > SHOWN.rows && `${SHOWN.rows.toLocaleString("en-US")} of ${counted(rows.length, "row")} shown`,
      columns.length > SHOWN.columns && `${SHOWN.columns} of ${counted(columns.length, "column")} shown`,
      clipped && "long values are cut",
      unlisted > 0 && `${counted(unlisted, "more row")} touched that the agent does not list`,
    ].filter((reason) => reason !== false);
    return {
      id,
      title: `${title} (${(rows.length + unlisted).toLocaleString("en-US")})`,
      summary: spoken(rows.length, "row", kinds),
      changes: rows.reduce((sum, row) => sum + row.changed.length, 0),
      uninspectable: why.length === 0 ? null : why.join("; "),
      body: { kind: "rows", columns: shownColumns, rows: lines },
    };
  };
}

/** The key, then what changes, then the rest, each in alphabetical order: stored JSON has no order of its own. */
function columnsOf(rows: readonly RowChange[], key: string): string[] {
  const changed = new Set(rows.filter((row) => row.status === "changed").flatMap((row) => row.changed));
  const all = new Set(rows.flatMap((row) => [...Object.keys(row.before ?? {}), ...Object.keys(row.after ?? {})]));
  const rank = (column: string) => (column === key ? 0 : changed.has(column) ? 1 : 2);
  return [...all].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function rowLine(row: RowChange, columns: readonly string[], flags: readonly string[]): RowLine {
  return { status: row.status, line: row.line, flags, cells: columns.map((column) => cellOf(row, column)) };
}

function cellOf(row: RowChange, column: string): CellChange {
  const text = (side: JsonObject | null) => {
    const value = valueOf(side, column);
    return value === undefined ? null : clip(valueText(value), SHOWN.cellChars);
  };
  return {
    column,
    before: text(row.before),
    after: text(row.after),
    changed: row.status === "changed" && row.changed.includes(column),
  };
}
