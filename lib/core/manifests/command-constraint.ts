import { hidesCommand, startsCommands } from "@/lib/core/commands/command-risk";
import { readShell, type ShellReading, type SimpleCommand } from "@/lib/core/commands/shell-words";
import { skeletonOf } from "@/lib/core/shared/names";

/**
 * Whether a text is one command that begins with these words: no chain, pipe, redirection or substitution follows, and
 * the last word of the prefix is a whole word. `git status` begins neither `git status; rm -rf /` nor `git statuses`.
 */
export function beginsCommand(text: string, prefix: string): boolean {
  if (!text.startsWith(prefix) || !readShell(text).isPlain) return false;
  const next = text[prefix.length];
  return next === undefined || /\s/.test(next) || !/[\w-]$/.test(prefix);
}

/**
 * Whether any command in a text begins with the words of `denied`, whatever its path, quotes or what starts it. A text
 * that cannot be read might, and so might one that runs what another command writes or what is not on the page.
 */
export function namesCommand(text: string, denied: string): boolean {
  return runs(readShell(text), wordsOf(denied), 0);
}

/** The same for a program with its arguments, as a list that no shell takes apart. */
export function namesCommandIn(words: readonly string[], denied: string): boolean {
  const command = { words: words.map((text) => ({ text, isLiteral: true })), readsPipe: false, writes: [] };
  return runs({ commands: [command], isPlain: true, isClear: true }, wordsOf(denied), 0);
}

const wordsOf = (denied: string) => readShell(denied).commands[0]?.words.map((word) => skeletonOf(word.text)) ?? [];

const MAX_DEPTH = 6;

function runs(reading: ShellReading, wanted: readonly string[], depth: number): boolean {
  if (depth > MAX_DEPTH || hidesCommand(reading)) return true;
  if (wanted.length === 0) return false;
  return reading.commands.some(
    (command) => holds(command, wanted) || textsOf(command).some((text) => runs(readShell(text), wanted, depth + 1)),
  );
}

/** Anywhere among the words, since another program may start it; the program's folder is no part of its name. */
function holds({ words }: SimpleCommand, wanted: readonly string[]): boolean {
  const given = words.map(({ text, isLiteral }) => (isLiteral ? skeletonOf(text.split("/").at(-1) ?? text) : null));
  if (given[0] === null) return true;
  return given.some((_, from) => wanted.every((word, index) => given[from + index] === word));
}

/** Words that are commands of their own to the program they are given to: `sh -c "…"`, `alias name=…`. */
function textsOf({ words }: SimpleCommand): readonly string[] {
  if (!words.some(({ text }) => startsCommands(text))) return [];
  return words.flatMap(({ text }) => {
    const value = text.includes("=") ? [text.slice(text.indexOf("=") + 1)] : [];
    return /\s/.test(text) ? [text, ...value] : value;
  });
}
