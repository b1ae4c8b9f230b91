import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { pointerToken } from "@/lib/core/tools/json-schema";

import type { ContentHints } from "./content-hints";
import { contentOf, foldedName, isSqlTool, looksLikeSql } from "./content-names";
import { destroysAlone, looksDestructive } from "./destructive-programs";
import { readShell } from "./read-shell";
import { knownWord, type Program, programOf, type Setting, type ShellReading } from "./shell-reading";
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
export type FoundStatement = { readonly path: string; readonly text: string; readonly dialect: SqlDialect };

export type Content = { readonly commands: readonly FoundCommand[]; readonly statements: readonly FoundStatement[] };

type Search = {
  readonly tool: string;
  readonly hints: ContentHints;
  readonly commands: FoundCommand[];
  readonly statements: FoundStatement[];
};

const MAX_DEPTH = 64;
const NOTHING: Content = Object.freeze({ commands: Object.freeze([]), statements: Object.freeze([]) });

/**
 * Finds every command and statement among a call's arguments, at any depth: by the names of arguments, by what the
 * catalogue says of them, and by what the texts are.
 */
export function findContent(
  {
    tool,
    args,
    effect,
  }: { readonly tool: string; readonly args: JsonObject; readonly effect: { readonly kind: string } | null },
  hints: ContentHints,
): Content {
  if (!mayHold(args, effect, hints)) return NOTHING;
  const search: Search = { tool, hints, commands: [], statements: [] };
  searchObject(args, { path: "/args", inherited: null, depth: 0 }, search);
  if (effect?.kind === "command" && "command" in effect && typeof effect.command === "string")
    addText(effect.command, { path: "/effect/command", isGuess: false }, search);
  return search.commands.length === 0 && search.statements.length === 0 ? NOTHING : search;
}

/** The cheap look first: most calls hold a few plain values under names that say nothing of commands. */
function mayHold(args: JsonObject, effect: { readonly kind: string } | null, hints: ContentHints): boolean {
  if (!hints.isEmpty || effect?.kind === "command") return true;
  for (const name in args) {
    const value = args[name];
    if (typeof value === "number" || typeof value === "boolean" || value === null) continue;
    const content = contentOf(name);
    // One word alone is a command only under a name that says so.
    const isPlain = (content === "nothing" || content === "prose") && typeof value === "string" && !value.includes(" ");
    if (!isPlain || value.includes("\n") || value.includes("\t")) return true;
  }
  return false;
}

/** `inherited`: what the nearest argument around it holds. */
type Place = { readonly path: string; readonly inherited: "shell" | SqlDialect | null; readonly depth: number };

function searchObject(object: JsonObject, place: Place, search: Search): void {
  if (place.depth > MAX_DEPTH) return;
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
      addValue(value, { path: at, isProgram: kind === "program", extras, depth: place.depth }, search);
    } else if (kind === "inside")
      searchValue(value, { path: at, inherited: place.inherited, depth: place.depth + 1 }, search);
    else searchValue(value, { path: at, inherited: kind, depth: place.depth + 1 }, search);
  }
}

/** What to do with one argument; null for nothing. */
function kindOf(
  name: string,
  value: Json,
  { place, search }: { readonly place: Place; readonly search: Search },
): "shell" | "program" | "inside" | SqlDialect | null {
  const { hints } = search;
  if (!hints.isEmpty) {
    const folded = foldedName(name);
    if (hints.shell.has(folded)) return "shell";
    const dialect = hints.sql.get(folded);
    if (dialect !== undefined) return dialect === "unknown" ? hints.dialect : dialect;
  }
  const content = contentOf(name);
  if (content === "sql" || (content === "query" && isSqlTool(search.tool))) return hints.dialect;
  if (content === "shell")
    return isSqlTool(search.tool) && typeof value === "string" && looksLikeSql(value) ? hints.dialect : "shell";
  if (content === "program") return "program";
  if (content === "run") return typeof value !== "string" || /\s/.test(value) || destroysAlone(value) ? "shell" : null;
  if (typeof value === "string") {
    if (place.inherited !== null) return place.inherited;
    if (content === "prose") return null;
    if (looksLikeSql(value)) return hints.dialect;
    return looksDestructive(value) ? "shell" : null;
  }
  return "inside";
}

