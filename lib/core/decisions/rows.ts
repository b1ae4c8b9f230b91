import { isId, isIdName } from "@/lib/core/manifests/ids";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import type { Effect } from "./schema";

/** The most rows a dry run speaks of; null when it speaks of none. What is listed counts even if `total` says less. */
export function rowsOfEffect(effect: Effect | null): number | null {
  if (effect === null || effect.kind !== "rows") return null;
  return Math.max(effect.total ?? 0, effect.before.length, effect.after.length);
}

/**
 * How many records the arguments name; null when they do not say, which is never "few".
 *
 * Counted are plain ids in arguments named like ids, and lists of objects that each carry one.
 */
export function rowsOfArguments(args: JsonObject): number | null {
  let rows: number | null = null;
  for (const name of Object.keys(args)) {
    const value = args[name];
    if (value === undefined) continue;
    const counted = isIdName(name) ? countIds(value) : countRecords(value);
    if (counted === "unclear") return null;
    if (counted !== null && (rows === null || counted > rows)) rows = counted;
  }
  return rows;
}

function countIds(value: Json): number | "unclear" {
  if (!isJsonArray(value)) return isId(value) ? 1 : "unclear";
  return value.length > 0 && value.every(isId) ? value.length : "unclear";
}

function countRecords(value: Json): number | null {
  if (!isJsonArray(value)) return null;
  const isRecords = value.length > 0 && value.every((item) => isJsonObject(item) && Object.keys(item).some(isIdName));
  return isRecords ? value.length : null;
}

/** Rows a call touches, by its dry run and its arguments together: the larger, since each may leave some out. */
export function rowsOf(effect: Effect | null, args: JsonObject): number | null {
  const shown = rowsOfEffect(effect);
  const named = rowsOfArguments(args);
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
