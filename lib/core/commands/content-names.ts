import { remembered } from "@/lib/core/shared/remembered";

/**
 * What an argument holds, by its name. `query` is SQL only where the tool or the text says so, `run` a command only where it
 * is no mere name of a run. `prose` is for people, and a
 * `language` may say what the texts beside it are.
 */
export type NamedContent =
  | "shell"
  | "run"
  | "program"
  | "sql"
  | "query"
  | "words"
  | "input"
  | "settings"
  | "prose"
  | "language"
  | "nothing";

const set = (names: string): ReadonlySet<string> => new Set(names.split(" "));

const SHELL = set(
  "command commands cmd cmds cmdline commandline shell bash sh zsh script scripts exec cli terminal powershell entrypoint",
);
const SQL = set("sql tsql plsql ddl dml");
/** Words that make of a name something about a command: its id, its time-out, its file. */
const ABOUT = set(
  "id ids name names type kind timeout description title count status language url version at ms seconds mode label comment note output result exit history dir directory cwd",
);
const PROSE = set(
  "message text body content description title subject comment note summary reason prompt question answer goal instruction instructions documentation template markdown html rationale",
);

/** The words of a name in lower case: `cliCommand`, `cli_command` and `CLI-Command` are `cli command`. */
export const wordsOfName = remembered((name): readonly string[] =>
  name
    .normalize("NFKC")
    .replaceAll(/([a-z\d])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== ""),
);

/** A name with case and separators folded. */
export const foldedName = (name: string) => wordsOfName(name).join("");

/** Words for a program, in the order in which it gets them. */
const WORDS =
  /^(?:subcommands?|flags?|options?|opts|switch(?:es)?|argv|(?:command|cmd|program|extra|additional|cli|script)?(?:args?|arguments?|parameters|params))$/;

/** What an argument of this name holds. Names are few and calls are many. */
export const contentOf = remembered((name): NamedContent => {
  const words = wordsOfName(name);
  const folded = words.join("");
  if (WORDS.test(folded)) return "words";
  if (/^(?:stdin.*|standardinput|input)$/.test(folded)) return "input";
  if (/^(?:env|envs|environment|envvars|environmentvariables)$/.test(folded)) return "settings";
  if (/^(?:program|executable|binary|exe|bin)$/.test(folded)) return "program";
  if (/^(?:query|queries)$/.test(folded)) return "query";
  const isAbout = words.length > 1 && words.some((word) => ABOUT.has(word));
  if (folded === "run") return "run";
  if (!isAbout && words.some((word) => SHELL.has(word))) return "shell";
  if (!isAbout && words.some((word) => SQL.has(word))) return "sql";
  if (!isAbout && words.some((word) => word === "query" || word === "statement" || word === "statements"))
    return "query";
  if (words.some((word) => PROSE.has(word))) return "prose";
  return SAYS_LANGUAGE.has(folded) ? "language" : "nothing";
});

/** Where the words of such an argument stand among those of its program. */
export function rankOfWords(name: string): number {
  const folded = foldedName(name);
  return folded.startsWith("subcommand") ? 0 : /^(?:flag|opt|switch)/.test(folded) ? 1 : 2;
}

/** Names of arguments for the words of a command as a whole, its program first. */
export const isArgv = (name: string) => foldedName(name) === "argv";

/** Names that say nothing of what a text is: the tool, or what stands beside it, may. */
const PLAIN = set(
  "code text content contents body source snippet input data value payload line lines q query prompt statement expression template instruction instructions",
);

/** Whether an argument of this name holds whatever its tool is for. */
export const isPlainArgument = (name: string) => PLAIN.has(foldedName(name));

/** Arguments that say of the texts beside them what these are written in. */
const SAYS_LANGUAGE = set("language lang interpreter type kind format syntax dialect engine runtime shell");
const SHELLS = set("bash sh zsh dash ksh fish shell console terminal shellscript powershell pwsh cmd");
const SQLS = set("sql postgres postgresql psql plpgsql mysql mariadb sqlite sqlite3 tsql mssql oracle plsql");

/** The language that one argument says the texts beside it are written in; null where it says nothing of the kind. */
export function saidLanguage(name: string, value: unknown): "shell" | "sql" | null {
  if (typeof value !== "string" || value.length > 40 || !SAYS_LANGUAGE.has(foldedName(name))) return null;
  const said = (value.split(/[\\/]/).at(-1) ?? "")
    .toLowerCase()
    .replace(/\.exe$/, "")
    .replaceAll(/[^a-z\d]/g, "");
  return SHELLS.has(said) ? "shell" : SQLS.has(said) ? "sql" : null;
}

const SHELL_TOOL_WORDS = set("bash sh shell zsh terminal cmd powershell");
/** Words that say so only where they end a name: `run_command`, but not `command_center`. */
const SHELL_TOOL_ENDS = set("exec command commands cli");

/** Whether a tool of this name runs commands. */
export const isShellTool = remembered((tool) => {
  const words = wordsOfName(tool);
  return words.some((word) => SHELL_TOOL_WORDS.has(word)) || SHELL_TOOL_ENDS.has(words.at(-1) ?? "");
});

