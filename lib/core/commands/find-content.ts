import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { jsonInText } from "@/lib/core/shared/json-text";
import { pointerToken } from "@/lib/core/tools/json-schema";

import type { ContentHints } from "./content-hints";
import { extrasOf, type Extras, NO_EXTRAS, withExtras } from "./command-extras";
import {
  contentOf,
  foldedName,
  isArgv,
  isPlainArgument,
  isShellTool,
  isSqlTool,
  looksLikeSql,
  type NamedContent,
  saidLanguage,
} from "./content-names";
import { destroysAlone, looksDestructive } from "./destructive-programs";
import { readShell } from "./read-shell";
import { type Program, programOf, type ShellReading } from "./shell-reading";
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

export type Content = { readonly commands: readonly FoundCommand[]; readonly statements: readonly FoundStatement[] };

type Search = {
  readonly tool: string;
  readonly hints: ContentHints;
  readonly commands: FoundCommand[];
  readonly statements: FoundStatement[];
};

const MAX_DEPTH = 64;
const NOTHING: Content = Object.freeze({ commands: Object.freeze([]), statements: Object.freeze([]) });

/** What of a call is searched. */
export type Searched = {
  readonly tool: string;
  readonly args: JsonObject;
  readonly effect: { readonly kind: string } | null;
};

/**
 * Finds every command and statement among a call's arguments, at any depth: by the names of arguments, by what the
 * catalogue says of them, and by what the texts are.
 */
export function findContent({ tool, args, effect }: Searched, hints: ContentHints): Content {
  const search: Search = { tool, hints, commands: [], statements: [] };
  const said = isSqlTool(tool) ? hints.dialect : isShellTool(tool) ? "shell" : null;
  searchObject(args, { path: "/args", inherited: null, said, isAlone: true, depth: 0 }, search);
  if (effect?.kind === "command" && "command" in effect && typeof effect.command === "string")
    addText(effect.command, { path: "/effect/command", isGuess: false }, search);
  return search.commands.length === 0 && search.statements.length === 0 ? NOTHING : search;
}

/** The cheap look first: most calls hold a few plain values under names that say nothing of commands. */
export function mayHoldContent({ args, effect }: Searched, hints: ContentHints): boolean {
  if (!hints.isEmpty || effect?.kind === "command") return true;
  for (const name in args) {
    const value = args[name];
    if (typeof value === "number" || typeof value === "boolean" || value === null) continue;
    const content = contentOf(name);
    // One word alone is a command only under a name that says so.
    const isPlain = isUnsaid(content, name, value) && typeof value === "string" && !value.includes(" ");
    if (!isPlain || value.includes("\n") || value.includes("\t")) return true;
    if (value.startsWith("{") || value.startsWith("[")) return true;
  }
  return false;
}

const isUnsaid = (content: NamedContent, name: string, value: Json | undefined) =>
  content === "nothing" || content === "prose" || (content === "language" && saidLanguage(name, value) === null);

type Language = "shell" | SqlDialect;

/**
 * `inherited`: what the nearest argument around it holds. `said`: what arguments hold whose names say nothing, by the tool
 * or by an argument beside them.
 */
type Place = {
  readonly path: string;
  readonly inherited: Language | null;
  readonly said: Language | null;
  /** No argument beside it is what runs. */
  readonly isAlone: boolean;
  readonly depth: number;
};

function searchObject(object: JsonObject, around: Place, search: Search): void {
  if (around.depth > MAX_DEPTH) return;
  const place = { ...around, ...saidIn(object, around, search) };
  let extras: Extras | null = null;
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value === undefined || typeof value === "number" || typeof value === "boolean" || value === null) continue;
    const kind = kindOf(name, value, { place, search });
    if (kind === null) continue;
    const at = `${place.path}/${pointerToken(name)}`;
    if (kind === "shell" || kind === "program") {
      extras ??= extrasOf(object);
      // `shell: "/bin/bash"` beside a command says which shell runs it.
      if (
        foldedName(name) === "shell" &&
        typeof value === "string" &&
        !/\s/.test(value) &&
        hasOtherCommand(object, name)
      )
        continue;
      const isWords = contentOf(name) === "words" || contentOf(name) === "input";
      const own = isWords ? NO_EXTRAS : extras;
      addValue(value, { path: at, isProgram: kind === "program", extras: own, depth: place.depth }, search);
    } else if (kind === "inside") {
      // Words, input and variables belong to what runs beside them, and were read with it.
      const inherited = place.isAlone || !isExtra(name) ? place.inherited : null;
      searchValue(value, { ...place, inherited, path: at, depth: place.depth + 1 }, search);
    } else searchValue(value, { ...place, path: at, inherited: kind, depth: place.depth + 1 }, search);
  }
}

const isExtra = (name: string) => /^(?:words|input|settings)$/.test(contentOf(name));

/** What plain names hold in this object: nothing beside an argument whose own name says that it is what runs. */
function saidIn(object: JsonObject, { said }: Place, { tool, hints }: Search): Pick<Place, "said" | "isAlone"> {
  let beside: Language | null = null;
  for (const name in object) {
    const content = contentOf(name);
    const language = saidLanguage(name, object[name]);
    if (language !== null) beside = language === "sql" ? hints.dialect : language;
    else if (runs(name) || content === "sql" || (content === "query" && isSqlTool(tool)))
      return { said: null, isAlone: false };
  }
  return { said: beside ?? said, isAlone: true };
}

