import type { Outcome } from "./outcome";

/** An agent's report on one of its calls, as it is settled. Money is USD in millionths; null is not said. */
export type SettledReport = {
  readonly outcome: Outcome;
  readonly claimed: Outcome;
  readonly resultHash: string | null;
  readonly costMicros: number | null;
  readonly tokens: number | null;
};

/** A budget that the call holds something of. */
export type StandingBudget = {
  readonly scope: "run" | "agent";
  readonly metric: "cost_micros" | "tokens";
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
};

/** What stands when a report is settled, read under the locks of agent and run. */
export type StandingOutcome = {
  readonly verdict: string;
  /** The report that was settled before, if any. */
  readonly known: { readonly claimed: string; readonly resultHash: string | null } | null;
  readonly reservedMicros: number;
  readonly reservedTokens: number;
  readonly run: {
    readonly state: "running" | "halted" | "ended";
    readonly costMicros: number;
    readonly failures: number;
    readonly sameCalls: number;
    readonly lastResult: string | null;
  };
  readonly budgets: readonly StandingBudget[];
};

/** How a budget changes: `overrun` is what was spent and the limit had no room for. */
export type BudgetChange = Pick<StandingBudget, "scope" | "metric" | "used" | "reserved"> & {
  readonly overrun: number;
};

/** What a report comes to. */
export type Settlement =
  | { readonly status: "repeated" | "conflict" | "not_allowed" }
  | {
      readonly status: "recorded";
      readonly execution: "succeeded" | "failed" | "failed_validation" | "unknown";
      readonly budgets: readonly BudgetChange[];
      /** The bound that this call broke by what it really cost; null when its run continues or had ended before. */
      readonly halt: { readonly rule: string; readonly code: string; readonly message: string } | null;
      readonly run: {
        readonly costMicros: number;
        readonly failures: number;
        readonly sameCalls: number;
        readonly lastResult: string;
      };
      /** What retry limits and the circuit breaker remember: a failure is counted, a success clears the count. */
      readonly result: "failure" | "success" | "neither";
    };

const FAILURES: readonly Outcome[] = ["error", "failed_validation", "retry"];

/**
 * Settles a report: what the call held is replaced with what it spent, for its run and its agent's day. A run that spent
 * beyond its bound is halted. The same report again changes nothing.
 */
export function settle(report: SettledReport, standing: StandingOutcome): Settlement {
  if (standing.verdict !== "allow") return { status: "not_allowed" };
  const { known, run } = standing;
  if (known !== null) {
    const isSame = known.claimed === report.claimed && known.resultHash === report.resultHash;
    return { status: isSame ? "repeated" : "conflict" };
  }
  const spent = {
    cost_micros: { held: standing.reservedMicros, actual: report.costMicros ?? standing.reservedMicros },
    tokens: { held: standing.reservedTokens, actual: report.tokens ?? standing.reservedTokens },
  };
  const budgets = standing.budgets.map((budget) => settledBudget(budget, spent[budget.metric]));
  const isOver = budgets.some(({ scope, overrun }) => scope === "run" && overrun > 0);
  const lastResult = `${report.outcome} ${report.resultHash ?? ""}`;
  const isFailure = FAILURES.includes(report.outcome);
  return {
    status: "recorded",
    execution: executionOf(report.outcome),
    budgets,
    halt: isOver && run.state === "running" ? OVERSPENT : null,
    run: {
      costMicros: run.costMicros - spent.cost_micros.held + spent.cost_micros.actual,
      failures: run.failures + (isFailure ? 1 : 0),
      // A result that differs from the last one ends a loop.
      sameCalls: run.lastResult === null || run.lastResult === lastResult ? run.sameCalls : 0,
      lastResult,
    },
    result: isFailure ? "failure" : report.outcome === "success" ? "success" : "neither",
  };
}

const OVERSPENT = Object.freeze({
  rule: "execution.max_cost_usd",
  code: "max_cost_usd",
  message: "The call cost more than the run had left. The run is halted.",
});

function executionOf(outcome: Outcome): Extract<Settlement, { status: "recorded" }>["execution"] {
  if (outcome === "success") return "succeeded";
  return outcome === "unknown" || outcome === "failed_validation" ? outcome : "failed";
}

/** A policy without this bound may have been in force when the call was made: then nothing of it is reserved here. */
function settledBudget(budget: StandingBudget, { held, actual }: { held: number; actual: number }): BudgetChange {
  const { scope, metric, limit, used, reserved } = budget;
  const stillHeld = Math.max(0, reserved - held);
  const room = Math.max(0, limit - used - stillHeld);
  return {
    scope,
    metric,
    reserved: stillHeld,
    used: used + Math.min(actual, room),
    overrun: Math.max(0, actual - room),
  };
}
