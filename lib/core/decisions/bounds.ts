import { usdOf } from "@/lib/core/shared/money";

import { finding, frozenResult, PASS } from "./results";
import type { CheckResult, Reason, RunBounds, RunFacts } from "./schema";

/** A run of which nothing is recorded yet: what a caller who knows that passes as `facts.run`. */
export const FIRST_CALL: RunFacts = Object.freeze({
  state: "running",
  steps: 0,
  elapsedSeconds: 0,
  costMicros: 0,
  refusals: 0,
});

/** The first bound a run has met, if any. `rule` is the manifest place. */
export type BoundsVerdict =
  | { readonly halt: false }
  | { readonly halt: true; readonly rule: string; readonly reason: Reason };

const WITHIN: BoundsVerdict = Object.freeze({ halt: false });

/**
 * Whether this attempt halts its run. The commit repeats exactly this on the locked row; integers only.
 *
 * A step is an attempt whatever its verdict, this one included. With nothing to reserve, a budget that is spent halts.
 * Written so that a value that is no number halts.
 */
export function applyBounds(
  { bounds, reserveMicros }: { readonly bounds: RunBounds; readonly reserveMicros: number },
  run: RunFacts,
): BoundsVerdict {
  const { maxSteps, maxWallClockSeconds, maxCostMicros } = bounds;
  if (run.state === "halted") return halted("run_halted", "This run was halted; two people must resume it first.");
  if (maxSteps !== null && !(run.steps + 1 <= maxSteps)) {
    return halted("max_steps", `This is attempt ${run.steps + 1} of a run that may make ${maxSteps}.`);
  }
  if (maxWallClockSeconds !== null && !(run.elapsedSeconds <= maxWallClockSeconds)) {
    const message = `The run has taken ${run.elapsedSeconds} seconds and may take ${maxWallClockSeconds}.`;
    return halted("max_wall_clock_seconds", message);
  }
  if (maxCostMicros === null) return WITHIN;
  const fits = reserveMicros > 0 ? run.costMicros + reserveMicros <= maxCostMicros : run.costMicros < maxCostMicros;
  if (fits) return WITHIN;
  const spent = `The run has used or holds ${dollars(run.costMicros)} of ${dollars(maxCostMicros)}`;
  return halted(
    "max_cost_usd",
    reserveMicros > 0 ? `${spent}; this call may cost ${dollars(reserveMicros)}.` : `${spent}.`,
  );
}

function halted(code: string, message: string): BoundsVerdict {
  const isBound = code !== "run_halted";
  const rule = isBound ? `execution.${code}` : "run.halted";
  return { halt: true, rule, reason: { code, message, path: isBound ? `/execution/${code}` : "" } };
}

function dollars(micros: number): string {
  return Number.isSafeInteger(micros) ? `$${usdOf(micros)}` : "an unknown amount";
}

/** With no run to look at, the least it can be is its first call; what that cannot show is left to the commit. */
const LEFT_TO_COMMIT: CheckResult = frozenResult({
  check: "bounds",
  verdict: "allow",
  rule: null,
  reasons: [
    {
      code: "run_not_known",
      message: "The run's own count is checked when this decision is recorded.",
      path: "/execution",
    },
  ],
});

/**
 * Check 8. `run` null means that the run is not known here: it is judged as if this were its first call, and the commit
 * judges it again on the locked row.
 */
export function checkBounds(bounds: RunBounds, reserveMicros: number, run: RunFacts | null): CheckResult {
  const verdict = applyBounds({ bounds, reserveMicros }, run ?? FIRST_CALL);
  if (verdict.halt) return finding("bounds", "halt", verdict.rule, verdict.reason);
  return run === null ? LEFT_TO_COMMIT : PASS.bounds;
}
