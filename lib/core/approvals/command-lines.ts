import { contentHints } from "@/lib/core/commands/content-hints";
import { looksLikeSql } from "@/lib/core/commands/looks-like-sql";
import type { FoundCommand } from "@/lib/core/commands/content-search";
import { findContent } from "@/lib/core/commands/find-content";
import { judgeCommand } from "@/lib/core/commands/judge-command";
import type { Judged, Terms } from "@/lib/core/commands/judgement";
import { readShell } from "@/lib/core/commands/read-shell";
import type { Program, ShellReading, Word } from "@/lib/core/commands/shell-reading";
import { unreadSql } from "@/lib/core/commands/sql-reading";
import type { JsonObject } from "@/lib/core/shared/json";

import type { CommandLine } from "./part";

const MOST_LINES = 200;

/** Judged by the table alone: what a manifest names is a reason to allow a command, not a reason to look at it less. */
const TERMS: Terms = { commands: [], statements: [], readSql: unreadSql };

/** Each program a command runs on a line of its own, marked with what is known of it. */
export function commandLines(command: string): readonly CommandLine[] {
  return looksLikeSql(command) ? [] : linesOf(readShell(command));
}

/** The same for a command among the arguments, joined with its list of arguments and its input. */
export function commandsAmong(
  args: JsonObject,
): readonly { readonly text: string; readonly lines: readonly CommandLine[] }[] {
  const { commands } = findContent({ tool: "", args, effect: null }, contentHints({}));
  return commands
    .filter(({ isGuess }: FoundCommand) => !isGuess)
    .map(({ text, reading }) => ({ text, lines: linesOf(reading) }));
}

function linesOf(reading: ShellReading): readonly CommandLine[] {
  const lines = judgeCommand(reading, TERMS).flatMap((judged) => programLines(judged, 0));
  const unclear = reading.unclear.map(
    (why): CommandLine => ({ depth: 0, words: [], notes: [], mark: "unknown", why: `Not read to its end: ${why}` }),
  );
  return [...unclear, ...lines].slice(0, MOST_LINES);
}

function programLines({ part, harm, why, inner }: Judged<Program>, inside: number): readonly CommandLine[] {
  const depth = part.depth + inside;
  const words = [part.name, ...part.words].filter((word) => word !== null);
  return [
    {
      depth,
      words: words.map(({ text, isKnown }: Word) => ({ text, isKnown })),
      notes: notesOf(part),
      mark: harm === "named" ? "unknown" : harm,
      why: why === "" ? "" : why,
    },
    ...inner.flatMap((one) => programLines(one, depth + 1)),
  ];
}

function notesOf({ settings, redirects, input }: Program): readonly string[] {
  return [
    ...settings.map(({ name, value }) => `sets ${name} to ${value.text}`),
    ...(input?.from === "pipe" ? ["reads what the line before writes"] : []),
    ...redirects.flatMap(({ kind, word }) => {
      if (kind === "copy") return [];
      if (kind === "text") return ["reads text that is written out"];
      return [`${kind === "read" ? "reads" : kind === "write" ? "writes" : "opens"} ${word.text}`];
    }),
  ];
}
