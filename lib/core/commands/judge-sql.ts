import { namesStatement } from "./allowed-statements";
import { DESTRUCTIVE_KINDS, HARMLESS_FUNCTIONS, HARMLESS_TYPES, READING_KINDS, SECRET_TABLES } from "./harmless-sql";
import { eachNames, type Terms } from "./judgement";
import type { SqlReading, SqlStatement } from "./sql-reading";

/** What is known of one statement; `why` follows "the statement". */
export type JudgedStatement = {
  readonly part: SqlStatement | null;
  readonly harm: "harmless" | "named" | "destructive" | "unknown";
  readonly why: string;
};

/** Judges every statement of a text. "Harmless" means: as far as the text shows. */
export function judgeStatements(
  { statements, unclear }: SqlReading,
  { statements: allowed }: Pick<Terms, "statements">,
): readonly JudgedStatement[] {
  const judged = statements.map((statement) => judgeStatement(statement, allowed));
  if (unclear !== null) return [...judged, { part: null, harm: "unknown", why: unclear }];
  return judged.length > 0 ? judged : [{ part: null, harm: "unknown", why: "is empty" }];
}

function judgeStatement(statement: SqlStatement, allowed: Terms["statements"]): JudgedStatement {
  const destroys = destructionOf(statement);
  if (destroys !== null) return { part: statement, harm: "destructive", why: destroys };
  const objection = READING_KINDS.has(statement.kind) ? objectionTo(statement) : changeOf(statement.kind);
  if (objection === null) return { part: statement, harm: "harmless", why: "" };
  const isNamed = eachNames(
    allowed,
    (one) => namesStatement(one, statement) && objectionTo(statement, one.functions) === null,
  );
  return { part: statement, harm: isNamed ? "named" : "unknown", why: objection };
}

const CHANGES_ROWS: ReadonlySet<string> = new Set(["insert", "update", "delete", "merge"]);

const changeOf = (kind: string) =>
  CHANGES_ROWS.has(kind) ? `changes rows (${kind})` : `is a statement of the kind \`${kind}\``;

/** Why a statement's parts are not known to be harmless; null when they are. */
function objectionTo(
  { calls, types, tables, odd, inner }: SqlStatement,
  functions: ReadonlySet<string> = new Set(),
): string | null {
  if (odd[0] !== undefined) return odd[0];
  const call = calls.find((name) => !HARMLESS_FUNCTIONS.has(plain(name)) && !functions.has(name));
  if (call !== undefined) return `calls \`${call}\``;
  const type = types.find((name) => !HARMLESS_TYPES.has(plain(name)));
  if (type !== undefined) return `casts to \`${type}\``;
  const secret = tables.find((name) => SECRET_TABLES.has(name.split(".").at(-1) ?? name));
  if (secret !== undefined) return `reads \`${secret}\``;
  return inner.length > 0 ? "changes something inside a query" : null;
}

/** A function or type of the system, whether or not its schema is written. */
const plain = (name: string) => (name.startsWith("pg_catalog.") ? name.slice("pg_catalog.".length) : name);

function destructionOf({ kind, rows, inner }: SqlStatement): string | null {
  const known = Object.hasOwn(DESTRUCTIVE_KINDS, kind) ? DESTRUCTIVE_KINDS[kind] : undefined;
  if (known !== undefined) return known;
  if (rows === "every") return kind === "delete" ? "deletes every row of a table" : "changes every row of a table";
  for (const statement of inner) {
    const inside = destructionOf(statement);
    if (inside !== null) return inside;
  }
  return null;
}
