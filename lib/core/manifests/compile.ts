import type { Level } from "@/lib/core/agents/schema";
import { classRisk, type ToolClassRisk } from "@/lib/core/decisions/class-risk";
import { columnOf, type LevelColumn, levelResults } from "@/lib/core/decisions/level";
import { frozenResult, PASS } from "@/lib/core/decisions/results";
import { DEFAULT_WEIGHTS, type RiskWeights } from "@/lib/core/decisions/risk-weights";
import type { ApprovalTerms, CheckResult, RunBounds } from "@/lib/core/decisions/schema";
import type { Json } from "@/lib/core/shared/json";
import { microsOf } from "@/lib/core/shared/money";
import { skeletonOf } from "@/lib/core/shared/names";
import { argumentNames } from "@/lib/core/tools/json-schema";
import type { SchemaFault } from "@/lib/core/tools/schema-fault";
import { BLAST_RADII, type BlastRadius, type CatalogueTool, REVERSIBILITIES, type Reversibility, uncatalogued } from "@/lib/core/tools/schema";
import { createValidators, type Validator, type Validators } from "@/lib/core/tools/validators";

import type { ArgumentRule } from "./argument-rule";
import { blockedBy, type BlockList, compileBlocked } from "./blocked";
import { compileEgress } from "./egress";
import { type CompiledRule, compileRule } from "./compile-rule";
import { notEnforced } from "./not-enforced";
import type { AllowedTool, Manifest } from "./schema";

/** All rules about one tool, ready to be asked. */
export type CompiledTool = {
  readonly name: string;
  /** The catalogue's entry, or the strictest one for a tool nobody catalogued. */
  readonly definition: CatalogueTool;
  readonly catalogued: boolean;
  readonly reversibility: Reversibility;
  readonly blastRadius: BlastRadius;
  readonly column: LevelColumn;
  /** The first entry that allows it: `tools.allowed[2]`, `/tools/allowed/2`. */
  readonly rule: string;
  readonly path: string;
  readonly rules: readonly CompiledRule[];
  readonly blocked: CheckResult;
  /** The catalogue's schema; null when it asks for nothing but an object. */
  readonly schema: Validator | null;
  readonly results: readonly Validator[];
  readonly levels: Readonly<Record<Level, CheckResult>>;
  readonly risk: ToolClassRisk;
  readonly terms: ApprovalTerms;
};

/** A published manifest, indexed by tool for the hot path. Frozen, so one copy serves every request. */
export type CompiledManifest = {
  readonly agentId: string;
  readonly version: number;
  readonly hash: string;
  readonly tools: ReadonlyMap<string, CompiledTool>;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  /** A refusal of every call, when the manifest asks for what this version cannot enforce. */
  readonly unenforced: CheckResult | null;
  readonly blocked: BlockList;
  /** Allowed names by skeleton, to name what a look-alike was mistaken for. */
  readonly skeletons: ReadonlyMap<string, string>;
  readonly egress: ArgumentRule | null;
  readonly bounds: RunBounds;
  readonly onBudgetExceeded: "halt_and_escalate" | "halt";
  readonly terms: ApprovalTerms;
  readonly riskWeights: RiskWeights;
  readonly requireApprovalAt: number | null;
  /** Whether the risk score can change a verdict, so that looking up history is worth its price. */
  readonly gatesOnRisk: boolean;
};

export { createValidators };

export type CompileInput = {
  readonly manifest: Manifest;
  readonly version: number;
  readonly hash: string;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  /** Shared by every manifest of a process: compiling schemas is what costs. */
  readonly validators: Validators;
};

/** What holds where neither the tool nor `approval` says anything. */
export const DEFAULT_TERMS: ApprovalTerms = Object.freeze({
  timeoutSeconds: 3_600,
  quorum: 1,
  approverRole: "reviewer",
  separationOfDuties: true,
});

export const UNBOUNDED: RunBounds = Object.freeze({ maxSteps: null, maxWallClockSeconds: null, maxCostMicros: null });

/** Pays O(manifest) once per published version, so that `decide` pays only for the rules of one tool. */
export function compile({ manifest, version, hash, catalogue, validators }: CompileInput): CompiledManifest {
  const blocked = compileBlocked(manifest.tools.blocked);
  const terms = defaultTerms(manifest);
  const weights = weightsOf(manifest);
  const sources = new Map((manifest.context?.sources ?? []).map((source, index) => [source.name, { source, index }]));
  const tools = new Map<string, CompiledTool>();
  for (const [name, own] of entriesByName(manifest)) {
    tools.set(name, compileTool(name, own, { catalogue, validators, blocked, terms, weights, sources }));
  }
  const requireApprovalAt = manifest.risk?.require_approval_at ?? null;
  return Object.freeze({
    agentId: manifest.agent.id,
    version,
    hash,
    tools,
    catalogue,
    unenforced: unenforcedResult(manifest),
    blocked,
    skeletons: new Map([...tools.keys()].map((name) => [skeletonOf(name), name])),
    egress: manifest.egress === undefined ? null : compileEgress("egress.allow", manifest.egress.allow),
    bounds: boundsOfManifest(manifest),
    onBudgetExceeded: manifest.execution?.on_budget_exceeded ?? "halt_and_escalate",
    terms,
    riskWeights: weights,
    requireApprovalAt,
    gatesOnRisk: requireApprovalAt !== null,
  });
}

/** Refuses at load what would otherwise be ignored: an engine that skips what it cannot read fails open. */
function unenforcedResult(manifest: Manifest): CheckResult | null {
  const [path] = notEnforced(manifest);
  if (path === undefined) return null;
  const message = `The manifest asks for \`${path}\`, which this version cannot enforce, so nothing is allowed.`;
  const rule = path.slice(1).replaceAll(/\/(\d+)/g, "[$1]").replaceAll("/", ".");
  return frozenResult({ check: "allowed", verdict: "deny", rule, reasons: [{ code: "not_enforced", message, path }] });
}

