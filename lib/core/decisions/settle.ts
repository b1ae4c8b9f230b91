import type { ExecutionState } from "./execution";
import type { Outcome } from "./outcome";

/** An agent's report on one of its calls, as it is settled. Money is USD in millionths; null is not said. */
export type SettledReport = {
  readonly outcome: Outcome;
  readonly claimed: Outcome;
  readonly resultHash: string | null;
  readonly costMicros: number | null;
  readonly tokens: number | null;
};

/** A budget that the call holds something of. `overrun` was spent when the limit had no room for it. */
export type StandingBudget = {
  readonly scope: "run" | "agent";
  readonly metric: "cost_micros" | "tokens";
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
  readonly overrun: number;
};

/**
 * What a call holds or has spent of one metric. `reserved` it holds until it is settled; `settled` it counts for since,
 * null before; `assumed` it counts for if nobody ever says; `named` is the most that was reported.
 */
export type StandingSpend = {
  readonly reserved: number;
  readonly assumed: number;
  readonly settled: number | null;
  readonly named: number | null;
};

/** What stands when a call is settled, read under the locks of agent and run. */
export type StandingOutcome = {
  readonly verdict: string;
  /** What became of it so far; null when it was not allowed. */
  readonly execution: ExecutionState | null;
  /** The report that was settled before, if any. */
  readonly known: { readonly claimed: string; readonly resultHash: string | null } | null;
  readonly cost: StandingSpend;
  readonly tokens: StandingSpend;
  readonly run: {
    readonly state: "running" | "halted" | "ended";
    readonly costMicros: number;
    readonly failures: number;
    readonly sameCalls: number;
    readonly lastResult: string | null;
  };
  readonly budgets: readonly StandingBudget[];
};

/** How a budget changes: `overrun` is what was spent and the limit had no room for; below zero, what is taken back of it. */
export type BudgetChange = Omit<StandingBudget, "limit">;

/** What settling changes. */
export type SettledChange = {
  /** What became of the call; null leaves it as it is. */
  readonly execution: ExecutionState | null;
  readonly cost: Pick<StandingSpend, "settled" | "named">;
  readonly tokens: Pick<StandingSpend, "settled" | "named">;
  readonly budgets: readonly BudgetChange[];
  /** The bound that this call broke by what it really cost; null when its run continues or had ended before. */
  readonly halt: { readonly rule: string; readonly code: string; readonly message: string } | null;
  readonly run: Omit<StandingOutcome["run"], "state">;
  /**
   * What retry limits and the circuit breakers of tool and dependency remember: a failure is counted, a success clears the
   * count. One answer for all of them, because they ask the same: did the system do what it was asked? A result that does
   * not fit its schema says no, as a proxy's error page does; a person who must look, or nobody knowing, says neither. A
   * call that was refused has no outcome, so arguments that were wrong count nowhere.
   */
  readonly result: "failure" | "success" | "neither";
};

/** What a report comes to. `added`: the outcome is known already, and what it cost is more than was known. */
export type Settlement =
  | { readonly status: "repeated" | "conflict" | "not_allowed" }
  | { readonly status: "recorded" | "added"; readonly change: SettledChange };

const FAILURES: readonly Outcome[] = ["error", "failed_validation", "retry"];

/**
 * Settles a report: what the call held is replaced with what it spent, for its run and its agent's day. Where the report
 * does not say, that is what was assumed, whatever the outcome. A run that spent beyond its bound is halted.
 *
 * The same report again changes nothing; one that names more adds the difference, and none takes anything back.
 */
export function settle(report: SettledReport, standing: StandingOutcome): Settlement {
  if (standing.verdict !== "allow") return { status: "not_allowed" };
  return standing.known === null ? recorded(report, standing) : again(report, standing, standing.known);
}

/** Settles a call whose outcome never came; null when it was settled meanwhile. What comes later is taken all the same. */
export function settleOverdue(standing: StandingOutcome, to: "unknown" | "unreported"): SettledChange | null {
  const { execution, known, run } = standing;
  if (known !== null || (execution !== "granted" && execution !== "dispatching")) return null;
  const spent = { cost: first(standing.cost, null), tokens: first(standing.tokens, null) };
  return { ...changeOf(standing, spent), execution: to, run: { ...runOf(run), ...costOf(standing, spent.cost) } };
}

