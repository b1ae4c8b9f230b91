import { type SqlReader, unreadSql } from "@/lib/core/commands/sql-reading";
import { frozenResult } from "@/lib/core/decisions/results";
import { type ClassRisks, classRisks } from "@/lib/core/decisions/class-risk";
import { DEFAULT_WEIGHTS, type RiskWeights } from "@/lib/core/decisions/risk-weights";
import type { ApprovalTerms, CheckResult, RunBounds } from "@/lib/core/decisions/schema";
import type { Guardrail, PublishedGuardrail } from "@/lib/core/guardrails/schema";
import { type TermsDemand, tightenExecution, tightenTerms } from "@/lib/core/guardrails/tighten";
import type { Json } from "@/lib/core/shared/json";
import { microsOf } from "@/lib/core/shared/money";
import { skeletonOf } from "@/lib/core/shared/skeleton";
import type { CatalogueTool } from "@/lib/core/tools/schema";
import type { SchemaFault } from "@/lib/core/tools/schema-fault";
import { createValidators, type Validators } from "@/lib/core/tools/validators";

import type { ArgumentRule } from "./argument-rule";
import { blockedBy, type BlockList, compileBlocked } from "./blocked";
import type { PlacedMemory, RulePlace } from "./compile-rule";
import { compileSources, type Sources } from "./compile-source";
import type { CompiledTool, Entry, WrittenTool } from "./compile-tool";
import type { PlacedSequence } from "./compile-tallies";
import { DEFAULT_BOUNDS } from "./default-bounds";
import { compileEgress } from "./egress";
import { wayBack } from "./rollback";
import type { Manifest } from "./schema";
import { createToolPool, type ToolPool } from "./tool-pool";

/** A published manifest under the workspace's guardrail, indexed by tool for the hot path. Frozen, so one copy serves every request. */
export type CompiledManifest = {
  readonly agentId: string;
  readonly version: number;
  readonly hash: string;
  readonly tools: ReadonlyMap<string, CompiledTool>;
  /** Which guardrail is merged in; null when the workspace has none. */
  readonly guardrail: Omit<PublishedGuardrail, "guardrail"> | null;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  /** Every context source by name, of the manifest and of the guardrail. */
  readonly sources: Sources;
  readonly memory: readonly PlacedMemory[];
  /** A refusal of every call, while a guardrail is in force that this version cannot read. */
  readonly unreadable: CheckResult | null;
  readonly blocked: BlockList;
  /** Allowed names by skeleton, to name what a look-alike was mistaken for. */
  readonly skeletons: ReadonlyMap<string, string>;
  /** Every list of hosts; each must allow every host that is named. */
  readonly egress: readonly ArgumentRule[];
  readonly bounds: RunBounds;
  readonly onBudgetExceeded: "halt_and_escalate" | "halt";
  readonly terms: ApprovalTerms;
  readonly riskWeights: RiskWeights;
  /** The risk of every class of tool under those weights, for tools the manifest does not allow. */
  readonly classRisks: ClassRisks;
  readonly requireApprovalAt: number | null;
  /** Where that threshold is written. */
  readonly riskGate: RulePlace;
};

export { createValidators };

export type CompileInput = {
  readonly manifest: Manifest;
  readonly version: number;
  readonly hash: string;
  /** What no agent of the workspace may do; it only takes away. */
  readonly guardrail?: PublishedGuardrail | null;
  readonly catalogue: ReadonlyMap<string, CatalogueTool>;
  /** Shared by every manifest of a process: compiling schemas is what costs. */
  readonly validators: Validators;
  /** Reads statements; without one, no statement is known to be harmless. */
  readonly readSql?: SqlReader;
  /** Likewise: tools of which several manifests say the same are compiled once. */
  readonly pool?: ToolPool;
};

/** What holds where neither the tool nor `approval` says anything. */
export const DEFAULT_TERMS: ApprovalTerms = Object.freeze({
  timeoutSeconds: 3_600,
  quorum: 1,
  approverRole: "reviewer",
  separationOfDuties: true,
});

export const UNBOUNDED: RunBounds = Object.freeze({
  maxSteps: null,
  maxWallClockSeconds: null,
  maxCostMicros: null,
  maxRetries: null,
  loopRepeats: null,
  breaker: null,
  dailyCostMicros: null,
  dailyTokens: null,
  warnCostMicros: null,
  warnTokens: null,
  defaultMicros: null,
  defaultTokens: null,
});

/** Pays O(manifest) once per published version, so that `decide` pays only for the rules of one tool. */
export function compile(input: CompileInput): CompiledManifest {
  const { manifest, version, hash, catalogue, validators } = input;
  const published = input.guardrail ?? null;
  const guardrail = published?.guardrail ?? null;
  const blocked = compileBlocked(manifest.tools.blocked, guardrail?.tools.blocked);
  const demands = termsDemands(guardrail);
  const terms = defaultTerms(manifest);
  const weights = weightsOf(manifest);
  const sources = compileSources(manifest, guardrail);
  const memory = [
    ...placedMemory(manifest.memory, "", ""),
    ...placedMemory(guardrail?.memory, "guardrails.", "/guardrails"),
  ];
  const around = {
    validators,
    readSql: input.readSql ?? unreadSql,
    terms,
    weights,
    memory,
    freezes: manifest.freezes ?? [],
    sequences: [...placed(manifest.sequences, "", ""), ...placed(guardrail?.sequences, "guardrails.", "/guardrails")],
    sources: sources.own,
    guardrail: {
      restricted: [...(guardrail?.tools.restricted.entries() ?? [])],
      freezes: guardrail?.freezes ?? [],
      sources: sources.shared,
      demands,
    },
  };
  const tools = (input.pool ?? createToolPool()).toolsOf(writtenTools(manifest, { catalogue, blocked }), around);
  const execution = tightenExecution(manifest.execution, guardrail?.execution);
  return Object.freeze({
    agentId: manifest.agent.id,
    version,
    hash,
    guardrail: published && { version: published.version, hash: published.hash },
    tools,
    catalogue,
    sources: sources.shared,
    memory,
    unreadable: unreadable(published),
    blocked,
    skeletons: new Map([...tools.keys()].map((name) => [skeletonOf(name), name])),
    egress: egressRules(manifest, guardrail),
    bounds: boundsOf(execution),
    onBudgetExceeded: execution?.on_budget_exceeded ?? "halt_and_escalate",
    terms: tightenTerms(terms, demands),
    riskWeights: weights,
    classRisks: classRisks(weights),
    ...thresholds(manifest, guardrail),
  });
}