/** What to do with one argument; null for nothing. */
function kindOf(
  name: string,
  value: Json,
  { place, search }: { readonly place: Place; readonly search: Search },
): "program" | "inside" | Language | null {
  const hinted = search.hints.isEmpty ? null : hintedKind(name, search.hints);
  if (hinted !== null) return hinted;
  const { hints, tool } = search;
  const content = contentOf(name);
  if (content === "sql" || (content === "query" && isSqlTool(tool))) return hints.dialect;
  if (content === "shell") {
    if (saidLanguage(name, value) !== null && place.said !== null) return null;
    return isSqlTool(tool) && typeof value === "string" && looksLikeSql(value) ? hints.dialect : "shell";
  }
  if (content === "program") return "program";
  if (content === "run") return typeof value !== "string" || /\s/.test(value) || destroysAlone(value) ? "shell" : null;
  if (place.said !== null && (isPlainArgument(name) || (content === "words" && place.said === "shell")))
    return place.said === "shell" && typeof value === "string" && jsonInText(value) !== null ? "inside" : place.said;
  if (place.isAlone && isArgv(name) && isJsonArray(value)) return "shell";
  if (typeof value !== "string") return "inside";
  if (place.inherited !== null && (place.isAlone || !isExtra(name))) return place.inherited;
  if (jsonInText(value) !== null) return "inside";
  if (content === "prose") return null;
  return looksLikeSql(value) || looksDestructive(value) ? "inside" : null;
}

function hintedKind(name: string, hints: ContentHints): Language | null {
  const folded = foldedName(name);
  if (hints.shell.has(folded)) return "shell";
  const dialect = hints.sql.get(folded);
  return dialect === undefined ? null : dialect === "unknown" ? hints.dialect : dialect;
}

function searchValue(value: Json, place: Place, search: Search): void {
  if (place.depth > MAX_DEPTH) return;
  if (typeof value === "string") {
    const { inherited, path } = place;
    const inside = inherited === null ? jsonInText(value) : null;
    if (inside !== null) searchValue(inside, { ...place, depth: place.depth + 1 }, search);
    else if (inherited === "shell") addText(value, { path, isGuess: false }, search);
    else if (inherited !== null) search.statements.push({ path, text: value, dialect: inherited, isGuess: false });
    else if (looksLikeSql(value))
      search.statements.push({ path, text: value, dialect: search.hints.dialect, isGuess: true });
    else if (looksDestructive(value)) addText(value, { path, isGuess: false }, search);
  } else if (isJsonArray(value)) {
    const texts = value.filter((item) => typeof item === "string");
    // A list of words that destroys as a whole: `["rm", "-rf", "/srv"]` under any name.
    if (
      place.inherited === null &&
      texts.length > 1 &&
      texts.length === value.length &&
      looksDestructive(texts.join(" "))
    )
      search.commands.push({
        path: place.path,
        text: texts.join(" "),
        reading: readingOf(programOf(texts)),
        isGuess: false,
      });
    for (let index = 0; index < value.length; index += 1)
      searchValue(value[index] ?? null, { ...place, path: `${place.path}/${index}`, depth: place.depth + 1 }, search);
  } else if (isJsonObject(value)) searchObject(value, place, search);
}

const runs = (name: string) => contentOf(name) === "shell" || contentOf(name) === "program";
const hasOtherCommand = (object: JsonObject, name: string) =>
  Object.keys(object).some((other) => other !== name && runs(other));

type At = { readonly path: string; readonly isProgram: boolean; readonly extras: Extras; readonly depth: number };

/** A word that is a mark of a shell by itself. */
const isOperator = (word: string) => /^(?:;|&&?|\|\|?|\d?>>?|<)$/.test(word);

/** A text is a command; a list is a program with its arguments, or several commands. */
function addValue(value: Json, { path, isProgram, extras, depth }: At, search: Search): void {
  if (typeof value === "string") {
    const reading = isProgram ? readingOf(programOf([value])) : readShell(value);
    search.commands.push({ path, text: value, reading: withExtras(reading, extras), isGuess: false });
    // A tool may put the words behind the command and have a shell read the line; only where it says so is that certain.
    const words = extras.words.flat().filter((word) => typeof word === "string");
    if (words.some((word) => /[;|&`$()<>\n]/.test(word)))
      addText([value, ...words].join(" "), { path, isGuess: !extras.isForShell && !words.some(isOperator) }, search);
  } else if (isJsonArray(value)) {
    addList(value, { path, isProgram, extras, depth }, search);
  } else if (isJsonObject(value))
    searchObject(value, { path, inherited: "shell", said: null, isAlone: true, depth: depth + 1 }, search);
}

function addList(list: readonly Json[], { path, isProgram, extras, depth }: At, search: Search): void {
  const texts = list.filter((item) => typeof item === "string" || typeof item === "number").map(String);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isPlural = /s$/i.test(name);
  const isLines = /\s/.test(texts[0] ?? "");
  if (texts.length > 0 && texts.length === list.length && !isLines)
    search.commands.push({
      path,
      text: texts.join(" "),
      reading: withExtras(readingOf(programOf(texts)), extras),
      isGuess: false,
    });
  // With marks of a shell among its words it is a line for one.
  if (texts.length === list.length && (extras.isForShell || texts.some(isOperator)))
    addText(texts.join(" "), { path, isGuess: false }, search);
  for (const [index, item] of list.entries()) {
    const at = `${path}/${index}`;
    if (typeof item !== "string") {
      addValue(item, { path: at, isProgram, extras: NO_EXTRAS, depth: depth + 1 }, search);
    } else if (isLines || isPlural || /\s/.test(item))
      addText(item, { path: at, isGuess: !isLines && !isPlural }, search);
  }
}

function addText(
  text: string,
  { path, isGuess }: { readonly path: string; readonly isGuess: boolean },
  search: Search,
): void {
  search.commands.push({ path, text, reading: readShell(text), isGuess });
}

const readingOf = (program: Program): ShellReading => ({ programs: [program], unclear: [], isSimple: true });
