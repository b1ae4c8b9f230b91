import { ask, askingFacts } from "./ask-people";
import type { Remaining } from "./answer";
import { type AskedCall, type Batch, type BudgetWarning, type CallStanding, type Judgement, placeOf } from "./batch";
import { FIRST_CALL, isTrial } from "./bounds";
import { countedBy } from "./check-tallies";
import { decide } from "./decide";
import { dependencyFacts, takeDependencyTrial } from "./dependency";
import { reachWith } from "./facets";
import { countFlood } from "./floods";
import { NO_RESERVES } from "./reserve";
import type { Decision, Facts, RunFacts, Tally } from "./schema";
import { faultOf, type StandingApproval, type StandingRun } from "./standing";

/** What judging says when an answer would go to a person and the agent's history, which that person must see, is not known. */
export const NEEDS_HISTORY = "needs_history";

/**
 * Judges one call of a batch with everything that stands under the locks, and carries what it changes to the calls after
 * it. Every rule is that of `decide`; here is only what follows from the answer.
 *
 * Nothing is changed when it returns `NEEDS_HISTORY`: the call is judged again with `facts.history`.
 */
export function judge(asked: AskedCall, standing: CallStanding, batch: Batch): Judgement | typeof NEEDS_HISTORY {
  const { call, compiled, action, agentId } = asked;
  const { run, caller } = standing;
  const bounds = compiled?.bounds;
  const before = runFacts(asked, standing, batch);
  const counts = asked.tallies.map((tally, index) => {
    const added = batch.added.get(placeOf(scopeOf(tally, run, agentId), tally.digest)) ?? 0;
    return (standing.counted[index] ?? Number.NaN) + added;
  });
  const named = call.approval_id === null ? undefined : batch.approvals.get(call.approval_id);
  const naming = { agent: agentId, action, base: call.effect?.base?.digest ?? null, dri: caller.dri };
  const facts: Facts = {
    ...asked.facts,
    run: before,
    reach: run.reach,
    tallies: countedBy(asked.tallies, counts),
    asking: askingFacts(asked, standing, batch),
    approval:
      call.approval_id === null
        ? null
        : { fault: faultOf(named, naming, batch.seconds), note: named?.agent === agentId ? named.note : null },
  };
  const decision = decide(compiled, call, facts);
  const { verdict } = decision;
  if (verdict === "require_approval" && facts.history === null) return NEEDS_HISTORY;

  const isAllowed = verdict === "allow";
  const reserves = isAllowed ? decision.reserves : NO_RESERVES;
  const held = reserves.cost.amount;
  const warnings = isAllowed ? hold(asked, batch, decision) : [];
  if (isAllowed) count(asked, run, batch);
  const takesTrial = isAllowed && bounds !== undefined && isTrial(bounds, before);
  const breaker = batch.breakers.get(placeOf(agentId, call.tool));
  if (takesTrial && breaker !== undefined) breaker.trialAt = batch.seconds;
  const dependencyTrial = isAllowed ? takeDependencyTrial(before.dependency, batch) : null;
  const used = isAllowed && named !== undefined && decision.rule === "approval" ? named : null;
  if (used !== null) used.state = "consumed";
  const moved = named !== undefined && isNewlyMoved(decision, named) ? named : null;
  if (moved !== null) moved.baseMoved = true;
  const question = verdict === "require_approval" ? ask(asked, decision, { dri: caller.dri, batch }) : null;
  const halt = haltOf(asked, decision, run, batch);
  const asker = batch.asking.get(agentId);
  const isFlood = decision.rule === "requests.approval_paused" || decision.rule === "requests.approval_backlog";
  const flood = isFlood && asker !== undefined ? { asking: asker, isPaused: countFlood(asker, batch.seconds) } : null;

  advance(asked, run, { verdict, held, sameCalls: before.sameCalls });
  return {
    decision,
    facts,
    run: before,
    counts: asked.tallies.length === 0 ? null : counts,
    reserves,
    step: run.steps,
    remaining: remainingOf(decision, run, before),
    asked: question,
    used,
    moved,
    halt,
    takesTrial,
    dependencyTrial,
    flood,
    warnings,
  };
}

const isNewlyMoved = ({ rule, reasons }: Decision, named: StandingApproval) =>
  rule === "approval" && reasons[0]?.code === "approval_base_moved" && !named.baseMoved;

