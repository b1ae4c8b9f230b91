import { usdOf } from "@/lib/core/shared/money";

import { DEPENDENCY_RULE, waitsForDependency } from "./dependency";
import { finding, frozenResult, PASS } from "./results";
import type { CheckResult, Reason, Reserves, RunBounds, RunFacts } from "./schema";

/** A run of which nothing is recorded yet: what a caller who knows that passes as `facts.run`. */
export const FIRST_CALL: RunFacts = Object.freeze({
  state: "running",
  steps: 0,
  elapsedSeconds: 0,
  costMicros: 0,
  refusals: 0,
  sameCalls: 0,
  failures: 0,
  breaker: Object.freeze({ failures: 0, secondsSince: 0, isTrialOut: false }),
  dayCostMicros: 0,
  dayTokens: 0,
  extraSteps: 0,
  extraSeconds: 0,
  extraCostMicros: 0,
});

/** The first bound a call has met. `halt` ends its run for good, `deny` refuses this call. `rule` is the manifest place. */
export type BoundsVerdict =
  | { readonly verdict: "allow" }
  | { readonly verdict: "deny" | "halt"; readonly rule: string; readonly reason: Reason };

/** What a call asks to be held against: the bounds, and what it may cost. */
export type Bounded = {
  readonly bounds: RunBounds;
  readonly reserves: Reserves;
  /** Whether the call names an approval, which is good for one call and so ends any loop by itself. */
  readonly isSingleUse: boolean;
};

const WITHIN: BoundsVerdict = Object.freeze({ verdict: "allow" });

/**
 * Whether this attempt halts its run or must wait. The commit calls it on the locked rows; integers only.
 *
 * A step is an attempt whatever its verdict, this one included. With nothing to reserve, a budget that is spent halts.
 * A value that is not a number counts against the call.
 */
export function applyBounds(asked: Bounded, run: RunFacts): BoundsVerdict {
  return (
    haltsRun(asked, run) ??
    haltsDay(asked, run) ??
    haltsLoop(asked, run) ??
    waits(asked.bounds, run) ??
    waitsForSystem(run) ??
    WITHIN
  );
}

function haltsRun({ bounds, reserves }: Bounded, run: RunFacts): BoundsVerdict | null {
  const reserveMicros = reserves.cost.amount;
  const maxSteps = more(bounds.maxSteps, run.extraSteps);
  const maxWallClockSeconds = more(bounds.maxWallClockSeconds, run.extraSeconds);
  const maxCostMicros = more(bounds.maxCostMicros, run.extraCostMicros);
  if (run.state === "halted") {
    const by = run.haltedReason == null ? "" : ` (${run.haltedReason})`;
    return halted("run_halted", `This run was halted${by} and stays halted until two people resume it.`);
  }
  if (maxSteps !== null && !(run.steps + 1 <= maxSteps)) {
    return halts("max_steps", `This is step ${run.steps + 1} of a run that may take ${maxSteps}.`);
  }
  if (maxWallClockSeconds !== null && !(run.elapsedSeconds <= maxWallClockSeconds)) {
    const message = `The run has lasted ${run.elapsedSeconds} s and may last ${maxWallClockSeconds} s.`;
    return halts("max_wall_clock_seconds", message);
  }
  if (maxCostMicros === null || fits(run.costMicros, reserveMicros, maxCostMicros)) return null;
  const spent = `The run has used or reserved ${dollars(run.costMicros)} of ${dollars(maxCostMicros)}`;
  return halts(
    "max_cost_usd",
    reserveMicros > 0 ? `${spent}; this call may cost ${dollars(reserveMicros)}.` : `${spent}.`,
  );
}

const halts = (code: string, message: string) => halted(code, `${message} The run is halted.`);

