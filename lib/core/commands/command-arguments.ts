import { remembered } from "@/lib/core/shared/remembered";

const SHELL_NAME = /^(?:shell_?|bash_?)?(?:command|commands|cmd|cmdline|command_?line|script|shell|bash)$/i;
const SQL_NAME = /^(?:sql|sql_?query|sql_?statement|statement|statements)$/i;
const SQL_TOOL = /sql|database|postgres|sqlite|oracle|bigquery|snowflake|(?:^|[_-])db(?:[_-]|$)/i;
const PROGRAM_NAME = /^(?:program|executable|binary)$/i;
/** Arguments that hold the words a program is given. */
export const ARGUMENTS_NAME = /^(?:argv|args|arguments|parameters)$/i;

/** A `query` is SQL only where the tool says that it is for a database. */
type Content = "shell" | "sql" | "query" | "program" | "nothing";

/** What an argument of this name holds. Names are few and calls are many. */
export const contentOf = remembered((name): Content => {
  if (SHELL_NAME.test(name)) return "shell";
  if (SQL_NAME.test(name)) return "sql";
  if (/^query$/i.test(name)) return "query";
  return PROGRAM_NAME.test(name) ? "program" : "nothing";
});

/** Whether an argument of this name holds a command for a shell. */
export const isCommandArgument = (name: string) => contentOf(name) === "shell";

/** Whether a tool of this name is for a database. */
export const isSqlTool = remembered((tool) => SQL_TOOL.test(tool));
