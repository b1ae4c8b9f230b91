import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";
import { pointerToken } from "@/lib/core/tools/json-schema";

import type { ContentHints } from "./content-hints";
import { carrierOf } from "./carrier";
import { extrasOf, type Extras, NO_EXTRAS, withExtras } from "./command-extras";
import { hasOtherCommand, isExtra, isNoProgram, kindOf, type Place, saidIn } from "./content-kind";
import {
  contentOf,
  foldedName,
  isNamedForOtherShell,
  isNext,
  isShellTool,
  isSqlTool,
  looksUp,
  mayBeAround,
  type NamedContent,
  namesShell,
  saidLanguage,
} from "./content-names";
import { addStatement, type Content, contentOfSearch, insideOf, readLine, type Search } from "./content-search";
import { textsInside } from "./inner-text";
import { actsAlone, isProgram, looksLikeCommand } from "./looks-like-command";
import { looksLikeSql } from "./looks-like-sql";
import { type Program, programOf, type ShellReading } from "./shell-reading";

const MAX_DEPTH = 64;

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
  const search: Search = { tool, hints, commands: [], statements: [], inside: new Map(), cost: 0 };
  const said = isSqlTool(tool) ? hints.dialect : isShellTool(tool) ? "shell" : null;
  const isOther = isNamedForOtherShell(tool);
  searchObject(
    args,
    { path: "/args", inherited: null, said, isAlone: true, isEncoded: false, isQuery: false, isOther, depth: 0 },
    search,
  );
  if (effect?.kind === "command" && "command" in effect && typeof effect.command === "string")
    addText(effect.command, { path: "/effect/command", isGuess: false }, search);
  return contentOfSearch(search);
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
    if (!isPlain || MARKED.test(value) || (value.length < 20 && actsAlone(value))) return true;
  }
  return false;
}