function haltsDay({ bounds, reserves }: Bounded, run: RunFacts): BoundsVerdict | null {
  const { dailyCostMicros, dailyTokens } = bounds;
  if (dailyCostMicros !== null && !fits(run.dayCostMicros, reserves.cost.amount, dailyCostMicros)) {
    const message = `The agent has used or reserved ${dollars(run.dayCostMicros)} of the ${dollars(dailyCostMicros)} it has today.`;
    return halts("daily_cost_usd", message);
  }
  if (dailyTokens !== null && !fits(run.dayTokens, reserves.tokens.amount, dailyTokens)) {
    const message = `The agent has used or reserved ${run.dayTokens} of the ${dailyTokens} tokens it has today.`;
    return halts("daily_tokens", message);
  }
  return null;
}

function haltsLoop({ bounds, isSingleUse }: Bounded, { sameCalls }: RunFacts): BoundsVerdict | null {
  if (isSingleUse || bounds.loopRepeats === null || sameCalls < bounds.loopRepeats) return null;
  return halts("loop", `The same call was made ${sameCalls + 1} times in a row with nothing new in between.`);
}

function waits({ maxRetries, breaker }: RunBounds, run: RunFacts): BoundsVerdict | null {
  if (maxRetries !== null && !(run.failures <= maxRetries)) {
    const message = `This action failed ${run.failures} times in this run and may be retried ${maxRetries} times.`;
    return refused("max_retries_per_action", message);
  }
  if (breaker === null || run.breaker.failures < breaker.failures) return null;
  if (isHalfOpen(breaker, run) && !run.breaker.isTrialOut) return null;
  const after = `The tool failed ${run.breaker.failures} times in a row for this agent.`;
  const { isTrialOut } = run.breaker;
  // A trial whose outcome never comes blocks others for no longer than the cool-down.
  const seconds = isTrialOut ? breaker.coolDownSeconds : breaker.coolDownSeconds - run.breaker.secondsSince;
  const until = isTrialOut
    ? "One trial call is under way; wait for its outcome."
    : `It may be tried again in ${seconds} s.`;
  return refused("circuit_breaker", `${after} ${until}`, seconds);
}

/** The dependency's limits are the workspace's own and no place of the manifest. */
function waitsForSystem({ dependency }: RunFacts): BoundsVerdict | null {
  const waiting = dependency ? waitsForDependency(dependency) : null;
  if (waiting === null) return null;
  const { message, seconds } = waiting;
  const reason = { code: "dependency_breaker", message, path: "", ...retryAfter(seconds) };
  return { verdict: "deny", rule: DEPENDENCY_RULE, reason };
}

const isHalfOpen = (breaker: NonNullable<RunBounds["breaker"]>, run: RunFacts) =>
  run.breaker.secondsSince >= breaker.coolDownSeconds;

/** Whether a call that is allowed now is the one trial of a half-open breaker. */
export function isTrial({ breaker }: RunBounds, run: RunFacts): boolean {
  return breaker !== null && run.breaker.failures >= breaker.failures && isHalfOpen(breaker, run);
}

const more = (bound: number | null, extra: number) => (bound === null ? null : bound + extra);

/** With nothing to reserve there must be something left. */
const fits = (used: number, wanted: number, most: number) => (wanted > 0 ? used + wanted <= most : used < most);

function halted(code: string, message: string): BoundsVerdict {
  const isBound = code !== "run_halted";
  const rule = isBound ? `execution.${code}` : "run.halted";
  return { verdict: "halt", rule, reason: { code, message, path: isBound ? `/execution/${code}` : "" } };
}

function refused(code: string, message: string, seconds: number | null = null): BoundsVerdict {
  const reason = { code, message, path: `/execution/${code}`, ...retryAfter(seconds) };
  return { verdict: "deny", rule: `execution.${code}`, reason };
}

const retryAfter = (seconds: number | null) =>
  seconds !== null && Number.isSafeInteger(seconds) ? { retry_after_seconds: Math.max(1, seconds) } : {};

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
export function checkBounds(asked: Bounded, run: RunFacts | null): CheckResult {
  const found = applyBounds(asked, run ?? FIRST_CALL);
  if (found.verdict !== "allow") return finding("bounds", found.verdict, found.rule, found.reason);
  return run === null ? LEFT_TO_COMMIT : PASS.bounds;
}
