import type { CompiledSource } from "@/lib/core/context/source";
import type { Level } from "@/lib/core/agents/schema";
import type { RestrictedTool } from "@/lib/core/guardrails/schema";
import { type TermsDemand, tightenTerms } from "@/lib/core/guardrails/tighten";
import { classRisks, destructiveRisk, type ToolClassRisk } from "@/lib/core/decisions/class-risk";
import { type LevelCap, levelResults } from "@/lib/core/decisions/level";
import { frozenResult, PASS } from "@/lib/core/decisions/results";
import type { RiskWeights } from "@/lib/core/decisions/risk-weights";
import type { ApprovalTerms, CheckResult } from "@/lib/core/decisions/schema";
import { type ContentHints, contentHints } from "@/lib/core/commands/content-hints";
import type { Terms } from "@/lib/core/commands/judgement";
import { hintedClass } from "@/lib/core/tools/hints";
import { argumentNames } from "@/lib/core/tools/argument-names";
import {
  BLAST_RADII,
  type BlastRadius,
  type CatalogueTool,
  REVERSIBILITIES,
  type Reversibility,
  uncatalogued,
} from "@/lib/core/tools/schema";
import type { Validator } from "@/lib/core/tools/validators";

import type { ArgumentRule } from "./argument-rule";
import {
  type ApprovalRule,
  type CompiledRule,
  compileRule,
  type PlaceRule,
  type RulePlace,
  type RuleSurroundings,
  type SchemaRule,
  type ScopeNote,
} from "./compile-rule";
import type { Sources } from "./compile-source";
import { compileRestriction } from "./compile-restriction";
import { termsOf } from "./command-constraint";
import { compileSequences, type PlacedSequence, type TallyRule } from "./compile-tallies";
import { type CompiledFreeze, freezesOf, meansTool } from "./freeze";
import type { WayBack } from "./rollback";
import type { AllowedTool, Freeze } from "./schema";

/** How many rows a call may touch before a person is asked. A limit nobody wrote only counts what can be counted. */
export type RowLimit = {
  readonly rule: string;
  readonly path: string;
  readonly most: number;
  readonly isWritten: boolean;
};

/**
 * All rules about one tool, gathered by the check that asks for them. Where several entries speak about the tool, each
 * must be satisfied.
 *
 * Shared by every manifest that says the same of it. Its lists are read-only by their types and not frozen: the engine
 * walks them for each call, and V8 walks a frozen array four times slower.
 */
export type CompiledTool = {
  readonly name: string;
  /** The catalogue's entry, or the strictest one for a tool nobody catalogued. */
  readonly definition: CatalogueTool;
  readonly reversibility: Reversibility;
  readonly blastRadius: BlastRadius;
  /** The first entry that allows it: `tools.allowed[2]`, `/tools/allowed/2`. */
  readonly rule: string;
  readonly path: string;
  readonly blocked: CheckResult;
  readonly places: readonly PlaceRule[];
  readonly freezes: readonly CompiledFreeze[];
  /** The catalogue's schema first, unless it asks for nothing but an object. */
  readonly schemas: readonly SchemaRule[];
  readonly arguments: readonly ArgumentRule[];
  readonly scopeNotes: readonly ScopeNote[];
  readonly sources: readonly CompiledSource[];
  /** Every source the call rests on, those it is held against included, with the place that asks for each. */
  readonly neededSources: ReadonlyMap<string, string>;
  readonly approvals: readonly ApprovalRule[];
  readonly rowLimits: readonly RowLimit[];
  /** Limits of its entries, then every sequence that speaks of it. */
  readonly tallies: readonly TallyRule[];
  readonly results: readonly Validator[];
  /** What its arguments hold, and what the manifest names of it. */
  readonly content: { readonly hints: ContentHints; readonly terms: Terms };
  /** Whether what it does can be taken back, where it can be only in part. */
  readonly wayBack: WayBack;
  readonly caps: readonly LevelCap[];
  readonly levels: Readonly<Record<Level, CheckResult>>;
  readonly risk: ToolClassRisk;
  readonly terms: ApprovalTerms;
};

/** An entry of `tools.allowed` with its index. */
export type Entry = readonly [index: number, entry: AllowedTool];

/** An entry of `tools.restricted` of the guardrail with its index. */
export type Restriction = readonly [index: number, entry: RestrictedTool];

