import { type AliasRow, type Column, COLUMNS } from "./alias-row";
import { ALIASES } from "./aliases";
import { CONTENT_KEYS, isContentKey, isIndexedKey } from "./content-keys";

export type Field = keyof typeof ALIASES;

/** Where each field lies in a reading. */
export const FIELD = Object.freeze(
  Object.fromEntries(Object.keys(ALIASES).map((field, at) => [field, at])),
) as Readonly<Record<Field, number>>;
export const FIELDS = Object.keys(ALIASES).length;

/** A field that a key gives, and how many other keys are believed before it. */
export type Alias = { readonly field: number; readonly rank: number };

/** What becomes of the attributes of one key. */
export type KeyRule = { readonly aliases: readonly Alias[]; readonly isContent: boolean; readonly isIndexed: boolean };

/** The rules by key, for what Claude Code sends, for lines of JSON, and for all others. */
export const OTLP_KEYS = indexOf((column) => column !== "claudeCode" && column !== "events");
export const CLAUDE_CODE_KEYS = indexOf((column) => column !== "events");
export const EVENT_KEYS = indexOf((column) => column !== "claudeCode");

function indexOf(holds: (column: Column) => boolean): ReadonlyMap<string, KeyRule> {
  const index = new Map<string, KeyRule>();
  for (const key of CONTENT_KEYS) index.set(key, { aliases: [], isContent: true, isIndexed: false });
  for (const [name, row] of Object.entries<AliasRow>(ALIASES)) {
    const field = Object.keys(ALIASES).indexOf(name);
    const keys = COLUMNS.filter(holds).flatMap((column) => row[column] ?? []);
    for (const [rank, key] of keys.entries()) {
      const aliases = [...(index.get(key)?.aliases ?? []), { field, rank }];
      index.set(key, { aliases, isContent: isContentKey(key), isIndexed: isIndexedKey(key) });
    }
  }
  return index;
}
