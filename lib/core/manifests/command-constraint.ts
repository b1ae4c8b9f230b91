import { type AllowedCommand, allowCommand, type CommandEntry } from "@/lib/core/commands/allowed-commands";
import { type AllowedStatement, allowStatement } from "@/lib/core/commands/allowed-statements";
import { judgeCommand } from "@/lib/core/commands/judge-command";
import { judgeStatements } from "@/lib/core/commands/judge-sql";
import type { Harm, Judged, Terms } from "@/lib/core/commands/judgement";
import { beginsCommand, namesCommand, wordsOf } from "@/lib/core/commands/name-command";
import { lineOf, type CallReading, type ReadCommand } from "@/lib/core/commands/read-call";
import type { Program } from "@/lib/core/commands/shell-reading";
import type { SqlReader } from "@/lib/core/commands/sql-reading";
import { NO_REASONS } from "@/lib/core/decisions/results";
import type { Reason } from "@/lib/core/decisions/schema";

import { type ArgumentRule, listed, shown } from "./argument-rule";
import type { StatementEntry } from "./constraint-schema";
import type { AllowedTool } from "./schema";

/** The constraints that are about commands and statements, and not about an argument of such a name. */
export const COMMAND_CONSTRAINTS = ["allowed_commands", "denied_commands", "allowed_statements"] as const;
export type CommandConstraint = (typeof COMMAND_CONSTRAINTS)[number];

export const isCommandConstraint = (name: string): name is CommandConstraint =>
  COMMAND_CONSTRAINTS.some((known) => known === name);

/** What the entries of a manifest about one tool name: only they lift what is unknown, a guardrail never does. */
export function termsOf(entries: readonly Pick<AllowedTool, "constraints">[], readSql: SqlReader): Terms {
  return {
    commands: entries.map(({ constraints }) => commandsOf(constraints?.["allowed_commands"])),
    statements: entries.map(({ constraints }) => statementsOf(constraints?.["allowed_statements"])),
    readSql,
  };
}

/** An entry that cannot be parsed names nothing. */
function commandsOf(value: unknown): readonly AllowedCommand[] {
  if (!Array.isArray(value)) return [];
  const parsed = value.map((entry: CommandEntry) => allowCommand(entry));
  return parsed.filter((one) => typeof one !== "string");
}

function statementsOf(value: unknown): readonly AllowedStatement[] {
  return Array.isArray(value) ? value.map((entry: StatementEntry) => allowStatement(entry)) : [];
}

/** Compiles a constraint about commands or statements. What is not known meets it: a restriction needs no certainty. */
export function compileCommandConstraint(
  rule: string,
  constraint: { readonly name: CommandConstraint; readonly value: unknown },
  readSql: SqlReader,
): ArgumentRule {
  const { name, value } = constraint;
  if (name === "denied_commands") return { rule, check: deniedCheck(Array.isArray(value) ? value.map(String) : []) };
  if (name === "allowed_commands")
    return { rule, check: allowedCheck({ commands: [commandsOf(value)], statements: [], readSql }) };
  return { rule, check: statementsCheck({ commands: [], statements: [statementsOf(value)], readSql }) };
}

const unmet = (path: string, message: string): readonly Reason[] => [{ code: "constraint_unmet", message, path }];
const MISSING = "This rule is about commands, and the call holds none that can be read.";

function allowedCheck(terms: Terms): ArgumentRule["check"] {
  return (_args, { commands }) => {
    if (commands.length === 0) return unmet("/args", MISSING);
    for (const command of commands) {
      const judged = judgeCommand(command.reading, terms);
      const refused = command.isGuess ? undefined : firstRefused(command, judged);
      if (refused !== undefined) return unmet(command.path, refused);
    }
    return NO_REASONS;
  };
}

const isFine = (harm: Harm) => harm === "harmless" || harm === "named";

/** What is destructive and named still passes here; it is asked about as what cannot be taken back. */
function firstRefused({ reading, text }: ReadCommand, judged: readonly Judged<Program>[]): string | undefined {
  const [unclear] = reading.unclear;
  if (unclear !== undefined)
    return `\`${shown(text)}\` cannot be read to its end (${unclear}), so it is not a command of \`allowed_commands\`.`;
  const wrong = judged.find(({ harm, isNamed }) => !isFine(harm) && !isNamed);
  if (wrong === undefined) return undefined;
  const line = lineOf(wrong.part);
  return `\`${shown(line)}\` is neither known to only read nor a command of \`allowed_commands\`: ${wrong.part.name?.text ?? "it"} ${wrong.why}. To allow it, add \`${shown(line)}\` there.`;
}

function statementsCheck(terms: Terms): ArgumentRule["check"] {
  return (_args, { statements }) => {
    if (statements.length === 0)
      return unmet("/args", "This rule is about statements, and the call holds none that can be read.");
    for (const { path, text, dialect } of statements) {
      const wrong = judgeStatements(terms.readSql(text, dialect), terms).find(({ harm }) => !isFine(harm));
      if (wrong === undefined) continue;
      const kind =
        wrong.part === null
          ? ""
          : ` To allow it, add \`{kind: ${wrong.part.kind}, tables: [${wrong.part.tables.join(", ")}]}\` there.`;
      return unmet(
        path,
        `\`${shown(text)}\` is neither known to only read nor a statement of \`allowed_statements\`: it ${wrong.why}.${kind}`,
      );
    }
    return NO_REASONS;
  };
}

function deniedCheck(denied: readonly string[]): ArgumentRule["check"] {
  const rules = denied.map((text) => ({ text, words: wordsOf(text) }));
  return (_args, { commands }) => {
    if (commands.length === 0) return unmet("/args", MISSING);
    for (const command of commands) {
      for (const { text, words } of rules) {
        const truth = namesCommand(command, words);
        if (truth === "false") continue;
        return unmet(command.path, truth === "true" ? `The command must not run \`${text}\`.` : mayRun(command, text));
      }
    }
    return NO_REASONS;
  };
}

function mayRun({ reading, programs, text }: ReadCommand, denied: string): string {
  const [unclear] = reading.unclear;
  const unknown = programs.find(({ harm }) => !isFine(harm));
  const why =
    unclear ??
    (unknown === undefined
      ? "part of it is decided when it runs"
      : `\`${shown(lineOf(unknown.part))}\` ${unknown.why}`);
  const fix = unknown?.harm === "unknown" ? " Name it in `allowed_commands` if it does not." : "";
  return `The command must not run \`${denied}\`, and \`${shown(text)}\` may: ${why}.${fix}`;
}

/** Compiles `prefix_command` and its like: each command of the call begins with one of these. */
export function compileCommandPrefix(rule: string, prefixes: readonly string[]): ArgumentRule {
  const wrong = `must begin with ${prefixes.length > 1 ? "one of " : ""}${listed(prefixes)}, as one command that starts no other`;
  return {
    rule,
    check: (_args, { commands }: CallReading) => {
      if (commands.length === 0) return unmet("/args", MISSING);
      const bad = commands.find(
        (one) => !one.isGuess && !prefixes.some((prefix) => beginsCommand(one, prefix) === "true"),
      );
      return bad === undefined
        ? NO_REASONS
        : unmet(bad.path, `The command ${wrong}; the call says ${shown(bad.text)}.`);
    },
  };
}
