import type { Reversibility } from "@/lib/core/tools/schema";

import {
  type AssessedRisk,
  assessed,
  type ClassRisk,
  NO_DRY_RUN,
  NO_HISTORY,
  unknownHistoryPoints,
  wantsDryRun,
} from "./class-risk";
import { amountOf, type Reach, targetOf, widenedBy } from "./facets";
import type { RiskFactorName, RiskWeights } from "./risk-weights";
import { rowsOf, selectionOf } from "./rows";
import type { Call, HistoryFacts, RiskFactor, RunFacts } from "./schema";

/** Shares of a source's TTL. */
const FRESH = 0.5;
const NEARLY_STALE = 0.9;

/** What the score is computed from. `contextAge` is the oldest needed source's age as a share of its TTL. */
export type RiskInput = {
  readonly base: ClassRisk;
  readonly reversibility: Reversibility;
  readonly weights: RiskWeights;
  readonly call: Call;
  readonly contextAge: number | null;
  readonly run: RunFacts | null;
  readonly history: HistoryFacts | null;
  readonly reach: Reach | null;
};

/**
 * The risk score of `design.md` §3.2: factors in words, each a share of its weight, summed and held within 0 to 100.
 *
 * It orders what people see and gates where `risk.require_approval_at` asks for it; it never recommends a verdict. The
 * gate counts no factor that lowers the score and takes what is not known at its worst, so that neither naming fresh
 * context nor withholding a fact opens it.
 */
export function assessRisk(input: RiskInput): AssessedRisk {
  const { base, call, contextAge, run, history, reach, weights } = input;
  const amount = amountFactor(weights, amountOf(call.args));
  // Most calls: nothing beyond the tool's class is known, and that was summed when the manifest was compiled.
  const isAlone = history === null && run === null && reach === null && contextAge === null;
  if (isAlone && call.effect === null && amount === null) return base.alone;
  const factors: RiskFactor[] = [...base.factors];
  let raised = base.points;
  let lowered = 0;
  const add = (factor: RiskFactor | null) => {
    if (factor === null || factor.points === 0) return;
    factors.push(factor);
    if (factor.points > 0) raised += factor.points;
    else lowered += factor.points;
  };
  addEffect(input, add);
  addHistory(input, add);
  add(contextFactor(input));
  add(refusalsFactor(input));
  add(widenedFactor(input));
  add(amount);
  return assessed({ factors, raised, lowered, unknown: unknownPoints(input) });
}

type Add = (factor: RiskFactor | null) => void;

function part(weights: RiskWeights, name: RiskFactorName, share: number, why: string): RiskFactor {
  return { points: Math.round(weights[name] * share), why };
}

function addEffect({ weights, reversibility, call }: RiskInput, add: Add): void {
  if (call.effect === null && wantsDryRun(reversibility)) add(part(weights, "no_dry_run", 1, NO_DRY_RUN));
  const selection = selectionOf(call.effect);
  if (selection !== null && selection.outside > 0) {
    const share = selection.outside * 2 > selection.selected ? 1 : 0.6;
    const why = `${selection.outside} of ${selection.selected} selected rows are outside the stated intent`;
    add(part(weights, "mismatch", share, why));
  }
}

/** Rows or amount against what is usual, whichever is further beyond it. */
function sizeFactor(weights: RiskWeights, call: Call, { rowsP99, amountP99 }: HistoryFacts): RiskFactor | null {
  const rows = beyond(rowsOf(call.effect, call.args), rowsP99);
  const money = amountOf(call.args);
  const amount = beyond(money?.amount ?? null, amountP99);
  if (rows === 0 && amount === 0) return null;
  if (rows >= amount) {
    const why = `${rowsOf(call.effect, call.args)} rows, where 99 of 100 calls touch at most ${rowsP99}`;
    return part(weights, "rows", rows, why);
  }
  const why = `\`${money?.name}\` is ${money?.amount}, where 99 of 100 calls are at most ${amountP99}`;
  return part(weights, "rows", amount, why);
}

/** How much of the weight a size beyond the usual one costs. What is no number is far beyond it. */
function beyond(size: number | null, usual: number | null): 0 | 0.5 | 1 {
  if (size === null || usual === null || size <= usual) return 0;
  return size <= usual * 3 ? 0.5 : 1;
}

function addHistory({ weights, history, call }: RiskInput, add: Add): void {
  if (history === null) return add(part(weights, "no_history", 1, NO_HISTORY));
  add(sizeFactor(weights, call, history));
  if (history.uses === 0) add(part(weights, "first_use", 1, "first use of this tool by this agent in 30 days"));
  else if (history.targetSeen !== true && targetOf(call.args) !== null)
    add(part(weights, "first_use", 0.5, "first use of this tool on this target by this agent in 30 days"));
  if (history.approvedThenRolledBack > 0) {
    const often = history.approvedThenRolledBack * 10 >= history.approved;
    const regretted = `${history.approvedThenRolledBack} of ${history.approved} approved calls`;
    const why = `${regretted} in 30 days failed, were rolled back or were regretted`;
    add(part(weights, "regret", often ? 1 : 0.5, why));
  }
}

function contextFactor({ weights, contextAge }: RiskInput): RiskFactor | null {
  if (contextAge === null) return null;
  if (contextAge > NEARLY_STALE) return part(weights, "context_age", 1, "the context it rests on is about to expire");
  return contextAge <= FRESH ? part(weights, "context_age", -0.8, "the context it rests on is fresh") : null;
}

function refusalsFactor({ weights, run }: RiskInput): RiskFactor | null {
  if (run === null || run.refusals === 0) return null;
  const many = run.refusals === 1 ? "1 call of this run was" : `${run.refusals} calls of this run were`;
  return part(weights, "refusals", Math.min(1, run.refusals / 3), `${many} refused before`);
}

function widenedFactor({ weights, reach, call }: RiskInput): RiskFactor | null {
  const by = reach === null ? null : widenedBy(call.args, reach);
  return by === null ? null : part(weights, "widened", 1, `reaches ${by} that earlier calls of this run did not`);
}

const LARGE = 1_000;
const VERY_LARGE = 10_000;

function amountFactor(weights: RiskWeights, money: ReturnType<typeof amountOf>): RiskFactor | null {
  if (money === null || money.amount < LARGE) return null;
  const { name, amount } = money;
  if (!(amount < VERY_LARGE)) return part(weights, "amount", 1, `\`${name}\` is ${VERY_LARGE} or more, or no number`);
  return part(weights, "amount", 0.5, `\`${name}\` is ${LARGE} or more`);
}

/** Points that facts nobody gave could still add. */
function unknownPoints({ weights, history, run, reach, contextAge }: RiskInput): number {
  // Naming only the younger part of the context must not help either.
  const unknownAge = contextAge !== null && !(contextAge > NEARLY_STALE) ? weights.context_age : 0;
  const unknownRun = (run === null ? weights.refusals : 0) + (reach === null ? weights.widened : 0);
  return (history === null ? unknownHistoryPoints(weights) : 0) + unknownAge + unknownRun;
}
