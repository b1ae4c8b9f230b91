import type { Effect } from "@/lib/core/decisions/schema";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { Json, JsonObject } from "@/lib/core/shared/json";

export type RowsEffect = Extract<Effect, { kind: "rows" }>;

export type RowStatus = "added" | "removed" | "changed" | "unchanged";

/** One row of a dry run, before against after. `line` counts from 1 in the list the row was found in. */
export type RowChange = {
  readonly status: RowStatus;
  readonly line: number;
  /** The canonical text of its key's value; null when it has none. */
  readonly key: string | null;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** Columns whose value differs; every column of a row that comes or goes. */
  readonly changed: readonly string[];
};

/**
 * Joins rows before with rows after by their key. Every row of both lists is in the result, also one that shares its key
 * with another or has none: a row that could hide is a row nobody checks.
 */
export function rowChanges(effect: RowsEffect): readonly RowChange[] {
  const after = new Map<string, { row: JsonObject; line: number }[]>();
  for (const [index, raw] of effect.after.entries()) {
    if (!isRow(raw)) continue;
    const identity = identityOf(raw, effect.key);
    const alike = after.get(identity);
    if (alike) alike.push({ row: raw, line: index + 1 });
    else after.set(identity, [{ row: raw, line: index + 1 }]);
  }
  const changes: RowChange[] = [];
  for (const [index, raw] of effect.before.entries()) {
    if (!isRow(raw)) continue;
    const partner = after.get(identityOf(raw, effect.key))?.shift();
    changes.push(changeOf(effect.key, index + 1, raw, partner?.row ?? null));
  }
  for (const added of [...after.values()].flat().sort((a, b) => a.line - b.line)) {
    changes.push(changeOf(effect.key, added.line, null, added.row));
  }
  return changes;
}

/** Always true of what the strict reader has read; said to the compiler without copying every row. */
const isRow = (row: unknown): row is JsonObject => typeof row === "object" && row !== null;

/** How many rows a dry run touches: as many as it lists as changed, or as many as it says, whichever is more. */
export function rowsTouched(effect: Effect | null): number | null {
  if (effect?.kind !== "rows") return null;
  const listed = rowChanges(effect).filter((row) => row.status !== "unchanged").length;
  return Math.max(effect.total ?? 0, listed);
}

/** The canonical text of a row's key; null when the row has no such column. */
export function keyOf(row: JsonObject, key: string): string | null {
  const value = valueOf(row, key);
  return value === undefined ? null : canonicalJson(value);
}

/** Reads one column; `undefined` when the row does not have it. */
export function valueOf(row: JsonObject | null, column: string): Json | undefined {
  return row !== null && Object.hasOwn(row, column) ? row[column] : undefined;
}

function identityOf(row: JsonObject, key: string): string {
  const text = keyOf(row, key);
  return text === null ? `row ${canonicalJson(row)}` : `key ${text}`;
}

function changeOf(key: string, line: number, before: JsonObject | null, after: JsonObject | null): RowChange {
  const columns = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const changed = columns.filter((column) => !same(valueOf(before, column), valueOf(after, column)));
  const status = before === null ? "added" : after === null ? "removed" : changed.length > 0 ? "changed" : "unchanged";
  const row = before ?? after;
  return { status, line, key: row && keyOf(row, key), before, after, changed };
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  // Two different values are only ever equal where both hold others.
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return canonicalJson(a) === canonicalJson(b);
}
