import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { foldedName, isShellTool, isSqlTool } from "./content-names";
import { dialectOf } from "./read-sql";
import type { SqlDialect } from "./sql-reading";

/** The keyword of a tool's schema that says what an argument holds. */
export const CONTENT_KEYWORD = "x-interlock-content";

/** What the keyword may say; `sql` may name its dialect. */
export const CONTENT_HINT = /^(?:shell|sql(?::[a-z]+)?|path|url|id|rows)$/;

/** What the catalogue says of a tool's arguments, by folded name. */
export type ContentHints = {
  readonly shell: ReadonlySet<string>;
  readonly sql: ReadonlyMap<string, SqlDialect>;
  readonly path: ReadonlySet<string>;
  readonly url: ReadonlySet<string>;
  readonly id: ReadonlySet<string>;
  readonly rows: ReadonlySet<string>;
  /** The dialect of every statement of the tool, where the schema says so of the whole. */
  readonly dialect: SqlDialect;
  /** Neither the schema nor the tool's name says anything of what its arguments hold. */
  readonly isEmpty: boolean;
};

/**
 * Gathers the hints of a schema. They go by the argument's name wherever it is: a hint can only make a call graver, except
 * that it names the dialect.
 */
export function contentHints(schema: JsonObject, tool = ""): ContentHints {
  const hints = {
    shell: new Set<string>(),
    sql: new Map<string, SqlDialect>(),
    path: new Set<string>(),
    url: new Set<string>(),
    id: new Set<string>(),
    rows: new Set<string>(),
  };
  collect(schema, null, hints);
  const whole = schema[CONTENT_KEYWORD];
  const dialect = typeof whole === "string" ? dialectOf(whole) : "unknown";
  const isSaid = dialect !== "unknown" || isShellTool(tool) || isSqlTool(tool);
  const isEmpty = !isSaid && Object.values(hints).every(({ size }) => size === 0);
  return Object.freeze({ ...hints, dialect, isEmpty });
}

/** Whether a schema no longer says what the one before said an argument holds, or names another dialect for statements. */
export function forgetsContent(before: JsonObject, after: JsonObject): boolean {
  const [old, now] = [contentHints(before), contentHints(after)];
  const kinds = ["shell", "path", "url", "id", "rows"] as const;
  return (
    kinds.some((kind) => [...old[kind]].some((name) => !now[kind].has(name))) ||
    [...old.sql].some(([name, dialect]) => now.sql.get(name) !== dialect) ||
    old.dialect !== now.dialect
  );
}

type Open = { readonly [Kind in "shell" | "path" | "url" | "id" | "rows"]: Set<string> } & {
  readonly sql: Map<string, SqlDialect>;
};

/** `name`: the argument this part of a schema is about. */
function collect(node: Json, name: string | null, hints: Open): void {
  if (isJsonArray(node)) {
    for (const item of node) collect(item, name, hints);
    return;
  }
  if (!isJsonObject(node)) return;
  const hint = node[CONTENT_KEYWORD];
  if (name !== null && typeof hint === "string") note(hint, foldedName(name), hints);
  for (const [key, value] of Object.entries(node)) {
    if (key === "properties" && isJsonObject(value)) {
      for (const [property, schema] of Object.entries(value)) collect(schema, property, hints);
    } else if (key !== "enum" && key !== "const" && key !== "default" && key !== "examples")
      collect(value, name, hints);
  }
}

function note(hint: string, name: string, hints: Open): void {
  if (hint === "sql" || hint.startsWith("sql:")) hints.sql.set(name, dialectOf(hint));
  else if (hint === "shell" || hint === "path" || hint === "url" || hint === "id" || hint === "rows")
    hints[hint].add(name);
}
