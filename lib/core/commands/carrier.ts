import { isJsonArray, type Json, type JsonObject } from "@/lib/core/shared/json";

import { contentOf, foldedName, runsCode, wordsOfName } from "./content-names";
import { isSpoken, knowsProgram } from "./destructive-programs";
import { harmlessProgram } from "./harmless-programs";
import { isProgram } from "./looks-like-command";

/** The program of words that stand alone and which argument holds it; null where it is the first of the words. */
export type Carrier = { readonly program: string | null; readonly at: string };

/** Arguments that name a program when words for one stand beside them. */
const PROGRAM = /^(?:process|app|application|util(?:ity)?|image|(?:exec|run|spawn)(?:file|path)?)(?:name|path)?$/;
/** And those that only do when what they hold is known as one. */
const MAY_BE_PROGRAM = /^(?:file|filename|filepath|path|name|target|tool|which|what)$/;
const LISTS = /^(?:argv|(?:command|cmd|program|extra|additional|cli|script)?(?:args?|arguments?|argument?list))$/;

/**
 * Whose words these are, where no argument says that it is a command: those of the argument beside them that names a
 * program, of the program that the tool is named for, or of the first among them.
 */
export function carrierOf(object: JsonObject, tool: string): Carrier | null {
  const list = Object.keys(object).find((name) => isList(name, object[name]));
  if (list === undefined) return null;
  for (const [name, value] of Object.entries(object)) {
    if (name === list || typeof value !== "string" || !/^\S+$/.test(value)) continue;
    const folded = foldedName(name);
    if (PROGRAM.test(folded) || (MAY_BE_PROGRAM.test(folded) && isProgram(value))) return { program: value, at: name };
  }
  const own = programOfTool(tool);
  if (own !== null) return { program: own, at: list };
  const value = object[list];
  if (!isJsonArray(value) || !isWholeLine(foldedName(list), value, runsCode(tool))) return null;
  return { program: null, at: list };
}

function isList(name: string, value: Json | undefined): boolean {
  if (contentOf(name) !== "words" && !LISTS.test(foldedName(name))) return false;
  if (typeof value === "string") return value.trim() !== "";
  return (
    isJsonArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === "string" || typeof item === "number")
  );
}

/** The program a tool is named for: `git`, `kubectl_run`. */
function programOfTool(tool: string): string | null {
  const named = wordsOfName(tool).find((word) => {
    const kind = harmlessProgram(word)?.kind;
    return (
      word === "git" ||
      kind === "commands" ||
      kind === "aws" ||
      kind === "verb" ||
      kind === "psql" ||
      (knowsProgram(word) && !isSpoken(word))
    );
  });
  return named ?? null;
}

/** A list that begins as a command does: a known program, or to a tool that runs things a plain word before others. */
function isWholeLine(name: string, [first, ...rest]: readonly Json[], isRunner: boolean): boolean {
  if (typeof first !== "string") return false;
  if (isProgram(first) && (rest.length > 0 || LISTS.test(name))) return true;
  return isRunner && LISTS.test(name) && rest.length > 0 && /^[a-z][a-z\d_.+-]*$/.test(first);
}