/** The run as it stands before this call. */
function runFacts(
  { action, agentId, compiled, call, dependency }: AskedCall,
  { run, failed }: CallStanding,
  batch: Batch,
): RunFacts {
  const limit = compiled?.bounds.maxWallClockSeconds ?? null;
  const lasted = batch.seconds - run.startedAt;
  const elapsed = Math.floor(lasted);
  const breaker = batch.breakers.get(placeOf(agentId, call.tool));
  const coolDown = compiled?.bounds.breaker?.coolDownSeconds ?? 0;
  const day = batch.days.get(agentId);
  return {
    state: run.state,
    haltedReason: run.haltedReason,
    steps: run.steps,
    // The time spent waiting for people does not count; it is only looked up where it could matter.
    elapsedSeconds: limit !== null && elapsed > limit ? Math.floor(lasted - run.waited) : elapsed,
    costMicros: run.costMicros,
    refusals: run.refused,
    sameCalls: run.lastAction === action ? run.sameCalls : 0,
    failures: failed,
    breaker:
      breaker === undefined
        ? FIRST_CALL.breaker
        : {
            failures: breaker.failures,
            secondsSince: Math.max(0, Math.floor(batch.seconds - breaker.failedAt)),
            isTrialOut: breaker.trialAt !== null && breaker.trialAt > batch.seconds - coolDown,
          },
    ...dependencyFacts(dependency, batch),
    dayCostMicros: day?.costMicros ?? 0,
    dayTokens: day?.tokens ?? 0,
    extraSteps: run.extraSteps,
    extraSeconds: run.extraSeconds,
    extraCostMicros: run.extraCostMicros,
  };
}

/** Holds what an allowed call may cost against its agent's day. */
function hold({ agentId }: AskedCall, batch: Batch, { bounds, reserves }: Decision): BudgetWarning[] {
  const day = batch.days.get(agentId);
  if (day === undefined) return [];
  const [micros, tokens] = [reserves.cost.amount, reserves.tokens.amount];
  const warnings = [
    ...crossed("cost_micros", day.costMicros, micros, bounds.warnCostMicros, bounds.dailyCostMicros),
    ...crossed("tokens", day.tokens, tokens, bounds.warnTokens, bounds.dailyTokens),
  ];
  day.costMicros += micros;
  day.tokens += tokens;
  return warnings;
}

function crossed(
  metric: BudgetWarning["metric"],
  before: number,
  more: number,
  mark: number | null,
  limit: number | null,
) {
  if (mark === null || limit === null || before >= mark || before + more < mark) return [];
  return [{ metric, used: before + more, limit }];
}

function count({ tallies, agentId }: AskedCall, run: StandingRun, batch: Batch): void {
  for (const tally of tallies) {
    if (tally.adds <= 0) continue;
    const place = placeOf(scopeOf(tally, run, agentId), tally.digest);
    batch.added.set(place, (batch.added.get(place) ?? 0) + tally.adds);
  }
}

/** The row that a tally is counted under. */
export function scopeOf({ scope }: Pick<Tally, "scope">, run: StandingRun, agentId: string): string {
  if (scope === "run") return run.id;
  return scope === "session" ? run.session : agentId;
}

/** A daily bound ends run after run: one open incident a day says it all. */
function haltOf(
  { compiled, agentId }: AskedCall,
  { checks }: Decision,
  run: StandingRun,
  batch: Batch,
): Judgement["halt"] {
  const breach = checks.find(({ check, verdict }) => check === "bounds" && verdict === "halt");
  const reason = breach?.reasons[0];
  if (breach === undefined || reason === undefined || run.state === "halted") return null;
  const rule = breach.rule ?? "execution";
  run.state = "halted";
  run.haltedReason = rule;
  const known = batch.days.get(agentId)?.incidents;
  const isKnown = reason.code.startsWith("daily_") && known?.includes(rule) === true;
  const opensIncident = compiled?.onBudgetExceeded !== "halt" && !isKnown;
  if (opensIncident) known?.push(rule);
  return { rule, code: reason.code, message: reason.message, opensIncident };
}

type Advance = { readonly verdict: Decision["verdict"]; readonly held: number; readonly sameCalls: number };

/** A step is an attempt, whatever its verdict. A call that names an approval is good for once and never part of a loop. */
function advance({ call, action }: AskedCall, run: StandingRun, { verdict, held, sameCalls }: Advance): void {
  run.steps += 1;
  // A run that ended because nothing came has something new now.
  if (run.state === "ended") run.state = "running";
  if (call.approval_id === null) {
    run.sameCalls = sameCalls + 1;
    run.lastAction = action;
  }
  if (verdict === "allow") {
    run.allowed += 1;
    run.costMicros += held;
    if (run.reach !== null) run.reach = reachWith(run.reach, call.args);
  } else if (verdict === "require_approval") run.asked += 1;
  else if (verdict !== "recommend") run.refused += 1;
}

/** What is left of the run's bounds after this call; null is unbounded. */
function remainingOf({ bounds }: Decision, run: StandingRun, { elapsedSeconds }: RunFacts): Remaining {
  const left = (most: number | null, extra: number, used: number) =>
    most === null ? null : Math.max(0, most + extra - used);
  return {
    steps: left(bounds.maxSteps, run.extraSteps, run.steps),
    seconds: left(bounds.maxWallClockSeconds, run.extraSeconds, elapsedSeconds),
    cost_micros: left(bounds.maxCostMicros, run.extraCostMicros, run.costMicros),
  };
}
