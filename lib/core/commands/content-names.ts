import { lookAlikeOf } from "@/lib/core/shared/confusables";
import { remembered } from "@/lib/core/shared/remembered";

/**
 * What an argument holds, by its name. `query` is SQL only where the tool or the text says so, `run` a command only where it
 * is no mere name of a run. `prose` is for people, a `language` may say what the texts beside it are, and an `encoding` how
 * they are written down; `code` is in a language that is not read here, and what is `encoded` holds a text in base64 or hexadecimal digits.
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
  | "code"
  | "encoded"
  | "encoding"
  | "nothing";

const set = (names: string): ReadonlySet<string> => new Set(names.split(" "));

const SHELL = set(
  "command commands cmd cmds cmdline commandline shell bash sh zsh script scripts exec cli terminal powershell pwsh cmdlet entrypoint pipe pipes piped",
);
/** Names as a whole that say so as well. */
const SHELL_NAMES = set("entrypoint oneliner");
const RUN_NAMES = set("run execute spawn");
const SQL = set("sql tsql plsql ddl dml");
/** Words that make of a name something about a command: its id, its time-out, its file. */
const ABOUT = set(
  "id ids name names type kind timeout description title count status language url version at ms seconds mode label comment note output result exit history dir directory cwd",
);
const PROSE = set(
  "message text body content description title subject comment note summary reason prompt question answer goal instruction instructions documentation template markdown html rationale pattern regex regexp keyword keywords",
);
/** Words of arguments that say what is looked for, or what a thing is called or is: one word there asks for nothing. */
const DESCRIBES = set(
  "q query queries term terms search filter filters name names title label labels tag tags category categories topic topics type types kind status state event events genre city country location",
);
const LOOKS_UP = set("search find list get lookup query read count fetch show describe view browse analyse analyze");

/** Small, so that it begins no word of its own. */
const plainLetter = (character: string) => (/[ -~]/.test(character) ? character : lookAlikeOf(character).toLowerCase());

/** A name in plain letters, where it has others: marks and what is not drawn make no other name, nor do look-alikes. */
const plainName = (name: string) =>
  /^[ -~]*$/.test(name)
    ? name
    : [...name.normalize("NFKD").replaceAll(/[\p{M}\p{Cf}\p{Cc}]/gu, "")].map(plainLetter).join("");

/** Whether an argument of this name describes something. */
export const describes = remembered((name) => wordsOfName(name).some((word) => DESCRIBES.has(word)));

/** Whether a tool of this name looks something up. */
export const looksUp = remembered((tool) => LOOKS_UP.has(wordsOfName(tool)[0] ?? ""));

/** The words of a name in lower case: `cliCommand`, `cli_command` and `CLI-Command` are `cli command`. */
export const wordsOfName = remembered((name): readonly string[] =>
  plainName(name)
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
  if (SETTINGS.test(folded)) return "settings";
  if (/^(?:program|executable|binary|exe|bin)$|^(?:program|executable|binary)path$/.test(folded)) return "program";
  if (/^(?:query|queries)$/.test(folded)) return "query";
  const isAbout = words.length > 1 && words.some((word) => ABOUT.has(word));
  if (RUN_NAMES.has(folded)) return "run";
  if (SHELL_NAMES.has(folded) || (!isAbout && words.some((word) => SHELL.has(word)))) return "shell";
  if (!isAbout && words.some((word) => SQL.has(word))) return "sql";
  if (!isAbout && words.some((word) => QUERY.has(word))) return "query";
  if (/^(?:code|script|source|snippet)$/.test(words[1] ?? "") && CODES.test(words[0] ?? "")) return "code";
  if (folded.endsWith("encoding")) return "encoding";
  if (words.some((word) => word === "base64" || word === "b64" || word === "hex")) return "encoded";
  if (words.some((word) => PROSE.has(word))) return "prose";
  return SAYS_LANGUAGE.test(folded) ? "language" : "nothing";
});

const QUERY = set("query statement statements stmt stmts");
const SETTINGS =
  /^(?:extra|additional|process|custom|set|user|child|job|shell|command|script)?(?:env|envs|environ|environment)(?:vars?|variables?|overrides?)?$/;

/** Prose that a tool may also run: a template, an instruction. A message or a reason is for people alone. */
const SAID_TO_TOOLS = set("text body content template markdown html instruction instructions");

/** Whether a text of this name may be for a tool as well as for people. */
export const isSaidToTools = (name: string) => SAID_TO_TOOLS.has(foldedName(name));

/** Where the words of such an argument stand among those of its program. */
export function rankOfWords(name: string): number {
  const folded = foldedName(name);
  if (folded.startsWith("subcommand")) return 0;
  return /^(?:flag|opt|switch)/.test(folded) ? 1 : /^(?:suffix|append|tail|trailing|rest)/.test(folded) ? 3 : 2;
}

/** Names that hold further words only beside a command. */
const MORE_WORDS = /^(?:arg\d+|suffix|append(?:ed)?|tail|trailing|rest|tokens|words)$/;

/** Whether an argument of this name, beside a command, holds words for it. */
export const isMoreWords = (name: string) => contentOf(name) === "words" || MORE_WORDS.test(foldedName(name));

