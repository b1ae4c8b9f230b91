import { Manifest } from "@/lib/core/manifests/schema";
import { microsOf } from "@/lib/core/shared/money";

import type { State } from "./state";
import { groupBy, indexBy, violation, type Violation } from "./violation";

type Run = State["runs"][number];
type Decision = State["decisions"][number];

/** 5: no budget was ever beyond its limit, and what is booked is what was allowed and reported. */
export function budgetViolations(state: State): Violation[] {
  const found: Violation[] = [];
  for (const { scope, scope_id, metric, period, limit_amount, used, reserved } of state.budgets) {
    if (used + reserved > limit_amount || used < 0 || reserved < 0)
      found.push(violation(5, `${metric} ${period} of ${scope} ${scope_id}: ${used} + ${reserved} of ${limit_amount}`));
  }
  const calls = groupBy(state.decisions, ({ run_id }) => run_id);
  const outcomes = indexBy(state.outcomes, ({ decision_id }) => decision_id);
  const budgets = indexBy(
    state.budgets.filter(({ scope, metric, period }) => scope === "run" && metric === "cost_micros" && period === ""),
    ({ scope_id }) => scope_id,
  );
  const limits = limitsOf(state);
  for (const run of state.runs) {
    const made = calls.get(run.id) ?? [];
    const faults = [
      ...countFaults(run, made),
      ...prefixFaults(run, made, { outcomes, limits }),
      ...bookFaults(run, made, { outcomes, budget: budgets.get(run.id) }),
    ];
    found.push(...faults.map((fault) => violation(5, `run ${run.id}: ${fault}`)));
  }
  return found;
}

/** A step is an attempt: they are numbered without a gap, and the run counts each once. */
function countFaults(run: Run, made: readonly Decision[]): string[] {
  const faults: string[] = [];
  if (made.some(({ step }, index) => step !== index + 1)) faults.push("its steps have a gap or a double");
  const counted = (...verdicts: readonly string[]) => made.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const is = [run.steps, run.allowed, run.asked, run.refused].join();
  const should = [made.length, counted("allow"), counted("require_approval"), counted("deny", "halt")].join();
  if (is !== should) faults.push(`it counts ${is} attempts, allowed, asked and refused; there are ${should}`);
  return faults;
}

type Limits = ReadonlyMap<string, { readonly steps: number; readonly micros: number }>;
type Outcomes = ReadonlyMap<string, State["outcomes"][number]>;

/** Every prefix in the order of commit: each allow fitted what its manifest left at that moment. */
function prefixFaults(
  run: Run,
  made: readonly Decision[],
  { outcomes, limits }: { readonly outcomes: Outcomes; readonly limits: Limits },
): string[] {
  const faults: string[] = [];
  const allowed: Decision[] = [];
  for (const call of made) {
    if (call.verdict !== "allow") continue;
    const limit = limits.get(`${call.agent_id} ${call.manifest_version}`);
    if (limit && call.step > limit.steps + run.extra_steps)
      faults.push(`step ${call.step} was allowed and ${limit.steps} are`);
    const spent = allowed.reduce((sum, earlier) => sum + costAt(earlier, outcomes.get(earlier.id), call.at), 0);
    if (limit && call.reserved_micros > 0 && spent + call.reserved_micros > limit.micros + run.extra_cost_micros)
      faults.push(`step ${call.step} held ${call.reserved_micros} beside ${spent} of ${limit.micros}`);
    allowed.push(call);
  }
  return faults;
}

/** What a call counts for at a moment: what it holds, or what it cost once that was reported. */
function costAt(
  call: Decision,
  outcome: Outcomes extends ReadonlyMap<string, infer O> ? O | undefined : never,
  at: number,
) {
  return outcome && outcome.at < at ? (outcome.cost_micros ?? call.reserved_micros) : call.reserved_micros;
}

function bookFaults(
  run: Run,
  made: readonly Decision[],
  { outcomes, budget }: { readonly outcomes: Outcomes; readonly budget: State["budgets"][number] | undefined },
): string[] {
  const faults: string[] = [];
  const allowed = made.filter(({ verdict }) => verdict === "allow");
  const end = Number.POSITIVE_INFINITY;
  const cost = allowed.reduce((sum, call) => sum + costAt(call, outcomes.get(call.id), end), 0);
  if (run.cost_micros !== cost) faults.push(`it books ${run.cost_micros}; its calls hold and cost ${cost}`);
  if (!budget) return faults;
  const booked = budget.used + budget.reserved + budget.overrun;
  if (booked !== cost) faults.push(`its budget books ${booked}; its calls hold and cost ${cost}`);
  const open = allowed.filter(({ id }) => !outcomes.has(id));
  const held = open.reduce((sum, call) => sum + call.reserved_micros, 0);
  if (budget.reserved !== held) faults.push(`its budget holds ${budget.reserved}; its open calls hold ${held}`);
  return faults;
}

function limitsOf({ manifests }: State): Limits {
  return new Map(
    manifests.map(({ agent_id, version, content }) => {
      const { max_steps: steps, max_cost_usd: usd } = Manifest.parse(content).execution ?? {};
      const unbounded = Number.POSITIVE_INFINITY;
      return [
        `${agent_id} ${version}`,
        { steps: steps ?? unbounded, micros: usd === undefined ? unbounded : microsOf(usd) },
      ] as const;
    }),
  );
}