/** Whether an argument of this name holds a command for a shell. */
export const isCommandArgument = (name: string) => contentOf(name) === "shell";

const SQL_TOOL =
  /sql|database|postgres|sqlite|oracle|bigquery|snowflake|(?:^|[_-])db(?:[_-]|$)|^(?:read|write|run|execute|exec)_quer(?:y|ies)$/i;

/** Whether a tool of this name is for a database. */
export const isSqlTool = remembered((tool) => SQL_TOOL.test(tool));

const THINGS =
  "table|database|schema|index|view|user|role|function|procedure|trigger|sequence|type|extension|materialized|policy|tablespace|aggregate|domain|operator|server|publication|subscription|language|foreign|owned|system|default\\s+privileges|login|event";
/** The first words of statements, in the order that only a statement has. */
const OPENINGS: readonly string[] = [
  String.raw`select\b[^]*\b(?:from|\d|now|pg_|version)`,
  String.raw`with\s+(?:recursive\s+)?[\w"]+\s*(?:\([^)]*\)\s*)?as\s*(?:not\s+)?(?:materialized\s*)?\(`,
  String.raw`(?:insert|merge|replace)\s+into\s`,
  String.raw`update\s+(?:only\s+)?[\w."\`[\]]+\s+(?:(?:as\s+)?\w+\s+)?set\s+(?:[\w."\`[\]]+|\([^)]*\))\s*=`,
  String.raw`delete\s+from\s`,
  String.raw`(?:drop|alter|create|truncate|rename|reassign)\s+(?:or\s+replace\s+|temp(?:orary)?\s+|unique\s+)?(?:${THINGS})(?=\s|$)`,
  String.raw`truncate\s+[\w."]+(?:\s*,\s*[\w."]+)*\s*;?\s*$`,
  String.raw`grant\s+[\w\s,]+\s+(?:on|to)\s`,
  String.raw`revoke\s+[\w\s,]+\s+(?:on|from)\s`,
  String.raw`(?:load\s+data|bulk\s+insert|backup\s+database|restore\s+database|import\s+foreign|security\s+label)\s`,
  String.raw`copy\s+[\w."(]+[^]*\s(?:from|to)\s`,
  String.raw`call\s+[\w."]+\s*\([^)]*\)\s*(?:;|$)`,
  String.raw`exec(?:ute)?\s+(?:immediate\b|(?:[\w[\]]+\.)*(?:xp|sp)_\w+|[\w.[\]]+\s*(?:[(';@]|$))`,
  String.raw`do\s+(?:language\s+\w+\s+)?(?:\$|')`,
  String.raw`(?:begin|start\s+transaction|use\s+[\w"]+)\s*;`,
  String.raw`declare\s+@`,
  String.raw`set\s+(?:local\s+|session\s+|global\s+)?(?:role|password|session\s+authorization)\b`,
  String.raw`set\s+(?:(?:local|session|global)\s+[\w.]+\s*(?:=|to\b)|@)`,
  String.raw`(?:un)?lock\s+tables?\b`,
  String.raw`reindex\s+(?:${THINGS})\s`,
  String.raw`comment\s+on\s+(?:${THINGS}|column)\s+\S+\s+is\b`,
  String.raw`refresh\s+materialized\s`,
  String.raw`vacuum\s*(?:full|analyze|verbose|freeze|into|\()`,
  String.raw`flush\s+(?:tables|privileges|logs|hosts|status)\b`,
  String.raw`(?:purge\s+binary\b|reset\s+(?:master|slave|replica)\s*(?:;|$))`,
  String.raw`explain\s+(?:\([^)]*\)\s*)?(?:analyze\s+)?(?:select|update|delete|insert)\s+\S`,
  String.raw`(?:pragma\s|attach\s+(?:database\s)?)`,
];
const SQL_TEXT = new RegExp(
  String.raw`^\s*(?:(?:--[^\n]*\n|/\*(?!M?!)[^]*?\*/|/\*M?!\d*|[(;])\s*)*(?:${OPENINGS.join("|")})`,
  "i",
);

/** Whether a text is SQL and not a sentence: a statement's first words in the order that only a statement has. */
export const looksLikeSql = (text: string) => /^[\s(;/*!\d-]*[a-z]/i.test(text) && SQL_TEXT.test(text);

const SENTENCE = /^[\p{L}\p{M}\s,.!?'’:-]+$/u;
const PERSONS =
  /\b(?:the|my|our|your|his|her|their|its|me|us|you|i|we|please|this|that|these|those|somebody|everybody)\b/i;
const SECOND_VERB =
  /\s(?:drop|truncate|alter|delete|insert|update|exec|execute|grant|revoke|merge|create|kill|shutdown|backup|restore|use|set)\b/i;

/** Whether a text that no grammar reads is a sentence that only begins like a statement: "select a plan from the list". */
export const isSentence = (text: string) => SENTENCE.test(text) && PERSONS.test(text) && !SECOND_VERB.test(text.trim());
