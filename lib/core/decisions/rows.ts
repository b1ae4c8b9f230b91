import { foldedName } from "@/lib/core/commands/content-names";
import { isId, isPredicate, traitsOf } from "@/lib/core/manifests/ids";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { jsonInText } from "@/lib/core/shared/json-text";

import type { Effect } from "./schema";

/** The most rows a dry run speaks of; null when it speaks of none. What is listed counts even if `total` says less. */
export function rowsOfEffect(effect: Effect | null): number | null {
  if (effect === null || effect.kind !== "rows") return null;
  return Math.max(effect.total ?? 0, effect.before.length, effect.after.length);
}

/**
 * How many records the arguments name, at any depth; null when they do not say, which is never "few".
 *
 * Counted are plain ids in arguments named like ids, and lists of objects that each name some. A condition, `all: true`, an
 * object of operators and a further list of values leave it open how many there are.
 */
export function rowsOfArguments(args: JsonObject, hints: RowHints = NO_HINTS): number | null {
  const rows = rowsIn(args, hints, 0);
  return rows === "unclear" ? null : rows;
}

/** Arguments that the catalogue says hold ids, or a number of rows, by folded name. */
export type RowHints = { readonly id: ReadonlySet<string>; readonly rows: ReadonlySet<string> };

const NO_HINTS: RowHints = { id: new Set(), rows: new Set() };
const MAX_DEPTH = 64;

type Count = number | "unclear" | null;

function rowsIn(object: JsonObject, hints: RowHints, depth: number): Count {
  if (depth > MAX_DEPTH) return "unclear";
  let single: number | null = null;
  let listed = 0;
  let nested = 0; // apart from the lists, so that the order of arguments changes nothing
  let others = 0;
  for (const name of Object.keys(object)) {
    const given = object[name];
    if (given === undefined) continue;
    const value = (typeof given === "string" ? jsonInText(given) : null) ?? given;
    if (isPredicate(name, value)) return "unclear";
    const traits = traitsOf(name);
    const isHinted = hints.id.size > 0 && hints.id.has(foldedName(name));
    const number = typeof value === "string" && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value;
    if (typeof number === "number" && (traits.isCount || (hints.rows.size > 0 && hints.rows.has(foldedName(name)))))
      listed += Math.max(0, number);
    else if (isHinted || traits.isId) {
      if (!isHinted && !traits.namesRecords) continue;
      const ids = isJsonArray(value) ? value : [value];
      if (ids.length === 0 || !ids.every(isId)) return "unclear";
      if (isJsonArray(value)) listed += ids.length;
      else single = 1;
    } else if (isJsonArray(value)) {
      const rows = rowsOfList(value, hints, depth);
      if (rows === "unclear") return rows;
      if (rows !== null) listed += rows;
      else if (value.length > 0 && !traits.isDetail) others += 1;
    } else if (isJsonObject(value)) {
      const rows = rowsIn(value, hints, depth + 1);
      if (rows === "unclear") return rows;
      if (rows !== null) nested = Math.max(nested, rows);
      else if (holdsList(value, depth + 1)) others += 1;
    }
  }
  if (single === null && listed === 0 && nested === 0) return null;
  // Beside an id, a list that is not named like one may hold further records.
  return others > 0 ? "unclear" : Math.max(single ?? 0, listed, nested);
}

/** Whether a further list stands somewhere inside. */
function holdsList(object: JsonObject, depth: number): boolean {
  if (depth > MAX_DEPTH) return true;
  return Object.entries(object).some(([name, value]) => {
    if (isJsonArray(value)) return value.length > 0 && !traitsOf(name).isDetail;
    return isJsonObject(value) && holdsList(value, depth + 1);
  });
}

/** Rows of a list of objects, each of which must name some; null for a list of other values. */
function rowsOfList(list: readonly Json[], hints: RowHints, depth: number): Count {
  let sum = 0;
  let counted = 0;
  for (const item of list) {
    const rows = isJsonObject(item)
      ? rowsIn(item, hints, depth + 1)
      : isJsonArray(item)
        ? rowsOfList(item, hints, depth + 1)
        : null;
    if (rows === "unclear") return rows;
    if (rows === null) continue;
    sum += rows;
    counted += 1;
  }
  if (counted === 0) return null;
  return counted === list.length ? sum : "unclear";
}

/** Rows a call touches, by its dry run and its arguments together: the larger, since each may leave some out. */
export function rowsOf(effect: Effect | null, args: JsonObject, hints?: RowHints): number | null {
  const shown = rowsOfEffect(effect);
  const named = rowsOfArguments(args, hints);
  if (shown === null) return named;
  return named === null ? shown : Math.max(shown, named);
}

/** Rows selected and how many of them the stated intent does not cover; null when the dry run does not say. */
export function selectionOf(effect: Effect | null): { readonly selected: number; readonly outside: number } | null {
  const selected = rowsOfEffect(effect);
  if (selected === null || effect?.kind !== "rows" || effect.intended === undefined) return null;
  const { keys, count } = effect.intended;
  const intended = Math.min(keys?.length ?? Number.POSITIVE_INFINITY, count ?? Number.POSITIVE_INFINITY);
  const beyondCount = Number.isFinite(intended) ? Math.max(0, selected - intended) : 0;
  const beyondKeys = keys === undefined ? 0 : keysOutside(effect, new Set(keys.map(String)));
  if (!Number.isFinite(intended)) return null;
  return { selected, outside: Math.max(beyondCount, beyondKeys) };
}

function keysOutside(effect: Extract<Effect, { kind: "rows" }>, intended: ReadonlySet<string>): number {
  const outside = new Set<string>();
  for (const rows of [effect.before, effect.after]) {
    for (const row of rows) {
      const key = Object.hasOwn(row, effect.key) ? row[effect.key] : undefined;
      const text = typeof key === "string" || typeof key === "number" ? String(key) : "";
      if (!intended.has(text)) outside.add(text);
    }
  }
  return outside.size;
}
