import type { CompiledSource } from "@/lib/core/context/source";
import type { Level } from "@/lib/core/agents/schema";
import { classRisk, type ToolClassRisk } from "@/lib/core/decisions/class-risk";
import { levelResults } from "@/lib/core/decisions/level";
import { frozenResult, PASS } from "@/lib/core/decisions/results";
import type { RiskWeights } from "@/lib/core/decisions/risk-weights";
import type { ApprovalTerms, CheckResult } from "@/lib/core/decisions/schema";
import { argumentNames } from "@/lib/core/tools/json-schema";
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
import { blockedBy, type BlockList } from "./blocked";
import {
  type ApprovalRule,
  type CompiledRule,
  compileRule,
  type PlaceRule,
  type RuleSurroundings,
  type SchemaRule,
  type ScopeNote,
} from "./compile-rule";
import type { AllowedTool } from "./schema";

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
  /** The catalogue's schema first, unless it asks for nothing but an object. */
  readonly schemas: readonly SchemaRule[];
  readonly arguments: readonly ArgumentRule[];
  readonly scopeNotes: readonly ScopeNote[];
  readonly sources: readonly CompiledSource[];
  /** Every source the call rests on, those it is held against included, with the place that asks for each. */
  readonly neededSources: ReadonlyMap<string, string>;
  readonly approvals: readonly ApprovalRule[];
  readonly rowLimits: readonly RowLimit[];
  readonly results: readonly Validator[];
  readonly levels: Readonly<Record<Level, CheckResult>>;
  readonly risk: ToolClassRisk;
  readonly terms: ApprovalTerms;
};

/** An entry of `tools.allowed` with its index. */
export type Entry = readonly [index: number, entry: AllowedTool];

export type ToolSurroundings = Pick<RuleSurroundings, "sources" | "memory" | "validators"> & {
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  readonly blocked: BlockList;
  readonly terms: ApprovalTerms;
  readonly weights: RiskWeights;
};

/** How many rows an irreversible call may touch unless its entry says otherwise. */
const IRREVERSIBLE_MAX_ROWS = 1;

/** Compiles all entries about one tool. */
export function compileTool(name: string, entries: readonly Entry[], around: ToolSurroundings): CompiledTool {
  const catalogued = around.catalogue.get(name);
  const definition = catalogued ?? uncatalogued(name);
  const known = argumentNames(definition.argsSchema);
  const rules = entries.map(([index, entry]) => {
    const place = { rule: `tools.allowed[${index}]`, path: `/tools/allowed/${index}` };
    return compileRule(entry, place, { ...around, tool: definition, known });
  });
  const { rule, path } = rules[0] ?? { rule: "tools.allowed", path: "/tools/allowed" };
  const written = entries.map(([, entry]) => entry);
  const { reversibility, blastRadius } = classOf(definition, written);
  return Object.freeze({
    name,
    definition,
    reversibility,
    blastRadius,
    rule,
    path,
    blocked: blockedResult(around.blocked, name),
    ...gathered(rules),
    schemas: Object.freeze([...catalogueSchema(definition, around), ...rules.flatMap(({ schemas }) => schemas)]),
    rowLimits: Object.freeze(rules.flatMap((one) => rowLimit(one, reversibility))),
    results: Object.freeze(resultSchemas(definition, written).map((schema) => around.validators.of(schema))),
    levels: levelResults({ name, path, reversibility, blastRadius, catalogued: catalogued !== undefined }),
    risk: classRisk(around.weights, reversibility, blastRadius),
    terms: toolTerms(written, around.terms),
  });
}

function gathered(rules: readonly CompiledRule[]) {
  const sources = rules.flatMap((rule) => rule.sources);
  const against = sources.flatMap(({ rule, crossCheck }): [string, string][] =>
    crossCheck === null ? [] : [[crossCheck.source.name, `${rule}.cross_check`]],
  );
  return {
    places: Object.freeze(rules.flatMap(({ places }) => places)),
    arguments: Object.freeze(rules.flatMap((rule) => rule.arguments)),
    scopeNotes: Object.freeze(rules.flatMap(({ scopeNotes }) => scopeNotes)),
    sources: Object.freeze(sources),
    neededSources: new Map([...against, ...sources.map(({ name, rule }): [string, string] => [name, rule])]),
    approvals: Object.freeze(rules.flatMap(({ approvals }) => approvals)),
  };
}

/** A tool's class is only ever tightened, whoever says it. */
function classOf(definition: CatalogueTool, entries: readonly AllowedTool[]) {
  const reversibilities = entries.map((entry) => entry.reversibility);
  const radii = entries.map((entry) => entry.blast_radius);
  return {
    reversibility: strictest(REVERSIBILITIES, definition.reversibility, reversibilities),
    blastRadius: strictest(BLAST_RADII, definition.blastRadius, radii),
  };
}

function strictest<T>(order: readonly T[], first: T, others: readonly (T | undefined)[]): T {
  let worst = first;
  for (const other of others) if (other !== undefined && order.indexOf(other) > order.indexOf(worst)) worst = other;
  return worst;
}

function blockedResult(list: BlockList, name: string): CheckResult {
  const blocked = blockedBy(list, name);
  return blocked === null ? PASS.blocked : frozenResult(blocked);
}

function rowLimit({ rule, path, maxRows }: CompiledRule, reversibility: Reversibility): RowLimit[] {
  if (maxRows !== null) return [{ rule: `${rule}.max_rows`, path: `${path}/max_rows`, most: maxRows, isWritten: true }];
  if (reversibility !== "irreversible") return [];
  return [{ rule: `${rule}.max_rows`, path, most: IRREVERSIBLE_MAX_ROWS, isWritten: false }];
}

/** Several entries for one tool must all be satisfied: the shortest time, the most people. */
function toolTerms(entries: readonly AllowedTool[], terms: ApprovalTerms): ApprovalTerms {
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

function resultSchemas(definition: CatalogueTool, entries: readonly AllowedTool[]) {
  const own = entries.map((entry) => entry.result_schema).filter((schema) => schema !== undefined);
  return definition.resultSchema === null ? own : [definition.resultSchema, ...own];
}
