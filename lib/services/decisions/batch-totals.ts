import "server-only";

import { placeOf } from "@/lib/core/decisions/batch";
import { DEPENDENCY_RULE } from "@/lib/core/decisions/dependency";
import { scopeOf } from "@/lib/core/decisions/judge";
import type { JudgedCall } from "@/lib/data/run-batch";
import type { BatchColumns } from "@/lib/data/batch-wire";

import { isoOf, type RareRows } from "./batch-book";
import type { PreparedCall } from "./prepare-call";

type Call = JudgedCall<PreparedCall>;

/** What a batch's calls come to together: its runs, budgets, counts and floods, each written once. */
export function addTotals(rows: BatchColumns, rare: RareRows, calls: readonly Call[]): void {
  addRuns(rows, calls);
  addDays(rows, calls);
  addCounts(rows, calls);
  addFloods(rare, calls);
  addRefusals(rare, calls);
}

/** Each run once, as the last of its calls left it, with what its calls hold of its budget. */
function addRuns(rows: BatchColumns, calls: readonly Call[]): void {
  const last = new Map(calls.map((call) => [call.standing.run.id, call]));
  for (const { standing, judgement } of last.values()) {
    const { run } = standing;
    rows.runs.add({
      run_id: run.id,
      run_state: run.state,
      run_halted: run.haltedReason,
      run_steps: run.steps,
      run_allowed: run.allowed,
      run_asked: run.asked,
      run_refused: run.refused,
      run_cost: run.costMicros,
      run_action: run.lastAction,
      run_same: run.sameCalls,
      run_reach: JSON.stringify(run.reach),
    });
    const { maxCostMicros } = judgement.decision.bounds;
    const own = calls.filter((call) => call.standing.run === run);
    const held = sum(own.map((call) => call.judgement.reserves.cost.amount));
    if (maxCostMicros === null || held === 0) continue;
    rows.budgets.add({
      budget_run: run.id,
      budget_limit: maxCostMicros + run.extraCostMicros,
      budget_used: run.costMicros - held,
      budget_held: held,
    });
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function addDays(rows: BatchColumns, calls: readonly Call[]): void {
  const agents = new Map(calls.map((call) => [call.submission.wanted.agentId, call.judgement.decision.bounds]));
  for (const [agent, { dailyCostMicros, dailyTokens }] of agents) {
    const own = calls.filter(
      ({ submission }) => submission.wanted.agentId === agent && submission.wanted.daily !== null,
    );
    const micros = sum(own.map(({ judgement }) => judgement.reserves.cost.amount));
    const tokens = sum(own.map(({ judgement }) => judgement.reserves.tokens.amount));
    if (micros > 0 && dailyCostMicros !== null)
      rows.days.add({ day_agent: agent, day_metric: "cost_micros", day_limit: dailyCostMicros, day_held: micros });
    if (tokens > 0 && dailyTokens !== null)
      rows.days.add({ day_agent: agent, day_metric: "tokens", day_limit: dailyTokens, day_held: tokens });
  }
}

/** How agents stand that asked too much, each once, as the last of its calls left it. */
function addFloods(rare: RareRows, calls: readonly Call[]): void {
  const floods = new Map(
    calls.flatMap(({ submission, judgement }) =>
      judgement.flood === null ? [] : [[submission.wanted.agentId, judgement.flood.asking]],
    ),
  );
  for (const [agent, { since, refused, pausedUntil }] of floods)
    rare.floods.push({
      agent_id: agent,
      since: since === null ? null : isoOf(since),
      refused,
      paused_until: pausedUntil === null ? null : isoOf(pausedUntil),
    });
}

/** How many calls each dependency's breaker refused. */
function addRefusals(rare: RareRows, calls: readonly Call[]): void {
  const refused = new Map<string, number>();
  for (const { judgement } of calls) {
    const name = judgement.decision.rule === DEPENDENCY_RULE ? judgement.run.dependency?.name : undefined;
    if (name !== undefined) refused.set(name, (refused.get(name) ?? 0) + 1);
  }
  for (const [dependency, n] of refused) rare.dependency_refusals.push({ dependency, refused: n });
}

/** What the allowed calls add to counts, each count once. */
function addCounts(rows: BatchColumns, calls: readonly Call[]): void {
  const added = new Map<string, { scope: string; digest: string; span: number | null; n: number }>();
  for (const { submission, standing, judgement } of calls) {
    if (judgement.decision.verdict !== "allow") continue;
    for (const { digest, adds, spanSeconds, ...tally } of submission.asked.tallies) {
      if (adds <= 0) continue;
      const scope = scopeOf(tally, standing.run, submission.wanted.agentId);
      const place = placeOf(placeOf(scope, digest), String(spanSeconds));
      const known = added.get(place);
      if (known) known.n += adds;
      else added.set(place, { scope, digest, span: spanSeconds, n: adds });
    }
  }
  for (const { scope, digest, span, n } of added.values())
    rows.tallies.add({ tally_scope: scope, tally_key: digest, tally_span: span, tally_n: n });
}
