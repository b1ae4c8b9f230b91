/** Whose names a column holds, in the order in which they are believed. */
export const COLUMNS = [
  "own",
  "otel",
  "deprecated",
  "openinference",
  "openllmetry",
  "vercel",
  "others",
  "claudeCode",
  "events",
] as const;
export type Column = (typeof COLUMNS)[number];
/** The keys of one field, by whose they are. */
export type AliasRow = Partial<Record<Column, readonly string[]>>;
