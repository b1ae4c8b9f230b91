import { changesPreferences, type MemoryRules } from "@/lib/core/context/memory";
import { contentHints } from "@/lib/core/commands/content-hints";
import type { SqlReader } from "@/lib/core/commands/sql-reading";
import type { CompiledSource } from "@/lib/core/context/source";
import type { Environment, Level } from "@/lib/core/agents/schema";
import type { Reason } from "@/lib/core/decisions/schema";
import type { CatalogueTool } from "@/lib/core/tools/schema";
import type { Validator, Validators } from "@/lib/core/tools/validators";

import type { ArgumentRule } from "./argument-rule";
import { compileConstraint } from "./compile-constraint";
import { compileScope, scopeNote, type ScopeRule } from "./compile-scope";
import { evaluate } from "./condition";
import type { Condition } from "./condition-schema";
import { compileIdsOnly } from "./ids";
import { type Sources, undeclaredSource } from "./compile-source";
import { compileLimits, type TallyRule } from "./compile-tallies";
import type { AllowedTool } from "./schema";
import { type CompiledWindow, compileWindow } from "./window";

/** Where and when a tool may run. */
export type PlaceRule = RulePlace & {
  readonly environments: ReadonlySet<Environment> | null;
  readonly windows: readonly CompiledWindow[];
};

/** A schema the arguments must fit, and who says so. */
export type SchemaRule = { readonly rule: string; readonly schema: Validator };

/** A scope that has nothing to narrow, unless a call names one of `names`. */
export type ScopeNote = { readonly names: readonly string[]; readonly note: Reason };

/** What one entry asks for, by the check that asks; what it does not ask for is not there. */
export type CompiledRule = RulePlace & {
  readonly places: readonly PlaceRule[];
  readonly schemas: readonly SchemaRule[];
  /** Scope, constraints, `when` and `ids_only`, in this order. */
  readonly arguments: readonly ArgumentRule[];
  readonly scopeNotes: readonly ScopeNote[];
  readonly sources: readonly CompiledSource[];
  readonly maxRows: number | null;
  readonly maxLevel: Level | null;
  readonly approvals: readonly ApprovalRule[];
  readonly tallies: readonly TallyRule[];
};

/** A demand for approval, made once. */
export type ApprovalRule = { readonly rule: string; readonly reason: Reason };

/** A place in the manifest, as people write it (`tools.allowed[2]`) and as a JSON pointer (`/tools/allowed/2`). */
export type RulePlace = { readonly rule: string; readonly path: string };

/** Memory rules with the document they stand in: `""` is the manifest, `guardrails.` and `/guardrails` the guardrail. */
export type PlacedMemory = { readonly rules: MemoryRules; readonly place: RulePlace };

export type RuleSurroundings = {
  readonly tool: CatalogueTool;
  /** Argument names of the tool's schema; empty when it names none. */
  readonly known: ReadonlySet<string>;
  readonly sources: Sources;
  readonly memory: readonly PlacedMemory[];
  readonly validators: Validators;
  readonly readSql: SqlReader;
};

/** Compiles one entry of `tools.allowed` or one restriction of a guardrail; everything about it that never changes is made here, once. */
export function compileRule(entry: AllowedTool, place: RulePlace, around: RuleSurroundings): CompiledRule {
  const { rule, path } = place;
  const scope =
    entry.scope === undefined
      ? null
      : compileScope(`${rule}.scope`, entry.scope, { scopeArgument: around.tool.scopeArgument, known: around.known });
  const isIdle = scope !== null && !scope.isKnown;
  const schema = entry.args_schema;
  return {
    rule,
    path,
    places: placeRules(entry, place),
    schemas: schema === undefined ? [] : [{ rule: `${rule}.args_schema`, schema: around.validators.of(schema) }],
    arguments: argumentRules(entry, place, { scope, known: around.known, readSql: around.readSql }),
    scopeNotes: isIdle ? [{ names: scope.names, note: Object.freeze(scopeNote(path, entry.name)) }] : [],
    sources: (entry.sources ?? []).flatMap(
      (name) =>
        around.sources.get(name) ?? [undeclaredSource(name, { rule: `${rule}.sources`, path: `${path}/sources` })],
    ),
    maxRows: entry.max_rows ?? null,
    maxLevel: entry.max_level ?? null,
    approvals: approvalRules(entry, place, around.memory),
    tallies: compileLimits(entry, place, contentHints(around.tool.argsSchema)),
  };
}

function placeRules({ environments, windows }: AllowedTool, { rule, path }: RulePlace): PlaceRule[] {
  if (environments === undefined && windows === undefined) return [];
  return [
    {
      rule,
      path,
      environments: environments === undefined ? null : new Set(environments),
      windows: (windows ?? []).map(compileWindow),
    },
  ];
}

function argumentRules(
  entry: AllowedTool,
  { rule, path }: RulePlace,
  { scope, ...around }: { readonly scope: ScopeRule | null } & Pick<RuleSurroundings, "known" | "readSql">,
): ArgumentRule[] {
  const rules: ArgumentRule[] = scope === null ? [] : [scope];
  for (const [name, value] of Object.entries(entry.constraints ?? {})) {
    rules.push(compileConstraint(`${rule}.constraints.${name}`, { name, value }, around));
  }
  if (entry.when !== undefined) rules.push(compileWhen(entry.when, { rule: `${rule}.when`, path: `${path}/when` }));
  if (entry.ids_only === true) rules.push(compileIdsOnly(`${rule}.ids_only`));
  return rules;
}

const NONE: readonly Reason[] = Object.freeze([]);

/** A grant needs certainty: whatever is not certainly true is refused. */
function compileWhen(condition: Condition, { rule, path }: RulePlace): ArgumentRule {
  const refused = (message: string) => Object.freeze([Object.freeze({ code: "condition_not_met", message, path })]);
  const untrue = refused(`The call does not meet the condition of \`${rule}\`.`);
  const unknown = refused(
    `The call does not say enough to meet the condition of \`${rule}\`; name every argument it asks for.`,
  );
  return {
    rule,
    check: (args, reading) => {
      const truth = evaluate(condition, args, reading);
      if (truth === "true") return NONE;
      return truth === "false" ? untrue : unknown;
    },
  };
}

function approvalRules(
  { name, requires_approval: isRequired }: AllowedTool,
  { rule, path }: RulePlace,
  memory: readonly PlacedMemory[],
): ApprovalRule[] {
  const rules: ApprovalRule[] = [];
  if (isRequired === true) {
    const message = `A person must approve every call of \`${name}\`.`;
    const reason = Object.freeze({ code: "requires_approval", message, path });
    rules.push({ rule: `${rule}.requires_approval`, reason });
  }
  for (const { rules: said, place } of memory) {
    if (said.preferences?.requires_user_approval !== true || !changesPreferences(name)) continue;
    const message = "What the agent remembers about its user is changed only when a person approves.";
    const at = `${place.path}/memory/preferences/requires_user_approval`;
    const reason = Object.freeze({ code: "preference_requires_approval", message, path: at });
    rules.push({ rule: `${place.rule}memory.preferences.requires_user_approval`, reason });
  }
  return rules;
}
