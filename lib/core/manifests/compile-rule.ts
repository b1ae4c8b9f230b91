import type { Environment } from "@/lib/core/agents/schema";
import type { Reason } from "@/lib/core/decisions/schema";
import type { CatalogueTool } from "@/lib/core/tools/schema";
import type { Validator, Validators } from "@/lib/core/tools/validators";

import type { ArgumentRule } from "./argument-rule";
import { compileConstraint } from "./compile-constraint";
import { compileScope, scopeNote, type ScopeRule } from "./compile-scope";
import { evaluate } from "./condition";
import type { Condition } from "./condition-schema";
import { compileIdsOnly } from "./ids";
import type { AllowedTool, ContextSource } from "./schema";
import { type CompiledWindow, compileWindow } from "./window";

/** A context source a tool needs. `declared` is false when the manifest does not say what it is. */
export type CompiledSource = {
  readonly name: string;
  readonly rule: string;
  readonly declared: boolean;
  readonly ttlMs: number | null;
  readonly scopeKeys: readonly string[];
  readonly mayRefetch: boolean;
};

/** One entry that speaks about a tool. A tool may have several; every one must be satisfied. */
export type CompiledRule = {
  /** As people write it, `tools.allowed[2]`, and as a JSON pointer, `/tools/allowed/2`. */
  readonly rule: string;
  readonly path: string;
  readonly environments: ReadonlySet<Environment> | null;
  readonly windows: readonly CompiledWindow[];
  readonly schema: Validator | null;
  /** Scope, constraints, `when` and `ids_only`, in this order. */
  readonly arguments: readonly ArgumentRule[];
  readonly scope: ScopeRule | null;
  readonly scopeNote: Reason | null;
  readonly idsOnly: boolean;
  readonly sources: readonly CompiledSource[];
  readonly maxRows: number | null;
  readonly approval: Reason | null;
};

export type RulePlace = { readonly rule: string; readonly path: string };

export type RuleSurroundings = {
  readonly tool: CatalogueTool;
  /** Argument names of the tool's schema; empty when it names none. */
  readonly known: ReadonlySet<string>;
  readonly sources: ReadonlyMap<string, { readonly source: ContextSource; readonly index: number }>;
  readonly validators: Validators;
};

/** Compiles one entry of `tools.allowed`; everything about it that never changes is made here, once. */
export function compileRule(entry: AllowedTool, place: RulePlace, around: RuleSurroundings): CompiledRule {
  const { rule, path } = place;
  const scope =
    entry.scope === undefined
      ? null
      : compileScope(`${rule}.scope`, entry.scope, { scopeArgument: around.tool.scopeArgument, known: around.known });
  return Object.freeze({
    rule,
    path,
    environments: entry.environments === undefined ? null : new Set(entry.environments),
    windows: Object.freeze((entry.windows ?? []).map(compileWindow)),
    schema: entry.args_schema === undefined ? null : around.validators.of(entry.args_schema),
    arguments: Object.freeze(argumentRules(entry, place, { scope, known: around.known })),
    scope,
    scopeNote: scope === null || scope.isKnown ? null : Object.freeze(scopeNote(path, entry.name)),
    idsOnly: entry.ids_only === true,
    sources: Object.freeze((entry.sources ?? []).map((name) => compileSource(name, rule, around))),
    maxRows: entry.max_rows ?? null,
    approval: entry.requires_approval === true ? Object.freeze(approvalReason(entry.name, path)) : null,
  });
}

function argumentRules(
  entry: AllowedTool,
  { rule, path }: RulePlace,
  { scope, known }: { readonly scope: ScopeRule | null; readonly known: ReadonlySet<string> },
): ArgumentRule[] {
  const rules: ArgumentRule[] = scope === null ? [] : [scope];
  for (const [name, value] of Object.entries(entry.constraints ?? {})) {
    rules.push(compileConstraint(`${rule}.constraints.${name}`, { name, value }, known));
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
  const unknown = refused(`The call does not say enough to meet the condition of \`${rule}\`; name every argument it asks for.`);
  return {
    rule,
    check: (args) => {
      const truth = evaluate(condition, args);
      if (truth === "true") return NONE;
      return truth === "false" ? untrue : unknown;
    },
  };
}

function compileSource(name: string, rule: string, { sources }: RuleSurroundings): CompiledSource {
  const declared = sources.get(name);
  return Object.freeze({
    name,
    rule: declared === undefined ? `${rule}.sources` : `context.sources[${declared.index}]`,
    declared: declared !== undefined,
    ttlMs: declared?.source.ttl_seconds === undefined ? null : declared.source.ttl_seconds * 1_000,
    scopeKeys: declared?.source.scope_keys ?? [],
    mayRefetch: declared?.source.on_stale === "refetch",
  });
}

function approvalReason(name: string, path: string): Reason {
  return { code: "requires_approval", message: `A person must approve every call of \`${name}\`.`, path };
}
