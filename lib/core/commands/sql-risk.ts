const MAX_CHARACTERS = 65_536;

const OBJECTS: ReadonlySet<string> = new Set(
  "TABLE DATABASE SCHEMA INDEX VIEW USER ROLE COLUMN CONSTRAINT FUNCTION PROCEDURE TRIGGER SEQUENCE TYPE EXTENSION TABLESPACE PARTITION MATERIALIZED POLICY OWNED".split(
    " ",
  ),
);

/** Statements that change what cannot be changed back, or run code that is not on the page. */
const FIRST: Readonly<Record<string, string>> = {
  DROP: "drops what is in the database",
  TRUNCATE: "empties a table",
  DELETE: "deletes rows",
  GRANT: "changes who may do what",
  REVOKE: "changes who may do what",
  MERGE: "changes rows in bulk",
  CALL: "runs code inside the database",
  EXEC: "runs code inside the database",
  EXECUTE: "runs code inside the database",
  DO: "runs code inside the database",
  KILL: "ends other people's work",
  SHUTDOWN: "stops the database",
};

/** The first words of a text that is meant for a database. */
const SQL_BEGINS =
  /^\s*(?:\(|--|\/\*|(?:alter|call|copy|create|delete|do|drop|exec|execute|explain|grant|insert|kill|merge|replace|revoke|select|shutdown|truncate|update|use|vacuum|with)\b)/i;

/** Whether a text reads like SQL and not like a command of a shell. */
export const looksLikeSql = (text: string) => SQL_BEGINS.test(text);

/** What makes an SQL text destructive, to follow "the statement"; null when nothing of it does. */
export function sqlDanger(text: string): string | null {
  const statements = statementsOf(text);
  if (statements === null) return "cannot be read to its end";
  for (const words of statements) {
    const danger = statementDanger(words);
    if (danger !== null) return danger;
  }
  return null;
}

function statementDanger(words: readonly string[]): string | null {
  const first = words[0] === "EXPLAIN" ? words.find((word) => Object.hasOwn(FIRST, word)) : words[0];
  if (first !== undefined && Object.hasOwn(FIRST, first)) return FIRST[first] ?? null;
  for (const [index, word] of words.entries()) {
    const next = words[index + 1] ?? "";
    if (word === "DROP" && (OBJECTS.has(next) || words[0] === "ALTER")) return "drops what is in the database";
    if (word === "TRUNCATE" && next === "TABLE") return "empties a table";
    if (word === "DELETE" && next === "FROM") return "deletes rows";
    if (word === "INTO" && (next === "OUTFILE" || next === "DUMPFILE")) return "writes a file on the server";
    if (word === "PROGRAM" && words[0] === "COPY") return "runs a program on the server";
    if (word === "REPLACE" && next === "INTO") return "replaces rows";
    if (word === "XP_CMDSHELL" || word === "LOAD_EXTENSION") return "runs a program on the server";
  }
  return words.includes("UPDATE") && words.includes("SET") && !words.includes("WHERE")
    ? "changes every row of a table"
    : null;
}

/** The words of each statement in capitals, without texts, quoted names and comments; null for an unclosed quote. */
function statementsOf(text: string): readonly (readonly string[])[] | null {
  if (text.length > MAX_CHARACTERS) return null;
  const statements: string[][] = [[]];
  // MySQL runs what stands in `/*! … */`, so only its marks are taken away.
  const plain = text.replaceAll(/\/\*!\d*/g, " ");
  const pieces = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[^]*?(?:\*\/|$)|[A-Za-z_][\w$]*|;|['"`]/g;
  for (const [piece] of plain.matchAll(pieces)) {
    if (piece === ";") statements.push([]);
    else if (piece === "'" || piece === '"' || piece === "`") return null;
    else if (/^[A-Za-z_]/.test(piece)) statements.at(-1)?.push(piece.toUpperCase());
  }
  return statements;
}