/** What a manifest and its catalogue say of one tool. Plain data: equal values compile to equal tools. */
export type WrittenTool = {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** Null for a tool nobody catalogued. */
  readonly definition: CatalogueTool | null;
  readonly blocked: CheckResult | null;
  readonly wayBack: WayBack;
};

/** What holds for every tool of a manifest. Plain data too, but for the validators and the reader of SQL. */
export type ToolSurroundings = Pick<RuleSurroundings, "sources" | "memory" | "validators" | "readSql"> & {
  readonly terms: ApprovalTerms;
  readonly weights: RiskWeights;
  /** Of the manifest and of the guardrail. */
  readonly sequences: readonly PlacedSequence[];
  readonly freezes: readonly Freeze[];
  readonly guardrail: GuardrailSurroundings;
};

/** What the guardrail adds; nothing where none is in force. */
export type GuardrailSurroundings = {
  readonly restricted: readonly Restriction[];
  readonly freezes: readonly Freeze[];
  /** Sources as restrictions see them: declared here or in the manifest. */
  readonly sources: Sources;
  readonly demands: readonly TermsDemand[];
};

/** How many rows an irreversible call may touch unless its entry says otherwise. */
const IRREVERSIBLE_MAX_ROWS = 1;

/** Compiles all entries about one tool, of the manifest and of the guardrail. */
export function compileTool(written: WrittenTool, around: ToolSurroundings): CompiledTool {
  const { name, entries } = written;
  const definition = written.definition ?? uncatalogued(name);
  const known = argumentNames(definition.argsSchema);
  const restrictions = around.guardrail.restricted.filter(([, entry]) => meansTool(entry.name, name));
  const own = entries.map(([index, entry]) =>
    compileRule(entry, allowedPlace(index), { ...around, tool: definition, known }),
  );
  const rules = [
    ...own,
    ...restrictions.map(([index, entry]) => {
      const { sources } = around.guardrail;
      return compileRestriction(name, entry, { index, around: { ...around, sources, tool: definition, known } });
    }),
  ];
  const { rule, path } = own[0] ?? { rule: "tools.allowed", path: "/tools/allowed" };
  const demands = [...entries, ...restrictions].map(([, entry]) => entry);
  const { reversibility, blastRadius } = classOf(definition, demands);
  const caps = rules.flatMap((one) =>
    one.maxLevel === null ? [] : [{ level: one.maxLevel, rule: one.rule, path: one.path }],
  );
  return Object.freeze({
    name,
    definition,
    reversibility,
    blastRadius,
    rule,
    path,
    blocked: written.blocked === null ? PASS.blocked : frozenResult(written.blocked),
    freezes: freezesOf(name, around.freezes, around.guardrail.freezes),
    ...gathered(rules),
    schemas: [...catalogueSchema(definition, around), ...rules.flatMap(({ schemas }) => schemas)],
    rowLimits: rules.flatMap((one, index) => rowLimit(one, reversibility, index < own.length)),
    tallies: [...rules.flatMap((one) => one.tallies), ...compileSequences(name, around.sequences)],
    results: Object.freeze(resultSchemas(definition, demands).map((schema) => around.validators.of(schema))),
    content: {
      hints: contentHints(definition.argsSchema, name),
      terms: termsOf(
        entries.map(([, entry]) => entry),
        around.readSql,
      ),
    },
    caps,
    wayBack: written.wayBack,
    levels: levelResults({
      name,
      path,
      reversibility,
      blastRadius,
      catalogued: written.definition !== null,
      caps,
      wayBack: written.wayBack,
    }),
    risk: classRisks(around.weights)[reversibility][blastRadius],
    terms: tightenTerms(toolTerms(entries, around.terms), [
      ...restrictions.map(([, entry]) => entry),
      ...around.guardrail.demands,
    ]),
  });
}

/** The tool as a call uses it whose command is not known to only read, but named by the manifest: never a read. */
export function changing(tool: CompiledTool, weights: RiskWeights): CompiledTool {
  if (tool.reversibility !== "read" && tool.blastRadius !== "none") return tool;
  const { name, path, caps, wayBack } = tool;
  const reversibility = tool.reversibility === "read" ? "reversible" : tool.reversibility;
  const blastRadius = tool.blastRadius === "none" ? "low" : tool.blastRadius;
  return {
    ...tool,
    reversibility,
    blastRadius,
    levels: levelResults({ name, path, reversibility, blastRadius, caps, catalogued: true, wayBack }),
    risk: classRisks(weights)[reversibility][blastRadius],
  };
}

