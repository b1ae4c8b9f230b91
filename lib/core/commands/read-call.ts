import type { ContentHints } from "./content-hints";
import { isSentence } from "./looks-like-sql";
import type { Content, FoundCommand, FoundStatement } from "./content-search";
import { findContent, mayHoldContent, type Searched } from "./find-content";
import { judgeCommand } from "./judge-command";
import { graver, type Harm, type Judged, type Terms } from "./judgement";
import { judgeStatements, type JudgedStatement } from "./judge-sql";
import type { Program } from "./shell-reading";
import type { SqlReading } from "./sql-reading";

/** A command of a call with what is known of each of its programs. */
export type ReadCommand = FoundCommand & { readonly programs: readonly Judged<Program>[]; readonly harm: Harm };

/** A statement text of a call with what is known of each of its statements. */
export type ReadStatement = FoundStatement & { readonly statements: readonly JudgedStatement[]; readonly harm: Harm };

/** The one reading of a call, which every rule about commands, statements and paths uses. */
export type CallReading = {
  readonly commands: readonly ReadCommand[];
  readonly statements: readonly ReadStatement[];
  /** The gravest of them; `harmless` where there is none. */
  readonly harm: Harm;
  /** Why it is not harmless, as the beginning of a sentence; null where it is. */
  readonly why: string | null;
};

/** What a call without commands and statements reads as. */
export const NOTHING_READ: CallReading = Object.freeze({
  commands: Object.freeze([]),
  statements: Object.freeze([]),
  harm: "harmless",
  why: null,
});

type Read = { readonly hints: ContentHints; readonly terms: Terms; readonly reading: CallReading };
/** A call is decided more than once on its way, and reading is what costs. */
const latest = new WeakMap<Searched, Read>();

/** Reads a call once: finds its commands and statements, and judges each by these terms. */
export function readCall(call: Searched, hints: ContentHints, terms: Terms): CallReading {
  if (!mayHoldContent(call, hints)) return NOTHING_READ;
  const before = latest.get(call);
  if (before !== undefined && before.hints === hints && before.terms === terms) return before.reading;
  const reading = readContent(findContent(call, hints), terms);
  latest.set(call, { hints, terms, reading });
  return reading;
}

function readContent(content: Content, terms: Terms): CallReading {
  if (content.commands.length === 0 && content.statements.length === 0) return NOTHING_READ;
  const { isTooMuch } = content;
  // Unread, a guess may be as grave as what is said to be a command.
  const certain = isTooMuch ? content.commands.map((one) => ({ ...one, isGuess: false })) : content.commands;
  const commands = inOrder(certain).map((found) => readCommand(found, terms));
  const statements = inOrder(content.statements).flatMap((found) => {
    const reading = isTooMuch ? UNREAD : terms.readSql(found.text, found.dialect);
    if (!isTooMuch && found.isGuess && reading.statements.length === 0 && isSentence(found.text)) return [];
    const judged = judgeStatements(reading, terms);
    return [{ ...found, statements: judged, harm: gravest(judged) }];
  });
  const all = inOrder([...commands, ...statements]);
  const harm = gravest(all);
  const worst = all.find((one) => one.harm === harm);
  return {
    commands,
    statements,
    harm,
    why: harm === "harmless" || harm === "named" || worst === undefined ? null : sentenceOf(worst),
  };
}

const UNREAD: SqlReading = Object.freeze({
  statements: Object.freeze([]),
  unclear: "stands in a call that holds too much to be read",
});

/** By place, so that the order of arguments changes no answer. */
const inOrder = <T extends { readonly path: string }>(found: readonly T[]) =>
  found.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

function readCommand(found: FoundCommand, terms: Terms): ReadCommand {
  const programs = judgeCommand(found.reading, terms);
  const unread: Harm = found.reading.unclear.length > 0 ? "unknown" : "harmless";
  const harm = graver(gravest(programs), unread);
  // A second reading of a list is a guess: it counts only where it destroys.
  return { ...found, programs, harm: found.isGuess && harm !== "destructive" ? "harmless" : harm };
}

const gravest = (all: readonly { readonly harm: Harm }[]) =>
  all.reduce<Harm>((harm, one) => graver(harm, one.harm), "harmless");

const LONGEST_SHOWN = 60;
const cut = (text: string) => (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);

function sentenceOf(one: ReadCommand | ReadStatement): string {
  if ("dialect" in one) {
    const worst = one.statements.find(({ harm }) => harm === one.harm);
    return one.harm === "destructive"
      ? `The statement ${worst?.why ?? ""}`
      : `The statement is not known to only read: it ${worst?.why ?? ""}`;
  }
  const worst = one.programs.find(({ harm }) => harm === one.harm);
  if (one.harm === "destructive" && worst !== undefined)
    return `The command ${worst.why} (\`${cut(lineOf(worst.part))}\`)`;
  const unclear = one.reading.unclear[0];
  if (worst === undefined || unclear !== undefined)
    return `The command cannot be read to its end (\`${cut(one.text)}\`): ${unclear ?? "it is empty"}`;
  return `The command is not known to only read: \`${cut(worst.part.name?.text ?? lineOf(worst.part))}\` ${worst.why}`;
}

/** A program as one line. */
export const lineOf = ({ name, words }: Program) =>
  [name, ...words]
    .map((word) => word?.text ?? "")
    .join(" ")
    .trim();
