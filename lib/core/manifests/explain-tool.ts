import { LEVEL_NAMES } from "@/lib/core/agents/level-words";
import type { CatalogueTool } from "@/lib/core/tools/schema";

import { DEFAULT_TERMS } from "./compile";
import { type CommandConstraint, isCommandConstraint } from "./command-constraint";
import type { Comparison, Condition } from "./condition-schema";
import { constrain } from "./constraint";
import type { ConstraintValue, StatementEntry } from "./constraint-schema";
import type { AllowedTool, Manifest } from "./schema";
import { choiceText, durationText, phraseOf } from "./words";
import { windowText } from "./window";

type Said = { readonly path: string; readonly sentence: string };

type Around = {
  readonly path: string;
  readonly tool: CatalogueTool | undefined;
  readonly approval: Manifest["approval"];
};

/** One entry of `tools.allowed` in plain words: what it allows, then each of its limits. */
export function explainTool(entry: AllowedTool, around: Around): Said[] {
  return [{ path: around.path, sentence: headSentence(entry, around) }, ...explainLimits(entry, around.path)];
}

/** What limits the use of a tool, one sentence a key. */
export function explainLimits(entry: AllowedTool, path: string): Said[] {
  const limits: (readonly [key: string, sentence: string | null])[] = [
    ["scope", entry.scope === undefined ? null : `Of that, only ${choiceText(entry.scope, "and")}.`],
    ...Object.entries(entry.constraints ?? {}).map(
      ([name, value]) => [`constraints/${name}`, constraintSentence(name, value)] as const,
    ),
    [
      "when",
      entry.when === undefined
        ? null
        : `Only when ${conditionText(entry.when)}; when that is not certain, it is denied.`,
    ],
    [
      "args_schema",
      entry.args_schema === undefined ? null : "The arguments must fit a schema written here, besides the tool's own.",
    ],
    [
      "ids_only",
      entry.ids_only === true ? "Records must be named one by one by id, never chosen by a condition." : null,
    ],
    [
      "max_rows",
      entry.max_rows === undefined
        ? null
        : `When more than ${entry.max_rows} rows would change, a person must approve.`,
    ],
    ["environments", entry.environments === undefined ? null : `Only in ${choiceText(entry.environments)}.`],
    ["windows", entry.windows === undefined ? null : `Only ${choiceText(entry.windows.map(windowText))}.`],
    [
      "sources",
      entry.sources === undefined ? null : `Only with fresh context from ${choiceText(entry.sources, "and")}.`,
    ],
    [
      "reversibility",
      entry.reversibility === undefined ? null : `Treated as at least ${entry.reversibility.replaceAll("_", " ")}.`,
    ],
    [
      "blast_radius",
      entry.blast_radius === undefined ? null : `Treated as having at least ${entry.blast_radius} blast radius.`,
    ],
    [
      "max_level",
      entry.max_level === undefined
        ? null
        : `Whatever the agent's level, it counts as level ${entry.max_level} (${LEVEL_NAMES[entry.max_level]}) at most.`,
    ],
    [
      "rollback",
      entry.rollback === undefined ? null : `Taken back by ${phraseOf(entry.rollback)}, which level 4 needs.`,
    ],
    [
      "result_schema",
      entry.result_schema === undefined ? null : "A result that does not fit the schema written here counts as failed.",
    ],
  ];
  return limits.flatMap(([key, sentence]) => (sentence === null ? [] : [{ path: `${path}/${key}`, sentence }]));
}

function headSentence(entry: AllowedTool, { tool, approval }: Around): string {
  const may = `May ${phraseOf(entry.name)}`;
  const unknown =
    tool === undefined ? " The tool is not in the catalogue and counts as irreversible with high blast radius." : "";
  if (entry.requires_approval !== true) return `${may}.${unknown}`;
  const seconds = entry.approval_timeout_seconds ?? approval?.timeout_seconds ?? DEFAULT_TERMS.timeoutSeconds;
  const quorum = entry.quorum ?? approval?.quorum ?? DEFAULT_TERMS.quorum;
  const role = entry.approver_role ?? approval?.approver_role ?? DEFAULT_TERMS.approverRole;
  const people = quorum === 1 ? "a person" : `${quorum} different people`;
  const withRole = role === DEFAULT_TERMS.approverRole ? "" : ` with the role ${role.replaceAll("_", " ")}`;
  return `${may}, but ${people}${withRole} must approve each one within ${durationText(seconds)}; otherwise it does not run.${unknown}`;
}