/** Whether the risk score can change a verdict, so that looking up history is worth its price. */
export const gatesOnRisk = (compiled: CompiledManifest | null) =>
  compiled !== null && compiled.requireApprovalAt !== null;

/** The lower of the two thresholds, and who asks for it. */
function thresholds(manifest: Manifest, guardrail: Guardrail | null) {
  const own = manifest.risk?.require_approval_at ?? null;
  const shared = guardrail?.risk?.require_approval_at ?? null;
  const isShared = shared !== null && (own === null || shared < own);
  const [rules, paths] = isShared ? ["guardrails.", "/guardrails"] : ["", ""];
  return {
    requireApprovalAt: isShared ? shared : own,
    riskGate: { rule: `${rules}risk.require_approval_at`, path: `${paths}/risk/require_approval_at` },
  };
}

function egressRules(manifest: Manifest, guardrail: Guardrail | null): readonly ArgumentRule[] {
  return [
    ...(manifest.egress === undefined ? [] : [compileEgress("egress.allow", manifest.egress.allow)]),
    ...(guardrail?.egress === undefined ? [] : [compileEgress("guardrails.egress.allow", guardrail.egress.allow)]),
  ];
}

function termsDemands(guardrail: Guardrail | null): readonly TermsDemand[] {
  const approval = guardrail?.approval;
  if (approval === undefined) return [];
  return [
    {
      approval_timeout_seconds: approval.timeout_seconds,
      quorum: approval.quorum,
      separationOfDuties: approval.separation_of_duties,
    },
  ];
}

function placedMemory(rules: Manifest["memory"], rule: string, path: string): readonly PlacedMemory[] {
  return rules === undefined ? [] : [{ rules, place: { rule, path } }];
}

/** Refuses at load what could not be enforced: an engine that skips what it cannot read fails open. */
function unreadable(published: PublishedGuardrail | null): CheckResult | null {
  if (published === null || published.guardrail !== null) return null;
  const message = `The workspace's guardrail (version ${published.version}) cannot be read by this version, so nothing is allowed.`;
  const reasons = [{ code: "guardrail_unreadable", message, path: "/guardrails" }];
  return frozenResult({ check: "allowed", verdict: "deny", rule: "guardrails", reasons });
}

function placed(sequences: Manifest["sequences"], rules: string, paths: string): readonly PlacedSequence[] {
  return (sequences ?? []).map((sequence, index) => ({
    sequence,
    rule: `${rules}sequences[${index}]`,
    path: `${paths}/sequences/${index}`,
  }));
}

/** The bounds that the commit enforces on the locked row of the run. */
function boundsOf(execution: Manifest["execution"]): RunBounds {
  const micros = (usd: number | undefined) => (usd === undefined ? null : microsOf(usd));
  const part = (whole: number | null, share: number) => (whole === null ? null : Math.floor(whole * share));
  const dailyMicros = micros(execution?.daily_cost_usd);
  const dailyTokens = execution?.daily_tokens ?? null;
  const hardAt = execution?.hard_at ?? DEFAULT_BOUNDS.hardAt;
  const warnAt = execution?.warn_at ?? DEFAULT_BOUNDS.warnAt;
  return Object.freeze({
    maxSteps: execution?.max_steps ?? null,
    maxWallClockSeconds: execution?.max_wall_clock_seconds ?? null,
    maxCostMicros: micros(execution?.max_cost_usd),
    maxRetries: execution?.max_retries_per_action ?? DEFAULT_BOUNDS.maxRetries,
    // Only where it is asked for: a burst of equal calls is a loop for one agent and the job of another.
    loopRepeats: execution?.loop === undefined ? null : (execution.loop.repeats ?? DEFAULT_BOUNDS.loopRepeats),
    breaker: Object.freeze({
      failures: execution?.circuit_breaker?.failures ?? DEFAULT_BOUNDS.breakerFailures,
      coolDownSeconds: execution?.circuit_breaker?.cool_down_seconds ?? DEFAULT_BOUNDS.breakerCoolDownSeconds,
    }),
    dailyCostMicros: part(dailyMicros, hardAt),
    dailyTokens: part(dailyTokens, hardAt),
    warnCostMicros: part(dailyMicros, warnAt),
    warnTokens: part(dailyTokens, warnAt),
    defaultMicros: micros(execution?.default_estimate_usd),
    defaultTokens: execution?.default_estimate_tokens ?? null,
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

function writtenTools(
  manifest: Manifest,
  { catalogue, blocked }: { readonly catalogue: CompileInput["catalogue"]; readonly blocked: BlockList },
): readonly WrittenTool[] {
  const allowed = new Set(manifest.tools.allowed.map(({ name }) => name));
  return [...entriesByName(manifest)].map(([name, entries]) => ({
    name,
    entries,
    definition: catalogue.get(name) ?? null,
    blocked: blockedBy(blocked, name),
    wayBack: wayBack(name, entries, { catalogue, allowed, blocked }),
  }));
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
