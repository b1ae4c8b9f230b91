import { readShell, type SimpleCommand } from "@/lib/core/decisions/shell-words";
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
 * Whether any command in a text begins with the words of `denied`, whatever its path, quotes or what starts it; a text
 * that cannot be read might.
 */
export function namesCommand(text: string, denied: string): boolean {
  const reading = readShell(text);
  if (!reading.isClear) return true;
  const wanted = readShell(denied).commands[0]?.words.map((word) => skeletonOf(word.text)) ?? [];
  if (wanted.length === 0) return false;
  return reading.commands.some((command) => holds(command, wanted));
}

/** Anywhere among the words, since another program may start it; the program's folder is no part of its name. */
function holds({ words }: SimpleCommand, wanted: readonly string[]): boolean {
  const given = words.map(({ text, isLiteral }) => (isLiteral ? skeletonOf(text.split("/").at(-1) ?? text) : null));
  if (given[0] === null) return true;
  return given.some((_, from) => wanted.every((word, index) => given[from + index] === word));
}