/** Marks by which one word may be more than one, or hold another text. */
const MARKED = /[\n\t;|`$<>]|^["[{(]/;

const isUnsaid = (content: NamedContent, name: string, value: Json | undefined) =>
  content === "nothing" || content === "prose" || (content === "language" && saidLanguage(name, value) === null);

function searchObject(object: JsonObject, around: Place, search: Search): void {
  if (around.depth > MAX_DEPTH) return;
  const said = { ...around, ...saidIn(object, around, search) };
  let extras: Extras | null = null;
  // The words of a command whose program stands under a name that says nothing, or under none.
  const carried = said.isAlone ? carrierOf(object, search.tool) : null;
  if (carried !== null) {
    const path = `${said.path}/${pointerToken(carried.at)}`;
    const { program } = carried;
    const own = program === null ? NO_EXTRAS : extrasOf(object);
    const { isOther, depth } = said;
    addValue(
      program ?? object[carried.at] ?? null,
      { path, isProgram: program !== null, extras: own, isOther, depth },
      search,
    );
  }
  const place = carried === null ? said : { ...said, isAlone: false };
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value === undefined || typeof value === "number" || typeof value === "boolean" || value === null) continue;
    const kind = kindOf(name, value, { place, search });
    if (kind === null) continue;
    const at = `${place.path}/${pointerToken(name)}`;
    if (kind === "shell" || kind === "program") {
      extras ??= extrasOf(object);
      if (isNoProgram(name, value, object)) continue;
      // `shell: "/bin/bash"` beside a command says which shell runs it.
      if (
        foldedName(name) === "shell" &&
        typeof value === "string" &&
        namesShell(value) &&
        hasOtherCommand(object, name)
      )
        continue;
      const isWords = contentOf(name) === "words" || contentOf(name) === "input";
      const own = isWords || isNext(name) || mayBeAround(name) ? NO_EXTRAS : extras;
      const { isOther, depth } = place;
      addValue(
        value,
        { path: at, isProgram: kind === "program", extras: own, isOther: isOther || isNamedForOtherShell(name), depth },
        search,
      );
    } else if (kind === "inside") {
      // Words, input and variables belong to what runs beside them, and were read with it.
      const inherited = place.isAlone || !isExtra(name) ? place.inherited : null;
      const isQuery = place.isQuery || contentOf(name) === "query";
      const isEncoded = place.isEncoded || contentOf(name) === "encoded";
      searchValue(value, { ...place, inherited, isQuery, isEncoded, path: at, depth: place.depth + 1 }, search);
    } else searchValue(value, { ...place, path: at, inherited: kind, depth: place.depth + 1 }, search);
  }
}

function searchValue(value: Json, place: Place, search: Search): void {
  if (place.depth > MAX_DEPTH) return;
  if (typeof value === "string") searchText(value, place, search);
  else if (isJsonArray(value)) {
    const texts = value.filter((item) => typeof item === "string");
    // A list of words that destroys as a whole: `["rm", "-rf", "/srv"]` under any name.
    if (
      place.inherited === null &&
      texts.length > 0 &&
      texts.length === value.length &&
      isProgram(texts[0] ?? "") &&
      (looksLikeCommand(texts.join(" ")) || (actsAlone(texts.join(" ")) && !looksUp(search.tool)))
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

function searchText(value: string, place: Place, search: Search): void {
  const { inherited, path } = place;
  const inside = inherited === null ? insideOf(value, search) : null;
  const texts = inherited === null ? textsInside(value, place.isEncoded) : [];
  const next = { ...place, isEncoded: false, depth: place.depth + 1 };
  for (const { text, language } of texts) {
    if (language === "sql") addStatement({ path, text, dialect: search.hints.dialect, isGuess: false }, search);
    else searchValue(text, { ...next, inherited: language }, search);
  }
  if (inside !== null) searchValue(inside, next, search);
  else if (inherited === "shell" || inherited === "code") {
    const reading = inherited === "code" ? UNREAD_CODE : readLine(value, search);
    addReading(reading, { path, text: value, extras: NO_EXTRAS, isOther: place.isOther }, search);
  } else if (inherited !== null) addStatement({ path, text: value, dialect: inherited, isGuess: false }, search);
  else if (looksLikeSql(value))
    addStatement({ path, text: value, dialect: search.hints.dialect, isGuess: true }, search);
  else if (texts.length === 0 && (looksLikeCommand(value) || (actsAlone(value) && !looksUp(search.tool))))
    addText(value, { path, isGuess: false }, search);
}

const UNREAD_CODE: ShellReading = {
  programs: [],
  unclear: ["it is in a language that is not read here"],
  isSimple: false,
};

type Reading = { readonly path: string; readonly text: string; readonly extras: Extras; readonly isOther: boolean };

/** To other shells than those of the grammar some marks mean something else: only plain words are the same to all. */
const PLAIN_TO_ALL = /^[\w\s.:\\,=+-]*$/;

function addReading(reading: ShellReading, { path, text, extras, isOther }: Reading, search: Search): void {
  const whole = withExtras(reading, extras);
  const unclear =
    isOther && !PLAIN_TO_ALL.test(text) ? [...whole.unclear, "another shell reads it differently"] : whole.unclear;
  search.commands.push({ path, text, reading: { ...whole, unclear }, isGuess: false });
}

type At = {
  readonly path: string;
  readonly isProgram: boolean;
  readonly extras: Extras;
  readonly isOther: boolean;
  readonly depth: number;
};

/** A word that is a mark of a shell by itself. */
const isOperator = (word: string) => /^(?:;|&&?|\|\|?|\d?>>?|<)$/.test(word);

/** A text is a command; a list is a program with its arguments, or several commands. */
function addValue(value: Json, { path, isProgram, extras, isOther, depth }: At, search: Search): void {
  if (typeof value === "string") {
    const reading = isProgram ? readingOf(programOf([value])) : readLine(value, search);
    addReading(reading, { path, text: value, extras, isOther }, search);
    // A tool may put the words behind the command and have a shell read the line; only where it says so is that certain.
    const words = extras.words.flat().filter((word) => typeof word === "string");
    if (words.some((word) => /[;|&`$()<>\n]/.test(word)))
      addText([value, ...words].join(" "), { path, isGuess: !extras.isForShell && !words.some(isOperator) }, search);
  } else if (isJsonArray(value)) {
    addList(value, { path, isProgram, extras, isOther, depth }, search);
  } else if (isJsonObject(value)) {
    const inside = { inherited: "shell" as const, said: null, isAlone: true, isEncoded: false, isQuery: false };
    searchObject(value, { ...inside, path, isOther, depth: depth + 1 }, search);
  }
}

function addList(list: readonly Json[], { path, isProgram, extras, isOther, depth }: At, search: Search): void {
  const texts = list.filter((item) => typeof item === "string" || typeof item === "number").map(String);
  const name = path.slice(path.lastIndexOf("/") + 1);
  // A script is a list of lines, unless it is plain that its items are the words of one.
  const isPlural = /s$/i.test(name) || (/script$/i.test(name) && !texts.some((text) => text.startsWith("-")));
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
      addValue(item, { path: at, isProgram, extras: NO_EXTRAS, isOther, depth: depth + 1 }, search);
    } else if (isLines || isPlural || /\s/.test(item))
      addText(item, { path: at, isGuess: !isLines && !isPlural }, search);
  }
}

function addText(
  text: string,
  { path, isGuess }: { readonly path: string; readonly isGuess: boolean },
  search: Search,
): void {
  search.commands.push({ path, text, reading: readLine(text, search), isGuess });
}

const readingOf = (program: Program): ShellReading => ({ programs: [program], unclear: [], isSimple: true });
