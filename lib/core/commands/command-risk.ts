import { isJsonArray, type Json, type JsonObject } from "@/lib/core/shared/json";

import { ARGUMENTS_NAME, contentOf, isSqlTool } from "./command-arguments";
import { programDanger } from "./command-programs";
import type { Call } from "@/lib/core/decisions/schema";
import { readShell, type ShellReading, type SimpleCommand, type Word } from "./shell-words";
import { looksLikeSql, sqlDanger } from "./sql-risk";

const MAX_DEPTH = 6;
/** Every word may begin a command of its own, so reading costs their number squared. */
const MAX_INSIDE = 256;

/**
 * What makes this call's command destructive, as the beginning of a sentence; null when nothing of it does.
 *
 * A closed list of programs and statements, found by taking the command apart as a shell or a database would, so that
 * quotes, chains, substitutions and wrappers hide nothing. It only ever makes a call graver: a command that is not on the
 * list is what its tool's class says. What cannot be read, and what decides at run time which program runs, is on it.
 */
export function commandDanger({ tool, args, effect }: Pick<Call, "tool" | "args" | "effect">): string | null {
  for (const name in args) {
    const value = args[name];
    if (value === undefined || !Object.hasOwn(args, name)) continue;
    const danger = argumentDanger(name, value, { tool, args });
    if (danger !== null) return danger;
  }
  return effect?.kind === "command" ? textDanger(effect.command) : null;
}

function argumentDanger(
  name: string,
  value: Json,
  { tool, args }: { readonly tool: string; readonly args: JsonObject },
): string | null {
  const holds = contentOf(name);
  if (holds === "nothing") return null;
  if (holds === "shell") return valueDanger(value);
  if (holds === "sql" || (holds === "query" && isSqlTool(tool))) return sqlValueDanger(value);
  if (holds !== "program" || typeof value !== "string") return null;
  const rest = Object.entries(args).find(([key]) => ARGUMENTS_NAME.test(key))?.[1];
  const words = rest !== undefined && isJsonArray(rest) ? rest.filter((item) => typeof item === "string") : [];
  return sentence(wordsDanger([value, ...words]), value);
}

/** A text is a command; a list is a program with its arguments, or several commands. Both readings must be harmless. */
function valueDanger(value: Json): string | null {
  if (typeof value === "string") return textDanger(value);
  if (!isJsonArray(value)) return null;
  const texts = value.filter((item) => typeof item === "string");
  const whole = sentence(wordsDanger(texts), texts.join(" "));
  if (whole !== null) return whole;
  for (const text of texts) {
    const danger = /\s/.test(text) ? textDanger(text) : null;
    if (danger !== null) return danger;
  }
  return null;
}

function sqlValueDanger(value: Json): string | null {
  for (const text of isJsonArray(value) ? value : [value]) {
    const danger = typeof text === "string" ? sqlDanger(text) : null;
    if (danger !== null) return `The statement ${danger}`;
  }
  return null;
}

function textDanger(text: string): string | null {
  if (looksLikeSql(text)) {
    const danger = sqlDanger(text);
    if (danger !== null) return `The statement ${danger}`;
  }
  return sentence(shellDanger(readShell(text), 0), text);
}

/** `isHidden`: what it does is not on the page, so any command may be in it. */
type Found = { readonly what: string; readonly why: string; readonly isHidden: boolean };

const found = (what: string, why: string): Found => ({ what, why, isHidden: false });
const hidden = (what: string, why: string): Found => ({ what, why, isHidden: true });

/** Whether part of a command line cannot be seen before it runs, so that it may run anything. */
export function hidesCommand({ commands, isClear }: ShellReading): boolean {
  return !isClear || commands.some((command) => commandsDanger(command, 0)?.isHidden === true);
}

function sentence(danger: Found | null, text: string): string | null {
  if (danger === null) return null;
  const what = danger.what === "" ? text : danger.what;
  return `The command ${danger.why} (\`${what.length > 40 ? `${what.slice(0, 40)}…` : what}\`)`;
}

function shellDanger(reading: ShellReading, depth: number): Found | null {
  if (!reading.isClear || depth > MAX_DEPTH) return hidden("", "cannot be read to its end");
  for (const [index, command] of reading.commands.entries()) {
    const danger = writesDanger(command) ?? commandsDanger(command, depth) ?? pipedSql(reading.commands, index);
    if (danger !== null) return danger;
  }
  return null;
}

/** A program with arguments nobody's shell takes apart. */
function wordsDanger([program, ...args]: readonly string[]): Found | null {
  if (program === undefined) return null;
  const words = args.map((text) => ({ text, isLiteral: true }));
  return literalDanger(program, words, { readsPipe: false, depth: 0 });
}

