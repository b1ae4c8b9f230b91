import { remembered } from "@/lib/core/shared/remembered";

/**
 * What an argument holds, by its name. `query` is SQL only where the tool or the text says so, `run` a command only where it
 * is no mere name of a run. `prose` is for people.
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
  | "nothing";

const set = (names: string): ReadonlySet<string> => new Set(names.split(" "));

const SHELL = set(
  "command commands cmd cmds cmdline commandline shell bash sh zsh script scripts exec cli terminal powershell",
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

/** What an argument of this name holds. Names are few and calls are many. */
export const contentOf = remembered((name): NamedContent => {
  const words = wordsOfName(name);
  const folded = words.join("");
  if (/^(?:argv|args|arguments|parameters|params|commandargs|cmdargs)$/.test(folded)) return "words";
  if (/^(?:stdin|standardinput|input)$/.test(folded)) return "input";
  if (/^(?:env|envs|environment|envvars|environmentvariables)$/.test(folded)) return "settings";
  if (/^(?:program|executable|binary)$/.test(folded)) return "program";
  if (/^(?:query|queries)$/.test(folded)) return "query";
  const isAbout = words.length > 1 && words.some((word) => ABOUT.has(word));
  if (folded === "run") return "run";
  if (!isAbout && words.some((word) => SHELL.has(word))) return "shell";
  if (!isAbout && words.some((word) => SQL.has(word))) return "sql";
  if (!isAbout && words.some((word) => word === "query" || word === "statement" || word === "statements"))
    return "query";
  return words.some((word) => PROSE.has(word)) ? "prose" : "nothing";
});

/** Whether an argument of this name holds a command for a shell. */
export const isCommandArgument = (name: string) => contentOf(name) === "shell";

const SQL_TOOL =
  /sql|database|postgres|sqlite|oracle|bigquery|snowflake|(?:^|[_-])db(?:[_-]|$)|^(?:read|write|run|execute|exec)_quer(?:y|ies)$/i;

/** Whether a tool of this name is for a database. */
export const isSqlTool = remembered((tool) => SQL_TOOL.test(tool));

const SQL_TEXT =
  /^\s*(?:(?:--[^\n]*\n|\/\*[^]*?\*\/|\()\s*)*(?:select\b[^]*\b(?:from|\d|now|pg_|version)|with\s+(?:recursive\s+)?[\w"]+\s*(?:\([^)]*\)\s*)?as\s*(?:not\s+)?(?:materialized\s*)?\(|insert\s+into\s|update\s+(?:only\s+)?[\w."`[\]]+\s+(?:(?:as\s+)?\w+\s+)?set\s|delete\s+from\s|(?:drop|alter|create|truncate|rename)\s+(?:or\s+replace\s+|temp(?:orary)?\s+|unique\s+)?(?:table|database|schema|index|view|user|role|function|procedure|trigger|sequence|type|extension|materialized|policy)\b|truncate\s+[\w."]+\s*;?\s*$|grant\s+[\w\s,]+\s+(?:on|to)\s|revoke\s+[\w\s,]+\s+(?:on|from)\s|merge\s+into\s|replace\s+into\s|load\s+data\s|copy\s+[\w."(]+[^]*\s(?:from|to)\s|call\s+\w+\s*\(|exec(?:ute)?\s+\w+|explain\s+(?:analyze\s+)?(?:select|update|delete|insert)\b|pragma\s|attach\s+(?:database\s)?)/i;

/** Whether a text is SQL and not a sentence: a statement's first words in the order that only a statement has. */
export const looksLikeSql = (text: string) => /^[\s(/-]*[a-z]/i.test(text) && SQL_TEXT.test(text);