/** The bounds that the commit enforces on the locked row of the run. */
export function boundsOf(compiled: CompiledManifest): RunBounds {
  return compiled.bounds;
}

function boundsOfManifest({ execution }: Manifest): RunBounds {
  return Object.freeze({
    maxSteps: execution?.max_steps ?? null,
    maxWallClockSeconds: execution?.max_wall_clock_seconds ?? null,
    maxCostMicros: execution?.max_cost_usd === undefined ? null : microsOf(execution.max_cost_usd),
  });
}

function weightsOf({ risk }: Manifest): RiskWeights {
  const given = Object.entries(risk?.weights ?? {}).filter(([, weight]) => weight !== undefined);
  return Object.freeze({ ...DEFAULT_WEIGHTS, ...Object.fromEntries(given) });
}

function defaultTerms({ approval }: Manifest): ApprovalTerms {
  return Object.freeze({
    timeoutSeconds: approval?.timeout_seconds ?? DEFAULT_TERMS.timeoutSeconds,
    quorum: approval?.quorum ?? DEFAULT_TERMS.quorum,
    approverRole: approval?.approver_role ?? DEFAULT_TERMS.approverRole,
    separationOfDuties: approval?.separation_of_duties ?? DEFAULT_TERMS.separationOfDuties,
  });
}

type Entry = readonly [index: number, entry: AllowedTool];

type Around = Pick<CompileInput, "catalogue" | "validators"> & {
  readonly blocked: BlockList;
  readonly terms: ApprovalTerms;
  readonly weights: RiskWeights;
  readonly sources: Parameters<typeof compileRule>[2]["sources"];
};

function entriesByName({ tools }: Manifest): ReadonlyMap<string, readonly Entry[]> {
  const byName = new Map<string, Entry[]>();
  for (const [index, entry] of tools.allowed.entries()) {
    const known = byName.get(entry.name);
    if (known) known.push([index, entry]);
    else byName.set(entry.name, [[index, entry]]);
  }
  return byName;
}

function compileTool(name: string, entries: readonly Entry[], around: Around): CompiledTool {
  const catalogued = around.catalogue.get(name);
  const definition = catalogued ?? uncatalogued(name);
  const known = argumentNames(definition.argsSchema);
  const rules = entries.map(([index, entry]) =>
    compileRule(entry, { rule: `tools.allowed[${index}]`, path: `/tools/allowed/${index}` }, { ...around, tool: definition, known }),
  );
  const only = entries.map(([, entry]) => entry);
  const reversibility = strictest(REVERSIBILITIES, definition.reversibility, only.map((entry) => entry.reversibility));
  const blastRadius = strictest(BLAST_RADII, definition.blastRadius, only.map((entry) => entry.blast_radius));
  const path = rules[0]?.path ?? "/tools/allowed";
  return Object.freeze({
    name,
    definition,
    catalogued: catalogued !== undefined,
    reversibility,
    blastRadius,
    column: columnOf(reversibility, blastRadius),
    rule: rules[0]?.rule ?? "tools.allowed",
    path,
    rules: Object.freeze(rules),
    blocked: blockedResult(around.blocked, name),
    schema: asksForNothing(definition) ? null : around.validators.of(definition.argsSchema),
    results: Object.freeze(resultSchemas(definition, only).map((schema) => around.validators.of(schema))),
    levels: levelResults({ name, path, reversibility, blastRadius, catalogued: catalogued !== undefined }),
    risk: classRisk(around.weights, reversibility, blastRadius),
    terms: toolTerms(only, around.terms),
  });
}

function blockedResult(list: BlockList, name: string): CheckResult {
  const blocked = blockedBy(list, name);
  return blocked === null ? PASS.blocked : frozenResult(blocked);
}

/** A tool's class is only ever tightened, whoever says it. */
function strictest<T>(order: readonly T[], first: T, others: readonly (T | undefined)[]): T {
  let worst = first;
  for (const other of others) if (other !== undefined && order.indexOf(other) > order.indexOf(worst)) worst = other;
  return worst;
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

const TELLS_NOTHING: ReadonlySet<string> = new Set(["type", "title", "description", "$schema", "$comment"]);

/** A schema that any object satisfies; arguments are always an object. */
function asksForNothing({ argsSchema }: CatalogueTool): boolean {
  return Object.keys(argsSchema).every((key) => TELLS_NOTHING.has(key)) && (argsSchema["type"] ?? "object") === "object";
}

function resultSchemas(definition: CatalogueTool, entries: readonly AllowedTool[]) {
  const own = entries.map((entry) => entry.result_schema).filter((schema) => schema !== undefined);
  return definition.resultSchema === null ? own : [definition.resultSchema, ...own];
}

/**
 * Where a tool's result does not fit what the catalogue and the manifest promise; empty when it does.
 *
 * A schema that cannot be used fails every result: what cannot be checked has not been checked.
 */
export function resultFaults(
  compiled: CompiledManifest | null,
  tool: CatalogueTool | undefined,
  result: Json,
): readonly SchemaFault[] {
  const known = tool === undefined ? undefined : compiled?.tools.get(tool.name);
  const validators = known?.results ?? (tool?.resultSchema ? [createValidators().of(tool.resultSchema)] : []);
  return validators.flatMap((validator) => {
    const validation = validator.check(result);
    if (validation.kind === "valid") return [];
    if (validation.kind === "invalid") return [...validation.faults];
    return [{ path: "", message: `The result schema cannot be used: ${validation.why}` }];
  });
}