const SYSTEM_FILE =
  /^\/(?:dev\/(?!null$|stdout$|stderr$|tty$|fd\/)|etc\/|boot\/|usr\/|s?bin\/|lib|sys\/|proc\/)|(?:^|\/)\.(?:ssh|bash|zsh|profile)/;

function writesDanger({ writes }: SimpleCommand): Found | null {
  const file = writes.find(({ text }) => SYSTEM_FILE.test(text));
  return file === undefined ? null : found(file.text, "overwrites a file of the system");
}

/** Words that come before a command without being one. */
const KEYWORDS: ReadonlySet<string> = new Set("if then else elif do while until for in case { } ! time [[".split(" "));

function commandsDanger({ words, readsPipe }: SimpleCommand, depth: number): Found | null {
  let at = 0;
  while (at < words.length && isBeforeCommand(words[at])) at += 1;
  const [program, ...args] = words.slice(at);
  if (program === undefined) return null;
  if (!program.isLiteral) return hidden(program.text, "decides at run time which program runs");
  return literalDanger(program.text, args, { readsPipe, depth });
}

function isBeforeCommand(word: Word | undefined): boolean {
  return word !== undefined && (KEYWORDS.has(word.text) || /^[A-Za-z_]\w*\+?=/.test(word.text));
}

const WRAPPERS: ReadonlySet<string> = new Set(
  "sudo doas su runuser env nohup nice ionice timeout stdbuf setsid exec command builtin function xargs parallel watch chroot unshare nsenter strace busybox ssh time script flock start-process call vagrant".split(
    " ",
  ),
);
/** Programs that start another one after a word of their own. */
const STARTS: ReadonlyMap<string, RegExp> = new Map([
  ["find", /^-(?:exec|execdir|ok|okdir)$/],
  ["fd", /^(?:-[xX]|--exec|--exec-batch)$/],
  ["docker", /^(?:exec|run)$/],
  ["podman", /^(?:exec|run)$/],
  ["kubectl", /^(?:exec|run|--)$/],
  ["oc", /^(?:exec|run|rsh|--)$/],
]);
const SHELLS: ReadonlySet<string> = new Set("sh bash zsh dash ksh ash fish csh tcsh cmd pwsh powershell".split(" "));
const LANGUAGES = /^(?:python|perl|ruby|node|nodejs|php|lua|deno|bun|osascript|tclsh|rscript|irb)[\d.]*$/;
const DATABASES: ReadonlySet<string> = new Set(
  "psql mysql mariadb sqlite3 sqlite sqlcmd sqlplus duckdb clickhouse-client clickhouse cockroach bq snowsql".split(
    " ",
  ),
);

/** A name without its folder and ending, as it is looked up. */
const nameOf = (program: string) =>
  (program.split(/[\\/]/).at(-1) ?? "").toLowerCase().replace(/\.(?:exe|cmd|bat|com|ps1)$/, "");

function literalDanger(
  program: string,
  args: readonly Word[],
  { readsPipe, depth }: { readonly readsPipe: boolean; readonly depth: number },
): Found | null {
  const name = nameOf(program);
  const texts = args.map(({ text }) => text);
  const known = programDanger(name, texts);
  if (known !== null) return found([program, ...texts].join(" "), known);
  if (SHELLS.has(name)) return shellProgramDanger(args, { readsPipe, depth });
  if (LANGUAGES.test(name)) return languageDanger(program, texts, readsPipe);
  if (name === "eval") {
    if (args.some(({ isLiteral }) => !isLiteral)) return hidden(program, "runs a text decided at run time");
    return shellDanger(readShell(texts.join(" ")), depth + 1);
  }
  if ((name === "source" || name === ".") && args.some(({ isLiteral }) => !isLiteral))
    return hidden(program, "runs a text decided at run time");
  if (DATABASES.has(name)) return databaseDanger(args);
  if (name === "find" && texts.includes("-delete")) return found("find … -delete", "deletes files");
  if (name === "awk" || name.endsWith("awk")) return awkDanger(program, texts);
  if (name === "alias" || name === "trap") return namedDanger(texts, depth);
  if (WRAPPERS.has(name)) return chosenDanger(name, args) ?? insideDanger(args, { readsPipe, depth });
  const starts = STARTS.get(name);
  const at = starts === undefined ? -1 : texts.findIndex((text) => starts.test(text));
  return at < 0 ? null : insideDanger(args.slice(at + 1), { readsPipe, depth });
}

/** Whether a program of this name runs commands that it is given as text or as words. */
export function startsCommands(program: string): boolean {
  const name = nameOf(program);
  return SHELLS.has(name) || WRAPPERS.has(name) || STARTS.has(name) || ["eval", "alias", "trap"].includes(name);
}