/** The tool as a call uses it whose command destroys or is not known; `danger` says why. */
export function destructive(tool: CompiledTool, danger: string, weights: RiskWeights): CompiledTool {
  const { name, path, caps } = tool;
  const reversibility = "irreversible";
  const blastRadius = "high";
  return {
    ...tool,
    reversibility,
    blastRadius,
    levels: levelResults({ name, path, reversibility, blastRadius, caps, catalogued: true, because: danger }),
    risk: destructiveRisk(weights, danger),
  };
}

const allowedPlace = (index: number): RulePlace => ({
  rule: `tools.allowed[${index}]`,
  path: `/tools/allowed/${index}`,
});

function gathered(rules: readonly CompiledRule[]) {
  const sources = rules.flatMap((rule) => rule.sources);
  const against = sources.flatMap(({ rule, crossCheck }): [string, string][] =>
    crossCheck === null ? [] : [[crossCheck.source.name, `${rule}.cross_check`]],
  );
  return {
    places: rules.flatMap((rule) => rule.places),
    arguments: rules.flatMap((rule) => rule.arguments),
    scopeNotes: rules.flatMap((rule) => rule.scopeNotes),
    sources,
    neededSources: new Map([...against, ...sources.map(({ name, rule }): [string, string] => [name, rule])]),
    approvals: rules.flatMap((rule) => rule.approvals),
  };
}

/** A tool's class is only ever tightened, whoever says it: the protocol, the manifest or the guardrail. */
function classOf(definition: CatalogueTool, entries: readonly RestrictedTool[]) {
  const hinted = hintedClass(definition);
  const reversibilities = entries.map((entry) => entry.reversibility);
  const radii = entries.map((entry) => entry.blast_radius);
  return {
    reversibility: strictest(REVERSIBILITIES, hinted.reversibility, reversibilities),
    blastRadius: strictest(BLAST_RADII, hinted.blastRadius, radii),
  };
}

function strictest<T>(order: readonly T[], first: T, others: readonly (T | undefined)[]): T {
  let worst = first;
  for (const other of others) if (other !== undefined && order.indexOf(other) > order.indexOf(worst)) worst = other;
  return worst;
}

function rowLimit({ rule, path, maxRows }: CompiledRule, reversibility: Reversibility, isGrant: boolean): RowLimit[] {
  if (maxRows !== null) return [{ rule: `${rule}.max_rows`, path: `${path}/max_rows`, most: maxRows, isWritten: true }];
  if (reversibility !== "irreversible" || !isGrant) return [];
  return [{ rule: `${rule}.max_rows`, path, most: IRREVERSIBLE_MAX_ROWS, isWritten: false }];
}

/** Several entries for one tool must all be satisfied: the shortest time, the most people. */
function toolTerms(own: readonly Entry[], terms: ApprovalTerms): ApprovalTerms {
  const entries = own.map(([, entry]) => entry);
  const timeouts = entries.map((entry) => entry.approval_timeout_seconds).filter((seconds) => seconds !== undefined);
  const quorums = entries.map((entry) => entry.quorum).filter((quorum) => quorum !== undefined);
  return Object.freeze({
    timeoutSeconds: timeouts.length > 0 ? Math.min(...timeouts) : terms.timeoutSeconds,
    quorum: quorums.length > 0 ? Math.max(...quorums) : terms.quorum,
    approverRole: entries.find((entry) => entry.approver_role !== undefined)?.approver_role ?? terms.approverRole,
    separationOfDuties: terms.separationOfDuties,
  });
}

const TELLS_NOTHING: ReadonlySet<string> = new Set(["type", "title", "description", "$comment"]);

/** None for a schema that any object satisfies; arguments are always an object. */
function catalogueSchema({ argsSchema }: CatalogueTool, { validators }: ToolSurroundings): SchemaRule[] {
  const isPlain = Object.keys(argsSchema).every((key) => TELLS_NOTHING.has(key));
  if (isPlain && (argsSchema["type"] ?? "object") === "object") return [];
  return [{ rule: "catalogue.args_schema", schema: validators.of(argsSchema) }];
}

function resultSchemas(definition: CatalogueTool, entries: readonly RestrictedTool[]) {
  const own = entries.map((entry) => entry.result_schema).filter((schema) => schema !== undefined);
  return definition.resultSchema === null ? own : [definition.resultSchema, ...own];
}
