import { isFileInside } from "@/lib/core/shared/file-path";

import { readShell } from "./read-shell";
import type { Program, Redirect, Word } from "./shell-reading";

/** An entry of `allowed_commands` as people write it: a command line, or its parts. */
export type CommandEntry =
  | string
  | {
      readonly program: string;
      readonly subcommand?: string | undefined;
      readonly flags?: readonly string[] | undefined;
      readonly words?: "any" | number | readonly string[] | undefined;
      readonly env?: readonly string[] | undefined;
      readonly writes?: readonly string[] | undefined;
      readonly stdin?: "text" | "any" | undefined;
    };

/** One command that a manifest names, parsed once. */
export type AllowedCommand = {
  /** As people know it, for sentences. */
  readonly text: string;
  readonly program: string;
  /** Words that must come first, options written among them. */
  readonly words: readonly string[];
  readonly rest: Rest;
  readonly env: ReadonlySet<string>;
  readonly writes: readonly string[];
  readonly stdin: "none" | "text" | "any";
};

/** What may follow: nothing, any word that is no option, or listed flags and words. */
type Rest =
  | { readonly kind: "none" }
  | { readonly kind: "some" }
  | {
      readonly kind: "listed";
      readonly flags: ReadonlySet<string>;
      readonly words: "any" | number | readonly string[];
    };

/** Parses an entry; a text says what is wrong with it. */
export function allowCommand(entry: CommandEntry): AllowedCommand | string {
  return typeof entry === "string" ? allowText(entry) : allowParts(entry);
}

function allowText(text: string): AllowedCommand | string {
  const { programs, unclear, isSimple } = readShell(text);
  const [program] = programs;
  if (unclear.length > 0) return `cannot be read as a command: ${unclear[0] ?? ""}`;
  if (!isSimple || program?.name === null || program === undefined)
    return "must be one command, without a chain or a substitution";
  if (program.settings.length > 0 || program.redirects.length > 0)
    return "must have no variables and redirections; write them as `env` and `writes` of an object";
  const words = [program.name, ...program.words];
  const isOpen = words.length > 1 && words.at(-1)?.text === "*" && words.at(-1)?.isKnown === false;
  const fixed = isOpen ? words.slice(0, -1) : words;
  const vague = fixed.find(({ isKnown }) => !isKnown);
  if (vague !== undefined) return `must be written out, except for a last \`*\`; \`${vague.text}\` is not`;
  const [name = "", ...rest] = fixed.map((word) => word.text);
  return {
    text,
    program: name,
    words: rest,
    rest: { kind: isOpen ? "some" : "none" },
    env: new Set(),
    writes: [],
    stdin: "none",
  };
}

function allowParts(entry: Exclude<CommandEntry, string>): AllowedCommand | string {
  const subcommand = entry.subcommand === undefined ? [] : entry.subcommand.trim().split(/\s+/);
  if (!/^[^\s*?$`'"\\;&|<>(){}[\]]+$/.test(entry.program)) return "`program` must be one plain word";
  const flags = entry.flags ?? [];
  const wrong = flags.find((flag) => !/^-[^\s]+$/.test(flag));
  if (wrong !== undefined) return `\`${wrong}\` is not an option; one that takes a value ends in \`=\``;
  return {
    text: [entry.program, ...subcommand].join(" "),
    program: entry.program,
    words: subcommand,
    rest: { kind: "listed", flags: new Set(flags), words: entry.words ?? 0 },
    env: new Set(entry.env),
    writes: entry.writes ?? [],
    stdin: entry.stdin ?? "none",
  };
}

/** Programs that are the same wherever the system keeps them. */
export const plainName = (program: string) => program.replace(/^\/(?:usr\/(?:local\/)?)?bin\/(?=[^/]+$)/, "");

/** Whether an entry names a program as it stands here, word by word and nothing beyond it. */
export function namesProgram(allowed: AllowedCommand, program: Program): boolean {
  const { name, words, settings, redirects, input } = program;
  if (name?.isKnown !== true || plainName(name.text) !== allowed.program) return false;
  if (!words.every(({ isKnown }) => isKnown)) return false;
  if (!settings.every((setting) => setting.value.isKnown && allowed.env.has(setting.name))) return false;
  if (!redirects.every((redirect) => allowsRedirect(allowed, redirect))) return false;
  if (
    input !== null &&
    allowed.stdin !== "any" &&
    !(allowed.stdin === "text" && input.from === "text" && input.word.isKnown)
  )
    return false;
  return namesWords(allowed, words);
}

function namesWords({ program, words: fixed, rest }: AllowedCommand, words: readonly Word[]): boolean {
  const given = words.map(({ text }) => text);
  if (rest.kind === "listed") return namesListed(rest, fixed, given);
  if (!fixed.every((word, at) => given[at] === word)) return false;
  const more = given.slice(fixed.length);
  return rest.kind === "none" ? more.length === 0 : more.length > 0 && more.every((word) => isPlainWord(word, program));
}

/** To many programs a word beginning so is an option, and to git one that deletes or overwrites. */
function isPlainWord(word: string, program: string): boolean {
  return word !== "" && !/^[-+:]/.test(word) && !(program === "git" && word.includes(":"));
}

function namesListed(
  { flags, words }: Extract<Rest, { kind: "listed" }>,
  subcommand: readonly string[],
  given: readonly string[],
): boolean {
  const plain: string[] = [];
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at] ?? "";
    if (!word.startsWith("-") || word === "-") plain.push(word);
    else if (flags.has(word)) continue;
    else if (flags.has(`${word}=`)) at += 1;
    else if (!flags.has(word.slice(0, word.indexOf("=") + 1))) return false;
    if (at >= given.length) return false;
  }
  if (!subcommand.every((word, at) => plain[at] === word)) return false;
  const rest = plain.slice(subcommand.length);
  if (!rest.every((word) => isPlainWord(word, ""))) return false;
  if (words === "any") return true;
  return typeof words === "number" ? rest.length <= words : rest.every((word) => words.includes(word));
}

/** Redirections that touch no file need no leave. */
export function isHarmlessRedirect({ kind, word }: Redirect): boolean {
  if (kind === "copy" || kind === "text") return true;
  // Bash opens a connection for such a file.
  if (kind === "read")
    return !/^\/+dev\/+(?:tcp|udp)(?:\/|$)/.test(word.head) && (word.isKnown || word.splits === "never");
  return kind === "write" && word.isKnown && /^\/dev\/(?:null|stdout|stderr)$/.test(word.text);
}

function allowsRedirect({ writes, stdin }: AllowedCommand, redirect: Redirect): boolean {
  const { kind, word } = redirect;
  if (kind === "read") return stdin === "any" && isHarmlessRedirect(redirect);
  if (isHarmlessRedirect(redirect)) return true;
  return kind === "write" && word.isKnown && writes.some((pattern) => isFileInside(word.text, pattern));
}