function searchValue(value: Json, place: Place, search: Search): void {
  if (place.depth > MAX_DEPTH) return;
  if (typeof value === "string") {
    const { inherited, path } = place;
    if (inherited === "shell") addText(value, { path, isGuess: false }, search);
    else if (inherited !== null) search.statements.push({ path, text: value, dialect: inherited });
    else if (looksLikeSql(value)) search.statements.push({ path, text: value, dialect: search.hints.dialect });
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

/** What stands beside a command and belongs to it. */
type Extras = {
  readonly words: Json | undefined;
  readonly input: Json | undefined;
  readonly settings: readonly Setting[];
};

function extrasOf(object: JsonObject): Extras {
  let words: Json | undefined;
  let input: Json | undefined;
  const settings: Setting[] = [];
  for (const [name, value] of Object.entries(object)) {
    const content = contentOf(name);
    if (content === "words") words = value;
    else if (content === "input") input = value;
    else if (content === "settings") settings.push(...settingsOf(value));
  }
  return { words, input, settings };
}

function settingsOf(value: Json): readonly Setting[] {
  if (isJsonObject(value)) return Object.entries(value).map(([name, one]) => ({ name, value: knownWord(String(one)) }));
  if (!isJsonArray(value)) return [];
  return value.flatMap((one) => {
    const [, name = "", text = ""] = typeof one === "string" ? (/^([^=]*)=([^]*)$/.exec(one) ?? []) : [];
    return name === "" ? [] : [{ name, value: knownWord(text) }];
  });
}

const hasOtherCommand = (object: JsonObject, name: string) =>
  Object.keys(object).some((other) => other !== name && contentOf(other) === "shell");

type At = { readonly path: string; readonly isProgram: boolean; readonly extras: Extras; readonly depth: number };

/** A text is a command; a list is a program with its arguments, or several commands. */
function addValue(value: Json, { path, isProgram, extras, depth }: At, search: Search): void {
  if (typeof value === "string") {
    const reading = isProgram ? readingOf(programOf([value])) : readShell(value);
    search.commands.push({ path, text: value, reading: withExtras(reading, extras), isGuess: false });
  } else if (isJsonArray(value)) {
    addList(value, { path, isProgram, extras, depth }, search);
  } else if (isJsonObject(value)) searchObject(value, { path, inherited: "shell", depth: depth + 1 }, search);
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
  for (const [index, item] of list.entries()) {
    const at = `${path}/${index}`;
    if (typeof item !== "string") {
      addValue(item, { path: at, isProgram, extras: NO_EXTRAS, depth: depth + 1 }, search);
    } else if (isLines || isPlural || /\s/.test(item))
      addText(item, { path: at, isGuess: !isLines && !isPlural }, search);
  }
}

const NO_EXTRAS: Extras = { words: undefined, input: undefined, settings: [] };

function addText(
  text: string,
  { path, isGuess }: { readonly path: string; readonly isGuess: boolean },
  search: Search,
): void {
  search.commands.push({ path, text, reading: readShell(text), isGuess });
}

const readingOf = (program: Program): ShellReading => ({ programs: [program], unclear: [], isSimple: true });

/** A command together with the argument list, the input and the variables beside it. */
function withExtras(reading: ShellReading, { words, input, settings }: Extras): ShellReading {
  let whole = reading;
  if (words !== undefined) whole = withWords(reading, words);
  if (input === undefined && settings.length === 0) return whole;
  const programs = whole.programs.map((program) => ({
    ...program,
    settings: [...settings, ...program.settings],
    input:
      program.input ??
      (input === undefined ? null : { from: "text" as const, word: knownWord(typeof input === "string" ? input : "") }),
  }));
  return { ...whole, programs };
}

function withWords(reading: ShellReading, words: Json): ShellReading {
  if (isJsonArray(words) && words.length === 0) return reading;
  if (isJsonObject(words) || typeof words === "boolean" || words === null) return reading;
  const [program] = reading.programs;
  const joined = (unclear: string): ShellReading => ({
    ...reading,
    unclear: [...reading.unclear, unclear],
    isSimple: false,
  });
  if (!reading.isSimple || program === undefined || reading.programs.length > 1 || program.name === null)
    return joined("its list of arguments belongs to no single program");
  if (!isJsonArray(words)) {
    // A text of words: to the program, or to a shell that reads it.
    const more = readShell(`x ${String(words)}`);
    const [first] = more.programs;
    if (!more.isSimple || first === undefined)
      return { ...joined("its arguments hold another command"), programs: [program, ...more.programs] };
    return { ...reading, programs: [{ ...program, words: [...program.words, ...first.words] }] };
  }
  const texts = words.filter(
    (word) => typeof word === "string" || typeof word === "number" || typeof word === "boolean",
  );
  if (texts.length < words.length) return joined("its list of arguments is not a list of words");
  return {
    ...reading,
    programs: [{ ...program, words: [...program.words, ...texts.map((word) => knownWord(String(word)))] }],
  };
}
