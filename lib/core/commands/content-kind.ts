import { isJsonArray, type Json, type JsonObject } from "@/lib/core/shared/json";

import type { ContentHints } from "./content-hints";
import { insideOf, type Search } from "./content-search";
import {
  contentOf,
  describes,
  foldedName,
  isArgv,
  isNext,
  isOtherShell,
  isPlainArgument,
  isSaidToTools,
  isSqlTool,
  looksUp,
  mayBeAround,
  type NamedContent,
  runsCode,
  saidLanguage,
} from "./content-names";
import { textsInside } from "./inner-text";
import { actsAlone, isBareCommand, isProgram, looksLikeCommand, startsWork } from "./looks-like-command";
import { holdsNoCommand, looksLikeSql } from "./looks-like-sql";
import type { SqlDialect } from "./sql-reading";

/** What of a tool says what its arguments hold. */
export type Telling = { readonly tool: string; readonly hints: ContentHints };

/** `code`: a language that is not read here. */
export type Language = "shell" | "code" | SqlDialect;

/**
 * `inherited`: what the nearest argument around it holds. `said`: what arguments hold whose names say nothing, by the tool
 * or by an argument beside them.
 */
export type Place = {
  readonly path: string;
  readonly inherited: Language | null;
  readonly said: Language | null;
  /** No argument beside it is what runs. */
  readonly isAlone: boolean;
  /** An argument beside it, or its own name, says that its texts are in base64 or hexadecimal digits. */
  readonly isEncoded: boolean;
  /** Inside an argument that may be a statement. */
  readonly isQuery: boolean;
  /** A shell runs it to which other marks mean something than to the ones whose grammar is read. */
  readonly isOther: boolean;
  readonly depth: number;
};

/** Whether an argument of this name belongs to the command beside it. */
export const isExtra = (name: string) => /^(?:words|input|settings)$/.test(contentOf(name));

/** Whether an argument of this name is what runs. */
export const runs = (name: string) => contentOf(name) === "shell" || contentOf(name) === "program";
/** Whether another argument than this one is what runs. */
export const hasOtherCommand = (object: JsonObject, name: string) =>
  Object.keys(object).some((other) => other !== name && runs(other));

/** What plain names hold in this object: nothing beside an argument whose own name says that it is what runs. */
export function saidIn(object: JsonObject, { said, isOther: isOtherAround }: Place, { tool, hints }: Telling): Said {
  let beside: Language | null = null;
  let isOther = isOtherAround;
  let isEncoded = false;
  let isAlone = true;
  for (const name in object) {
    const content = contentOf(name);
    const value = object[name];
    const language = saidLanguage(name, value);
    if (language !== null) {
      isOther ||= language === "shell" && typeof value === "string" && isOtherShell(value);
      const isRun = language !== "code" || runsCode(tool) || /(?:interpreter|runtime|kernel)$/.test(foldedName(name));
      if (isRun) beside = language === "sql" ? hints.dialect : language;
    } else if (content === "encoding")
      isEncoded ||= typeof value === "string" && /^(?:base64(?:url)?|hex)$/i.test(value);
    else if (runs(name) || content === "sql" || (content === "query" && isSqlTool(tool))) isAlone = false;
  }
  return { said: isAlone ? (beside ?? said) : null, isAlone, isOther, isEncoded };
}

type Said = Pick<Place, "said" | "isAlone" | "isOther" | "isEncoded">;

/** What to do with one argument; null for nothing. */
export function kindOf(
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
    if (typeof value !== "string") return "shell";
    if (holdsNoCommand(name, value, startsWork)) return null;
    return isSqlTool(tool) && looksLikeSql(value) ? hints.dialect : "shell";
  }
  if (content === "program") return "program";
  if (content === "code") return runsCode(tool) ? "code" : null;
  if (content === "run") return runKind(value, place);
  if (!place.isAlone && typeof value === "string") {
    const around = aroundKind(name, value);
    if (around !== null) return around;
  }
  if (place.said !== null && (isPlainArgument(name) || (content === "words" && place.said === "shell")))
    return place.said === "shell" && typeof value === "string" && insideOf(value, search) !== null
      ? "inside"
      : place.said;
  // Beside a program the words of a whole command may be another one.
  if (!place.isAlone && isArgv(name) && isJsonArray(value))
    return typeof value[0] === "string" && startsWork(value[0]) ? "shell" : "inside";
  if (typeof value !== "string") return "inside";
  if (place.inherited !== null && (place.isAlone || !isExtra(name))) return place.inherited;
  return isTextToSearch(content, name, { value, place, search }) ? "inside" : null;
}

function runKind(value: Json, { inherited }: Place): "shell" | null {
  return typeof value !== "string" || /\s/.test(value) || inherited === "shell" || startsWork(value) ? "shell" : null;
}

/** What stands beside a command and runs with it. */
function aroundKind(name: string, value: string): "shell" | null {
  if (isNext(name)) return "shell";
  const [first = ""] = value.trim().split(/\s+/, 1);
  return mayBeAround(name) && isProgram(first) ? "shell" : null;
}

type TextAt = { readonly value: string; readonly place: Place; readonly search: Search };

/** Whether a text that nothing is said of holds a command or statement by what it is. */
function isTextToSearch(content: NamedContent, name: string, { value, place, search }: TextAt): boolean {
  const { tool } = search;
  if (place.isEncoded || content === "encoded" || insideOf(value, search) !== null) return true;
  if (content === "prose")
    return isSaidToTools(name) && ((runsCode(tool) && isBareCommand(value)) || (place.isQuery && looksLikeSql(value)));
  if (describes(name) && CALLED.test(value)) return false;
  const isAlone = actsAlone(value) && !describes(name) && !looksUp(tool);
  return isAlone || looksLikeSql(value) || looksLikeCommand(value) || textsInside(value).length > 0;
}

/** `name: "create user guide"`: what a thing is called. */
const CALLED = /^create(?:\s+[a-z-]+){2,}$/i;

/** A programme or a pipe of another kind: no word of it is known as a program, and nothing beside it is for one. */
export function isNoProgram(name: string, value: Json, object: JsonObject): boolean {
  if (typeof value !== "string" || isProgram(value.trim().split(/\s+/, 1)[0] ?? "")) return false;
  const isCalled = contentOf(name) === "program" && /^\p{Lu}[\p{L} ]*$/u.test(value);
  const others = Object.keys(object).filter((other) => other !== name);
  return (isCalled || /^pipes?$/.test(foldedName(name))) && !others.some((other) => runs(other) || isExtra(other));
}

function hintedKind(name: string, hints: ContentHints): Language | null {
  const folded = foldedName(name);
  if (hints.shell.has(folded)) return "shell";
  const dialect = hints.sql.get(folded);
  return dialect === undefined ? null : dialect === "unknown" ? hints.dialect : dialect;
}