/** An `alias` or a `trap` keeps a command for later. */
function namedDanger(texts: readonly string[], depth: number): Found | null {
  for (const text of texts) {
    const danger = shellDanger(readShell(text.slice(text.indexOf("=") + 1)), depth + 1);
    if (danger !== null) return danger;
  }
  return null;
}

function awkDanger(program: string, texts: readonly string[]): Found | null {
  return texts.some((text) => /\bsystem\s*\(|\|&?\s*(?:"|getline\b)|\s\|&?\s*\w/.test(text))
    ? hidden(program, "runs code that is not read here")
    : null;
}

/** Wrappers whose first word that is no option is the program itself. */
const DIRECT: ReadonlySet<string> = new Set(
  "sudo doas env nohup nice setsid exec command builtin xargs busybox time".split(" "),
);
const TAKES_VALUE = /^-(?:[ugnCDhIPLsSdE]|-user|-group|-max-args|-max-procs)$/;

function chosenDanger(name: string, args: readonly Word[]): Found | null {
  if (!DIRECT.has(name)) return null;
  const program = args.find(
    ({ text }, at) => !/^-|^[A-Za-z_]\w*=/.test(text) && !TAKES_VALUE.test(args[at - 1]?.text ?? ""),
  );
  return program?.isLiteral === false ? hidden(program.text, "decides at run time which program runs") : null;
}

/** What a program that starts other programs is given: any of its words may be the beginning of a command. */
function insideDanger(
  args: readonly Word[],
  { readsPipe, depth }: { readonly readsPipe: boolean; readonly depth: number },
): Found | null {
  if (depth >= MAX_DEPTH || args.length > MAX_INSIDE) return hidden("", "cannot be read to its end");
  for (let from = 0; from < args.length; from += 1) {
    const word = args[from];
    if (word === undefined || !word.isLiteral || word.text.startsWith("-")) continue;
    const inner = /\s/.test(word.text)
      ? shellDanger(readShell(word.text), depth + 1)
      : literalDanger(word.text, args.slice(from + 1), { readsPipe, depth: depth + 1 });
    if (inner !== null) return inner;
  }
  return null;
}

function shellProgramDanger(
  args: readonly Word[],
  { readsPipe, depth }: { readonly readsPipe: boolean; readonly depth: number },
): Found | null {
  const at = args.findIndex(({ text }) => /^(?:-[a-z]*c|-command|\/[ck])$/i.test(text));
  if (at >= 0) {
    const code = args.slice(at + 1);
    if (code.some(({ isLiteral }) => !isLiteral)) return hidden("", "runs a text decided at run time");
    const texts = code.map(({ text }) => text);
    return shellDanger(readShell(texts[0] ?? ""), depth + 1) ?? shellDanger(readShell(texts.join(" ")), depth + 1);
  }
  if (args.some(({ text }) => /^-e(?:nc|ncodedcommand)?$/i.test(text)))
    return hidden("", "runs a text that is not readable");
  if (args.some(({ isLiteral }) => !isLiteral)) return hidden("", "runs a text decided at run time");
  return readsPipe ? hidden("", "runs what another command writes") : null;
}

function languageDanger(program: string, args: readonly string[], readsPipe: boolean): Found | null {
  const runsText = args.some((arg) => /^(?:-[a-z]*[ce]|-r|-E|--eval|--exec|--run|eval|-p|--print)$/i.test(arg));
  if (runsText) return hidden(program, "runs code that is not read here");
  return readsPipe && args.every((arg) => arg.startsWith("-"))
    ? hidden(program, "runs what another command writes")
    : null;
}

function databaseDanger(args: readonly Word[]): Found | null {
  for (const [index, { text, isLiteral }] of args.entries()) {
    const isStatement = /^(?:-c|-e|-q|--command|--execute|--query)$/i.test(args[index - 1]?.text ?? "");
    if (!isLiteral && isStatement) return hidden(text, "runs a text decided at run time");
    const code = text.startsWith("--") ? text.slice(text.indexOf("=") + 1) : text;
    const danger = /\s/.test(code) || isStatement ? sqlDanger(code) : null;
    if (danger !== null) return found(code, danger);
  }
  return null;
}

/** A database's program that reads what another command writes: the text may stand in any command before it. */
function pipedSql(commands: readonly SimpleCommand[], index: number): Found | null {
  const command = commands[index];
  const program = command?.words[0];
  if (command?.readsPipe !== true || program === undefined || !DATABASES.has(nameOf(program.text))) return null;
  for (const { words } of commands.slice(0, index)) {
    for (const { text } of words) {
      const danger = /\s/.test(text) ? sqlDanger(text) : null;
      if (danger !== null) return found(text, danger);
    }
  }
  return null;
}
