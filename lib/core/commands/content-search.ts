import { jsonInText } from "@/lib/core/shared/json-text";

import type { ContentHints } from "./content-hints";
import { MAX_CHARACTERS, readShell } from "./read-shell";
import { MAX_SQL_BYTES } from "./read-sql";
import type { ShellReading } from "./shell-reading";
import type { SqlDialect } from "./sql-reading";

/** A command among the arguments, as its grammar reads it. */
export type FoundCommand = {
  readonly path: string;
  readonly text: string;
  readonly reading: ShellReading;
  /** A second reading of a list, which counts only where it destroys. */
  readonly isGuess: boolean;
};

/** A statement among the arguments. */
export type FoundStatement = {
  readonly path: string;
  readonly text: string;
  readonly dialect: SqlDialect;
  /** Nothing but its own words says that it is one. */
  readonly isGuess: boolean;
};

/** `isTooMuch`: there is more than is read for one call, so nothing of it was taken apart. */
export type Content = {
  readonly commands: readonly FoundCommand[];
  readonly statements: readonly FoundStatement[];
  readonly isTooMuch: boolean;
};

/** What a search has found so far. */
export type Search = {
  readonly tool: string;
  readonly hints: ContentHints;
  readonly commands: FoundCommand[];
  readonly statements: FoundStatement[];
  /** By text, what it spells out as JSON. */
  readonly inside: Map<string, NonNullable<ReturnType<typeof jsonInText>>>;
  /** What reading everything found so far costs. */
  cost: number;
};

/** What is read for one call, in characters: about 50 ms, while everybody else's calls wait. */
const MAX_COST = 32_768;
/** What each text costs besides its characters. */
const TEXT_COST = 16;
const TOO_MUCH: ShellReading = Object.freeze({
  programs: Object.freeze([]),
  unclear: Object.freeze(["the call holds too much to be read"]),
  isSimple: false,
});
const NOTHING: Content = Object.freeze({
  commands: Object.freeze([]),
  statements: Object.freeze([]),
  isTooMuch: false,
});

/** All that was found; over the limit none of it is read, not what came last: the order of arguments changes nothing. */
export function contentOfSearch({ commands, statements, cost }: Search): Content {
  if (commands.length === 0 && statements.length === 0) return NOTHING;
  if (cost <= MAX_COST) return { commands, statements, isTooMuch: false };
  return { commands: commands.map((one) => ({ ...one, reading: TOO_MUCH })), statements, isTooMuch: true };
}

/** Reads a command line as long as there is not too much of them. What is too long for the grammar costs nothing. */
export function readLine(text: string, search: Search): ShellReading {
  if (text.length <= MAX_CHARACTERS) search.cost += text.length + TEXT_COST;
  return search.cost > MAX_COST ? TOO_MUCH : readShell(text);
}

/** What a text spells out as JSON. It is asked more than once about each, and parsing a long one takes time. */
export function insideOf(text: string, { inside }: Search): ReturnType<typeof jsonInText> {
  const known = inside.get(text);
  if (known !== undefined) return known;
  const found = jsonInText(text);
  if (found !== null) inside.set(text, found);
  return found;
}

/** Keeps a statement. */
export function addStatement(statement: FoundStatement, search: Search): void {
  if (statement.text.length <= MAX_SQL_BYTES) search.cost += statement.text.length + TEXT_COST;
  search.statements.push(statement);
}
