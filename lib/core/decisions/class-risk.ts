import type { Environment } from "@/lib/core/agents/schema";
import type { BlastRadius, Reversibility } from "@/lib/core/tools/schema";

import { DEFAULT_WEIGHTS, type RiskWeights, SHARES } from "./risk-weights";
import type { Band, Risk, RiskFactor } from "./schema";

const HIGHEST = 100;
const BANDS: readonly (readonly [least: number, band: Band])[] = [
  [75, "critical"],
  [50, "high"],
  [25, "elevated"],
];

export const NO_HISTORY = "no history is known for this tool";
export const NO_DRY_RUN = "no dry run shows what it would do";

/** The band of a score: Low 0–24, Elevated 25–49, High 50–74, Critical 75–100. */
export function bandOf(score: number): Band {
  return BANDS.find(([least]) => score >= least)?.[1] ?? "low";
}

/** A risk and what gates on it. `gate` is the highest the score could be if what is not known were known. */
export type AssessedRisk = { readonly risk: Risk; readonly gate: number };

/** What a tool's class and an agent's environment add to every call's risk. */
export type ClassRisk = {
  readonly points: number;
  readonly factors: readonly RiskFactor[];
  /** The risk of a call of which nothing else is known: no run, no history, no dry run, no context that ages. */
  readonly alone: AssessedRisk;
};

export type ToolClassRisk = Readonly<Record<Environment, ClassRisk>>;

const WORDS: Readonly<Record<string, string>> = {
  reversible: "can be reversed",
  partially_reversible: "can be reversed only in part",
  irreversible: "cannot be reversed",
  low: "low blast radius",
  medium: "medium blast radius",
  high: "high blast radius",
  staging: "runs in staging",
  production: "runs in production",
};

/** The risk of every class of tool under one set of weights. */
export type ClassRisks = Readonly<Record<Reversibility, Readonly<Record<BlastRadius, ToolClassRisk>>>>;

/** Made when a manifest is compiled, so that deciding looks a class up. */
export function classRisks(weights: RiskWeights): ClassRisks {
  return weights === DEFAULT_WEIGHTS ? DEFAULT_RISKS : risksUnder(weights);
}

function risksUnder(weights: RiskWeights): ClassRisks {
  const ofReversibility = (reversibility: Reversibility) =>
    Object.freeze({
      none: classRisk(weights, reversibility, "none"),
      low: classRisk(weights, reversibility, "low"),
      medium: classRisk(weights, reversibility, "medium"),
      high: classRisk(weights, reversibility, "high"),
    });
  return Object.freeze({
    read: ofReversibility("read"),
    reversible: ofReversibility("reversible"),
    partially_reversible: ofReversibility("partially_reversible"),
    irreversible: ofReversibility("irreversible"),
  });
}

/** The same for a call whose command is destructive: the gravest class, and a factor that says why. */
export function destructiveRisk(weights: RiskWeights, why: string): ToolClassRisk {
  return classRisk(weights, "irreversible", "high", [Object.freeze({ points: weights.command, why })]);
}

/** The part of the risk score that is known before any call, for each environment; `more` is what else is known. */
export function classRisk(
  weights: RiskWeights,
  reversibility: Reversibility,
  blastRadius: BlastRadius,
  more: readonly RiskFactor[] = [],
): ToolClassRisk {
  const ofClass = [
    ...more,
    factor(weights.reversibility, SHARES.reversibility[reversibility], reversibility),
    factor(weights.blast_radius, SHARES.blast_radius[blastRadius], blastRadius),
  ];
  const inEnvironment = (environment: Environment) =>
    summed(weights, reversibility, [
      ...ofClass,
      factor(weights.environment, SHARES.environment[environment], environment),
    ]);
  return Object.freeze({
    development: inEnvironment("development"),
    staging: inEnvironment("staging"),
    production: inEnvironment("production"),
  });
}

function factor(weight: number, share: number, word: string): RiskFactor {
  return Object.freeze({ points: Math.round(weight * share), why: WORDS[word] ?? word });
}

function summed(weights: RiskWeights, reversibility: Reversibility, all: readonly RiskFactor[]): ClassRisk {
  const factors = all.filter(({ points }) => points !== 0);
  const points = sum(factors);
  const unseen = wantsDryRun(reversibility) ? [{ points: weights.no_dry_run, why: NO_DRY_RUN }] : [];
  const unknown = [...unseen, { points: weights.no_history, why: NO_HISTORY }].filter((one) => one.points !== 0);
  const alone = assessed({
    factors: [...factors, ...unknown.map((one) => Object.freeze(one))],
    raised: points + sum(unknown),
    lowered: 0,
    unknown: unknownHistoryPoints(weights) + weights.refusals + weights.widened,
  });
  Object.freeze(alone.risk.factors);
  Object.freeze(alone.risk);
  return Object.freeze({ points, factors: Object.freeze(factors), alone: Object.freeze(alone) });
}

const sum = (factors: readonly RiskFactor[]) => factors.reduce((total, { points }) => total + points, 0);

/** Whether a call that shows no effect is riskier for it. */
export function wantsDryRun(reversibility: Reversibility): boolean {
  return reversibility === "partially_reversible" || reversibility === "irreversible";
}

/** What a history nobody gave could still add, beyond what not knowing it costs already. */
export function unknownHistoryPoints(weights: RiskWeights): number {
  return Math.max(0, weights.rows + weights.first_use + weights.regret - weights.no_history);
}

/** The score and its gate from what raises it, what lowers it and what not knowing could hide. */
export function assessed(sums: {
  readonly factors: RiskFactor[];
  readonly raised: number;
  readonly lowered: number;
  readonly unknown: number;
}): AssessedRisk {
  const score = within(sums.raised + sums.lowered);
  return { risk: { score, band: bandOf(score), factors: sums.factors }, gate: within(sums.raised + sums.unknown) };
}

/** Written so that what is no number is the highest risk. */
function within(points: number): number {
  if (!(points < HIGHEST)) return HIGHEST;
  return points > 0 ? Math.round(points) : 0;
}

/** Nearly every manifest has these weights. */
export const DEFAULT_RISKS: ClassRisks = risksUnder(DEFAULT_WEIGHTS);
