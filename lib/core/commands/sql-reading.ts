/** Which dialect a text is in, as the catalogue says; `unknown` where it says nothing. */
export const SQL_DIALECTS = ["postgres", "mysql", "sqlite", "mssql", "oracle", "unknown"] as const;
export type SqlDialect = (typeof SQL_DIALECTS)[number];

/** One statement as its grammar reads it. */
export type SqlStatement = {
  /** `select`, `insert`, `update`, `drop`, … in lower case. */
  readonly kind: string;
  readonly tables: readonly string[];
  /** Functions it calls, `schema.name` where a schema is written. */
  readonly calls: readonly string[];
  /** Types it names, the same way. */
  readonly types: readonly string[];
  /** Which rows a change reaches: null for what changes no rows. `every`: no condition, or one that names no column. */
  readonly rows: "some" | "every" | null;
  /** Parts of the grammar beyond those of a plain query, in words. */
  readonly odd: readonly string[];
  /** Statements inside it that change something, as `WITH x AS (DELETE …)` holds. */
  readonly inner: readonly SqlStatement[];
};

/** A text as a database takes it apart. */
export type SqlReading = {
  readonly statements: readonly SqlStatement[];
  /** Why nothing may be concluded from it; null where it was read to its end. */
  readonly unclear: string | null;
};

/** Reads SQL with a real grammar. Made once for a process, since such a grammar takes time to load. */
export type SqlReader = (text: string, dialect: SqlDialect) => SqlReading;

/** Where no grammar was loaded, nothing is known of any statement. */
export const unreadSql: SqlReader = () => ({ statements: [], unclear: "no reader for SQL is loaded" });
