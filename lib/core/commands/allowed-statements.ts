import type { SqlStatement } from "./sql-reading";

/** One entry of `allowed_statements`. */
export type AllowedStatement = {
  readonly kind: string;
  /** Tables it may name; null for any. */
  readonly tables: ReadonlySet<string> | null;
  /** Functions it may call beside those that are known to be harmless. */
  readonly functions: ReadonlySet<string>;
};

/** Prepares an entry of `allowed_statements`. */
export function allowStatement(entry: {
  readonly kind: string;
  readonly tables?: readonly string[] | undefined;
  readonly functions?: readonly string[] | undefined;
}): AllowedStatement {
  return {
    kind: entry.kind,
    tables: entry.tables === undefined ? null : new Set(entry.tables.map((table) => table.toLowerCase())),
    functions: new Set(entry.functions?.map((name) => name.toLowerCase())),
  };
}

/** Whether an entry names the kind and the tables of a statement. */
export function namesStatement({ kind, tables }: AllowedStatement, statement: SqlStatement): boolean {
  return kind === statement.kind && (tables === null || statement.tables.every((table) => tables.has(table)));
}

/** Kinds of statements a manifest can name: those that change rows, and reads that call functions. */
export const NAMED_KINDS = ["select", "insert", "update", "delete", "explain", "show"] as const;