function recorded(report: SettledReport, standing: StandingOutcome): Settlement {
  const { outcome, resultHash } = report;
  const { run } = standing;
  const spent = { cost: first(standing.cost, report.costMicros), tokens: first(standing.tokens, report.tokens) };
  const lastResult = `${outcome} ${resultHash ?? ""}`;
  const isFailure = FAILURES.includes(outcome);
  const change: SettledChange = {
    ...changeOf(standing, spent),
    execution: executionOf(outcome),
    run: {
      ...costOf(standing, spent.cost),
      failures: run.failures + (isFailure ? 1 : 0),
      // A result that differs from the last one ends a loop.
      sameCalls: run.lastResult === null || run.lastResult === lastResult ? run.sameCalls : 0,
      lastResult,
    },
    result: isFailure ? "failure" : outcome === "success" ? "success" : "neither",
  };
  return { status: "recorded", change };
}

/** A report on what is known. One that only says what it cost need not bring the result again. */
function again(
  report: SettledReport,
  standing: StandingOutcome,
  known: NonNullable<StandingOutcome["known"]>,
): Settlement {
  const spent = { cost: later(standing.cost, report.costMicros), tokens: later(standing.tokens, report.tokens) };
  const names = amountOf(report.costMicros) !== null || amountOf(report.tokens) !== null;
  const isSame = known.resultHash === report.resultHash || (names && report.resultHash === null);
  if (known.claimed !== report.claimed || !isSame) return { status: "conflict" };
  if (spent.cost.named === standing.cost.named && spent.tokens.named === standing.tokens.named)
    return { status: "repeated" };
  const change = changeOf(standing, spent);
  return { status: "added", change: { ...change, run: { ...runOf(standing.run), ...costOf(standing, spent.cost) } } };
}

type Spent = { readonly settled: number; readonly named: number | null };

/** Only an amount counts: whatever else arrives here says nothing. */
const amountOf = (reported: number | null) =>
  reported !== null && Number.isSafeInteger(reported) && reported >= 0 ? reported : null;

function first({ assumed, settled }: StandingSpend, reported: number | null): Spent {
  const named = amountOf(reported);
  return { settled: named ?? settled ?? assumed, named };
}

function later({ reserved, settled, named }: StandingSpend, reported: number | null): Spent {
  const counted = settled ?? reserved;
  const more = amountOf(reported);
  if (more === null || (named !== null && more <= named)) return { settled: counted, named };
  return { settled: Math.max(counted, more), named: more };
}

/** What changes by what was spent alone. */
function changeOf(standing: StandingOutcome, spent: Record<"cost" | "tokens", Spent>): Omit<SettledChange, "run"> {
  const budgets = standing.budgets.map((budget) => {
    const metric = budget.metric === "cost_micros" ? "cost" : "tokens";
    return settledBudget(budget, standing[metric], spent[metric].settled);
  });
  const isOver = budgets.some(({ scope, overrun }) => scope === "run" && overrun > 0);
  return {
    execution: null,
    ...spent,
    budgets,
    halt: isOver && standing.run.state === "running" ? OVERSPENT : null,
    result: "neither",
  };
}

const runOf = ({ state: _state, ...run }: StandingOutcome["run"]) => run;

const costOf = ({ run, cost }: StandingOutcome, { settled }: Spent) => ({
  costMicros: run.costMicros - (cost.settled ?? cost.reserved) + settled,
});

const OVERSPENT = Object.freeze({
  rule: "execution.max_cost_usd",
  code: "max_cost_usd",
  message: "The call cost more than the run had left. The run is halted.",
});

function executionOf(outcome: Outcome): ExecutionState {
  if (outcome === "success") return "succeeded";
  return outcome === "unknown" || outcome === "failed_validation" ? outcome : "failed";
}

/** A policy without this bound may have been in force when the call was made: then nothing of it is reserved here. */
function settledBudget(budget: StandingBudget, before: StandingSpend, after: number): BudgetChange {
  const { scope, metric, limit, used } = budget;
  const reserved = Math.max(0, budget.reserved - (before.settled === null ? before.reserved : 0));
  const more = after - (before.settled ?? 0);
  if (more < 0) {
    const overrun = Math.min(budget.overrun, -more);
    return { scope, metric, reserved, used: Math.max(0, used + more + overrun), overrun: -overrun };
  }
  const room = Math.max(0, limit - used - reserved);
  return { scope, metric, reserved, used: used + Math.min(more, room), overrun: Math.max(0, more - room) };
}