/** Whether an argument of this name holds nothing but the words of a command: an object there is none of the tool's own. */
export const isWordsAlone = (name: string) => !/^(?:options?|opts|param(?:eter)?s)$/.test(foldedName(name));

/** Whether an argument of this name, beside a command, names a file that its output goes to. */
export const isOutputFile = (name: string) =>
  /^(?:redirect(?:to|output|stdout|stderr)?|(?:std)?(?:out|err)(?:put)?(?:file|path|to)|tee|log(?:file|path|to))$/.test(
    foldedName(name),
  );

/** Whether an argument of this name, beside a command, runs when that has. */
export const isNext = (name: string) => /^(?:and)?(?:then|run)$|^followedby$/.test(foldedName(name));

/** Whether an argument of this name may run before, after or around the command beside it. */
export const mayBeAround = (name: string) =>
  /^(?:prefix|prepend|wrapper|launcher|interpreter|next|before|after|pre|post|finally|fallback|else|on(?:success|error|failure|exit))$/.test(
    foldedName(name),
  );

/** Names of arguments for the words of a command as a whole, its program first. */
export const isArgv = (name: string) => foldedName(name) === "argv";

/** Names that say nothing of what a text is: the tool, or what stands beside it, may. */
const PLAIN = set(
  "code text content contents body source snippet input data value payload line lines q query prompt statement expression template instruction instructions cell cells block blocks chunk filecontent filecontents",
);

/** Whether an argument of this name holds whatever its tool is for. */
export const isPlainArgument = (name: string) => PLAIN.has(foldedName(name));

/** Arguments that say of the texts beside them what these are written in. */
const SAYS_LANGUAGE =
  /(?:language|lang|interpreter|type|kind|format|syntax|dialect|engine|runtime|shell|kernel)$|^(?:mode|tool|toolname|function|functionname)$/;
const SAYS_CODE = /(?:language|lang|interpreter|runtime|kernel)$/;
const CODES =
  /^(?:python|py|javascript|js|node|nodejs|typescript|deno|bun|ruby|perl|php|lua|rscript|julia|groovy|applescript|powershell|pwsh|batch|bat)[\d.]*$/;
const SHELLS = set("bash sh zsh dash ksh fish shell console terminal shellscript powershell pwsh cmd");
/** Shells to which other marks than those of the grammar mean something. */
const OTHER_SHELLS = set("powershell pwsh cmd fish");
const SQLS = set("sql postgres postgresql psql plpgsql mysql mariadb sqlite sqlite3 tsql mssql oracle plsql");

const saysLanguage = remembered((name) => SAYS_LANGUAGE.test(foldedName(name)));
const shortOf = (value: string) =>
  (value.split(/[\\/]/).at(-1) ?? "")
    .toLowerCase()
    .replace(/\.exe$/, "")
    .replace(/^x-/, "")
    .replaceAll(/[^a-z\d]/g, "");

/**
 * The language that one argument says the texts beside it are written in; `code` for one that is not read here, null where
 * it says nothing of the kind.
 */
export function saidLanguage(name: string, value: unknown): "shell" | "sql" | "code" | null {
  if (typeof value !== "string" || value.length > 40 || !saysLanguage(name)) return null;
  const folded = foldedName(name);
  if (/^(?:tool|function)/.test(folded)) return isShellTool(value) ? "shell" : isSqlTool(value) ? "sql" : null;
  const said = shortOf(value);
  if (SHELLS.has(said)) return "shell";
  return SQLS.has(said) ? "sql" : SAYS_CODE.test(folded) && CODES.test(said) ? "code" : null;
}

/** Whether an argument says which shell runs the command beside it: one that is known by name, in a folder of the system. */
export const namesShell = (value: string) =>
  SHELLS.has(shortOf(value)) && /^(?:(?:\/usr(?:\/local)?)?\/bin\/)?[\w.-]+$/.test(value);

/** Whether this is a shell to which other marks mean something than to the ones whose grammar is read here. */
export const isOtherShell = (shell: string) => OTHER_SHELLS.has(shortOf(shell));

/** Whether a tool or an argument is named for such a shell; `cmd` is short for a command as well. */
export const isNamedForOtherShell = (name: string) =>
  wordsOfName(name).some((word) => OTHER_SHELLS.has(word) && word !== "cmd");

const RUNS_CODE = set("run runs exec execute eval evaluate interpreter repl kernel notebook sandbox runtime");
/** Whether a tool of this name runs code that it is given. */
export const runsCode = remembered((tool) => wordsOfName(tool).some((word) => RUNS_CODE.has(word)));

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
  /sql|database|postgres|sqlite|oracle|bigquery|snowflake|mariadb|clickhouse|duckdb|redshift|athena|\btrino\b|presto|cockroach|databricks|teradata|timescale|supabase|data_?warehouse|(?:^|[_-])(?:db|warehouse)(?:[_-]|$)|^(?:read|write|run|execute|exec)_?quer(?:y|ies)$/i;

/** Whether a tool of this name is for a database. */
export const isSqlTool = remembered((tool) => SQL_TOOL.test(tool));
