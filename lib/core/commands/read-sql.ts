import { hasOddCharacters } from "@/lib/core/shared/odd-characters";

import { statementsOf } from "./postgres-tree";
import type { SqlDialect, SqlReader, SqlReading } from "./sql-reading";

/** What a grammar says to a text: its tree, or that it does not parse; `broken` when it could not answer. */
export type Parsed =
  | { readonly kind: "tree"; readonly tree: unknown }
  | { readonly kind: "wrong" }
  | { readonly kind: "broken" };

/** The grammar of PostgreSQL. Never throws. */
export type SqlGrammar = (text: string) => Parsed;

/** A longer text is no statement a person could check. */
export const MAX_SQL_BYTES = 8_192;
const MAX_NESTING = 100;
/** Each may nest the tree by one; the grammar answers for twice as many on every machine, so that all of them agree. */
const MAX_TOKENS = 3_000;
const refused = (unclear: string): SqlReading => ({ statements: [], unclear });

/**
 * Makes a reader over the grammar of PostgreSQL. Text that could hold the grammar up is refused before it is asked.
 *
 * Another dialect is judged by the same grammar where every dialect reads the text alike: quotes, comments and names that
 * some read differently are refused. A dialect is a fact of the catalogue and never guessed.
 */
export function sqlReader(grammar: SqlGrammar): SqlReader {
  return (text, dialect) => {
    const fault = faultOf(text);
    if (fault !== null) return refused(fault);
    if (dialect !== "postgres") return readNeutral(text, grammar);
    // With `standard_conforming_strings` off, a backslash would end no literal where it seems to.
    return /(?<![eE])'[^']*\\/.test(text) ? refused("holds a backslash in a text") : readAs(text, grammar);
  };
}

function faultOf(text: string): string | null {
  if (text.length > MAX_SQL_BYTES || new TextEncoder().encode(text).length > MAX_SQL_BYTES)
    return "is too long to be read";
  if (hasOddCharacters(text.replaceAll("\r\n", "\n"))) return "holds characters that are not what they look like";
  if (hasNestedComment(text)) return "holds a comment inside a comment";
  if ((text.match(/[\w$]+|[^\s\w$]/g)?.length ?? 0) > MAX_TOKENS) return "has too many parts to be read";
  let depth = 0;
  for (const character of text) {
    if (character === "(" || character === "[") depth += 1;
    else if (character === ")" || character === "]") depth = Math.max(0, depth - 1);
    if (depth > MAX_NESTING) return "is nested too deeply";
  }
  return null;
}

/** Counted without a look at quotes: what only seems to be one is refused as well. */
function hasNestedComment(text: string): boolean {
  const marks = text.match(/\/\*|\*\//g) ?? [];
  return marks.length % 2 === 1 || marks.some((mark, at) => mark !== (at % 2 === 0 ? "/*" : "*/"));
}

function readAs(text: string, grammar: SqlGrammar): SqlReading {
  const parsed = grammar(text);
  if (parsed.kind === "wrong") return refused("cannot be read");
  if (parsed.kind === "broken") return refused("could not be read");
  try {
    return { statements: statementsOf(parsed.tree), unclear: null };
  } catch {
    return refused("is too large to be read");
  }
}

function readNeutral(text: string, grammar: SqlGrammar): SqlReading {
  const trap = dialectTrap(text);
  if (trap !== null) return refused(trap);
  const reading = readAs(text, grammar);
  if (reading.unclear !== null || !text.includes("$")) return reading;
  // Elsewhere `$` belongs to a name and quotes nothing. One statement that does not parse so is refused as a whole there;
  // of several the first would run.
  const named = readAs(text.replaceAll("$", "_"), grammar);
  if (named.unclear === null) return { statements: [...reading.statements, ...named.statements], unclear: null };
  return text.includes(";") ? refused("reads differently in another dialect") : reading;
}

const AFTER_WORD =
  /\b(?:in|like|ilike|and|or|not|then|else|when|between|date|time|timestamp|interval|as|is|by|select|escape|values|on|where|having|from|set|case|union|limit)''/gi;

/** What a dialect may read differently; null for a text that all read alike. */
function dialectTrap(text: string): string | null {
  const differs = "reads differently in another dialect";
  if (text.includes("\\")) return differs;
  const bare = text
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(AFTER_WORD, " x ")
    .replaceAll(/"[^"]*"/g, '""');
  if (/[#`\\[\]@{}]|\/\*\s*(?:!|M!|\+)|\b[a-z_]\w*'/i.test(bare)) return differs;
  if (/--(?=[^\s-])|--$/m.test(text.replaceAll(/'(?:[^']|'')*'/g, "''"))) return differs;
  return /--[^\n]*['"]|\/\*(?:(?!\*\/)[^])*['"]/.test(text) ? "holds a quote in a comment" : null;
}

/** The dialect a catalogue's hint names: `sql`, `sql:postgres`; unknown where it names none we know. */
export function dialectOf(hint: string): SqlDialect {
  const name = hint.startsWith("sql:") ? hint.slice(4).toLowerCase() : "";
  if (/^postgres(?:ql)?$/.test(name)) return "postgres";
  if (/^(?:mysql|mariadb)$/.test(name)) return "mysql";
  if (name === "sqlite" || name === "mssql" || name === "oracle") return name;
  return "unknown";
}