function constraintSentence(name: string, value: ConstraintValue): string {
  if (isCommandConstraint(name)) return commandSentence(name, [value].flat());
  const meant = constrain(name, new Set());
  const argument = `\`${meant?.wanted[0] ?? name}\``;
  const list = choiceText([value].flat().filter((item) => typeof item !== "object" || item === null));
  switch (meant?.kind) {
    case "allowed":
      return `${argument} must be ${list}.`;
    case "denied":
      return `${argument} must not be ${list}, nor look like it.`;
    case "max":
      return `${argument} must be a number of at most ${list}.`;
    case "min":
      return `${argument} must be a number of at least ${list}.`;
    case "max_length":
      return `${argument} may be at most ${list} long.`;
    case "prefix":
      return `${argument} must begin with ${list}.`;
    case undefined:
      return `\`${name}\` is not understood, so nothing passes it.`;
  }
}

type Entry = Extract<ConstraintValue, readonly unknown[]>[number];

function commandSentence(name: CommandConstraint, entries: readonly Entry[]): string {
  switch (name) {
    case "allowed_commands":
      if (entries.length === 0) return "Commands may only read.";
      return `Commands may only read, or be ${choiceText(entries.map(commandText))}; anything else is denied.`;
    case "allowed_statements":
      if (entries.length === 0) return "Statements may only read.";
      return `Statements may only read, or ${choiceText(entries.map(statementText))}; anything else is denied.`;
    case "denied_commands":
      return `Commands must not run ${choiceText(entries.map(commandText))}, nor anything that is not known not to.`;
  }
}

function commandText(entry: Entry): string {
  if (typeof entry !== "object" || entry === null || !("program" in entry)) return `\`${String(entry)}\``;
  const { program, subcommand, flags = [], words = 0, env = [], writes = [], stdin } = entry;
  const parts = [
    flags.length > 0 ? `the options ${choiceText(flags, "and")}` : null,
    words === "any"
      ? "any words"
      : typeof words === "number"
        ? words > 0
          ? `up to ${words} words`
          : null
        : `the words ${choiceText(words)}`,
    env.length > 0 ? `the variables ${choiceText(env, "and")}` : null,
    writes.length > 0 ? `output written to ${choiceText(writes)}` : null,
    stdin === undefined ? null : stdin === "text" ? "input that is written out" : "any input",
  ].filter((part) => part !== null);
  const command = `\`${[program, subcommand].filter(Boolean).join(" ")}\``;
  return parts.length === 0 ? command : `${command} with ${choiceText(parts, "and")}`;
}

const KINDS: Readonly<Record<StatementEntry["kind"], string>> = {
  select: "select from",
  insert: "insert into",
  update: "update",
  delete: "delete from",
  explain: "explain",
  show: "show",
};

function statementText(entry: Entry): string {
  if (typeof entry !== "object" || entry === null || !("kind" in entry)) return String(entry);
  const { kind, tables, functions = [] } = entry;
  const calls = functions.length === 0 ? "" : `, calling ${choiceText(functions, "and")}`;
  return `${KINDS[kind]} ${tables === undefined ? "any table" : choiceText(tables)}${calls}`;
}

/** A condition as the rest of a sentence that begins with "when". */
export function conditionText(condition: Condition): string {
  if ("all" in condition) return joined(condition.all, "and");
  if ("any" in condition) return joined(condition.any, "or");
  if ("not" in condition) return `it is not so that ${conditionText(condition.not)}`;
  return comparisonText(condition);
}

function joined(conditions: readonly Condition[], word: "and" | "or"): string {
  const parts = conditions.map((one) =>
    "all" in one || "any" in one ? `(${conditionText(one)})` : conditionText(one),
  );
  return parts.join(` ${word} `);
}

function comparisonText(comparison: Comparison): string {
  const { arg, equals, at_most: most, at_least: least, prefix, max_items: items } = comparison;
  const parts = [
    equals === undefined ? null : `is ${choiceText([equals])}`,
    comparison.in === undefined ? null : `is ${choiceText(comparison.in)}`,
    most === undefined ? null : `is at most ${most}`,
    least === undefined ? null : `is at least ${least}`,
    prefix === undefined ? null : `begins with ${prefix}`,
    items === undefined ? null : `has at most ${items} items`,
  ];
  return `\`${arg}\` ${parts.filter((part) => part !== null).join(" and ")}`;
}
