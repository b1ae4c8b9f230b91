import type { CompiledSource } from "@/lib/core/context/source";
import { frozenResult } from "@/lib/core/decisions/results";
import { DEFAULT_WEIGHTS, type RiskWeights } from "@/lib/core/decisions/risk-weights";
import type { ApprovalTerms, CheckResult, RunBounds } from "@/lib/core/decisions/schema";
import type { Json } from "@/lib/core/shared/json";
import { microsOf } from "@/lib/core/shared/money";
import { skeletonOf } from "@/lib/core/shared/names";
import type { CatalogueTool } from "@/lib/core/tools/schema";
import type { SchemaFault } from "@/lib/core/tools/schema-fault";
import { createValidators, type Validators } from "@/lib/core/tools/validators";

import type { ArgumentRule } from "./argument-rule";
import { type BlockList, compileBlocked } from "./blocked";
import { compileSources } from "./compile-source";
import { type CompiledTool, compileTool, type Entry } from "./compile-tool";
import { compileEgress } from "./egress";
import { notEnforced } from "./not-enforced";
import type { Manifest } from "./schema";

/** A published manifest, indexed by tool for the hot path. Frozen, so one copy serves every request. */
export type CompiledManifest = {
  readonly agentId: string;
  readonly version: number;
  readonly hash: string;
  readonly tools: ReadonlyMap<string, CompiledTool>;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  /** Every context source by name. */
  readonly sources: ReadonlyMap<string, CompiledSource>;
  readonly memory: NonNullable<Manifest["memory"]> | null;
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
  const sources = compileSources(manifest);
  const memory = manifest.memory ?? null;
  const tools = new Map<string, CompiledTool>();
  for (const [name, own] of entriesByName(manifest)) {
    tools.set(name, compileTool(name, own, { catalogue, validators, blocked, terms, weights, sources, memory }));
  }
  const requireApprovalAt = manifest.risk?.require_approval_at ?? null;
  return Object.freeze({
    agentId: manifest.agent.id,
    version,
    hash,
    tools,
    catalogue,
    sources,
    memory,
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
  const rule = path
    .slice(1)
    .replaceAll(/\/(\d+)/g, "[$1]")
    .replaceAll("/", ".");
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
  if (given.length === 0) return DEFAULT_WEIGHTS;
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

function entriesByName({ tools }: Manifest): ReadonlyMap<string, readonly Entry[]> {
  const byName = new Map<string, Entry[]>();
  for (const [index, entry] of tools.allowed.entries()) {
    const known = byName.get(entry.name);
    if (known) known.push([index, entry]);
    else byName.set(entry.name, [[index, entry]]);
  }
  return byName;
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
