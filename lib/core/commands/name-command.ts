import { isFileInside, segmentsOf } from "@/lib/core/shared/file-path";
import { skeletonOf } from "@/lib/core/shared/skeleton";
import { strongest, type Truth } from "@/lib/core/shared/truth";

import { nameOf, startsNothing } from "./destructive-programs";
import { harmlessProgram } from "./harmless-programs";
import type { Judged } from "./judgement";
import { commandAmong } from "./judge-words";
import type { ReadCommand } from "./read-call";
import { readShell } from "./read-shell";
import type { Program, Word } from "./shell-reading";

/** The words of a command as a rule writes it. */
export function wordsOf(text: string): readonly string[] {
  const [program] = readShell(text).programs;
  const words = program === undefined ? [] : [program.name, ...program.words].map((word) => word?.text ?? "");
  return words.length > 0 ? words : text.trim().split(/\s+/);
}

/**
 * Whether a command runs the one a rule names, whatever its path, its options or what starts it: `git push` is also
 * `git -C /x push`. Unknown where it cannot be read to its end or runs a program that may start others.
 */
export function namesCommand({ reading, programs, isGuess }: ReadCommand, named: readonly string[]): Truth {
  const found = strongest(programs.map((program) => namedBy(program, named)));
  if (found === "true" || reading.unclear.length === 0) return found;
  return isGuess ? found : "unknown";
}

function namedBy({ part, harm, inner }: Judged<Program>, named: readonly string[]): Truth {
  if (part.name === null) return part.settings.length > 0 && harm === "unknown" ? "unknown" : "false";
  if (!part.name.isKnown) return "unknown";
  // A file that is read by a redirection is read all the same.
  const files = part.redirects.filter(({ kind }) => kind === "read").map(({ word }) => word);
  const own = matches(part.name, [...part.words, ...files], named);
  if (own === "true") return own;
  const inside = strongest(inner.map((one) => namedBy(one, named)));
  const mayStart = harm === "unknown" || (harm === "destructive" && !startsNothing(part.name.text));
  return strongest([own, inside, mayStart ? "unknown" : "false"]);
}

function matches(name: Word, words: readonly Word[], [program = "", ...rest]: readonly string[]): Truth {
  if (skeletonOf(nameOf(name.text)) !== skeletonOf(nameOf(program))) return "false";
  const table = harmlessProgram(nameOf(name.text));
  const [command = ""] = rest;
  if (table?.kind !== "commands" || command === "" || command.startsWith("-")) return follow(words, rest);
  // Its command comes after its own options: what only stands among a command's words is not the command.
  const found = commandAmong(words, table);
  if ("unclear" in found) return "unknown";
  if (skeletonOf(found.name ?? "") !== skeletonOf(command)) return "false";
  return follow(found.rest, rest.slice(1));
}

/** Whether the words wanted follow each other among those given, with any others between them. */
function follow(words: readonly Word[], wanted: readonly string[]): Truth {
  let at = 0;
  let mayBe = 0;
  for (const word of words) {
    const next = wanted[at];
    if (next === undefined) break;
    if (isAlike(word, next)) at += 1;
    else if (!word.isKnown && mayBecome(word, next)) mayBe += 1;
  }
  if (at === wanted.length) return "true";
  return mayBe > 0 ? "unknown" : "false";
}

function isAlike({ isKnown, text }: Word, wanted: string): boolean {
  if (!isKnown) return false;
  if (skeletonOf(text) === skeletonOf(wanted)) return true;
  const [given, named] = [segmentsOf(text), segmentsOf(wanted)];
  if (given === null || named === null || named.segments.length === 0) return false;
  const ending = named.isAbsolute ? given.segments : given.segments.slice(-named.segments.length);
  return (
    ending.length === named.segments.length &&
    ending.every((one, index) => skeletonOf(one) === skeletonOf(named.segments[index] ?? ""))
  );
}

/** A word without marks of a path can only become what begins as it does. */
const mayBecome = ({ head }: Word, wanted: string) =>
  /[./\\]/.test(wanted) || skeletonOf(wanted).startsWith(skeletonOf(head));

/**
 * Whether a text is one command that begins with these words: no chain, redirection or variable belongs to it. Certainly
 * not, only where nothing in it could be that command.
 */
export function beginsCommand(command: ReadCommand, prefix: string): Truth {
  const wanted = wordsOf(prefix);
  if (isOneCommand(command) && command.programs.every(({ part }) => begins(part, wanted))) return "true";
  return namesCommand(command, wanted) === "false" ? "false" : "unknown";
}

/**
 * Whether a command is the one that a rule writes out, spelled in any way. Never certainly: what only looks like it is
 * another text.
 */
export function isSpelledLike({ text, programs }: ReadCommand, wanted: string): boolean {
  const named = wordsOf(wanted);
  const own = readShell(text).programs.map(({ name, words }) => [name, ...words]);
  const whole = programs.map(({ part }) => [part.name, ...part.words]);
  return [...own, ...whole].some((words) => isLine(words, named));
}

function isLine(words: readonly (Word | null)[], named: readonly string[]): boolean {
  if (words.some((word) => word?.splits !== "never")) return words[0] !== null && mayBeLine(words[0], named);
  return words.length === named.length && named.every((wanted, at) => mayBeWord(words[at], wanted, at));
}

const mayBeLine = (name: Word | undefined, [program = ""]: readonly string[]) => mayBeWord(name, program, 0);

function mayBeWord(word: Word | null | undefined, wanted: string, at: number): boolean {
  if (word === null || word === undefined) return false;
  if (!word.isKnown) return mayBecome(word, wanted);
  return isAlike(word, wanted) || (at === 0 && skeletonOf(nameOf(word.text)) === skeletonOf(nameOf(wanted)));
}

function isOneCommand({ reading, programs }: ReadCommand): boolean {
  return (
    reading.isSimple &&
    reading.unclear.length === 0 &&
    programs.every(({ part }) => part.settings.length === 0 && part.redirects.length === 0)
  );
}

function begins({ name, words }: Program, wanted: readonly string[]): boolean {
  const given = [name, ...words];
  return wanted.every((text, at) => {
    const word = given[at];
    if (word?.isKnown !== true) return false;
    return word.text === text || (at === wanted.length - 1 && text.endsWith("/") && isFileInside(word.text, text));
  });
}
