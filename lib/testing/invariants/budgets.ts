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
  const executions = indexBy(state.executions, ({ decision_id }) => decision_id);
  const budgets = indexBy(
    state.budgets.filter(({ scope, metric, period }) => scope === "run" && metric === "cost_micros" && period === ""),
    ({ scope_id }) => scope_id,
  );
  const limits = limitsOf(state);
  for (const run of state.runs) {
    const made = calls.get(run.id) ?? [];
    const faults = [
      ...countFaults(run, made),
      ...prefixFaults(run, made, { outcomes, executions, limits }),
      ...bookFaults(run, made, { executions, budget: budgets.get(run.id) }),
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
type Executions = ReadonlyMap<string, State["executions"][number]>;

/** Every prefix in the order of commit: each allow fitted what its manifest left at that moment. */
function prefixFaults(
  run: Run,
  made: readonly Decision[],
  { outcomes, executions, limits }: { readonly outcomes: Outcomes; executions: Executions; readonly limits: Limits },
): string[] {
  const faults: string[] = [];
  const allowed: Decision[] = [];
  for (const call of made) {
    if (call.verdict !== "allow") continue;
    const limit = limits.get(`${call.agent_id} ${call.manifest_version}`);
    if (limit && call.step > limit.steps + run.extra_steps)
      faults.push(`step ${call.step} was allowed and ${limit.steps} are`);
    const spent = allowed.reduce((sum, earlier) => sum + leastAt(earlier, { outcomes, executions, at: call.at }), 0);
    if (limit && call.reserved_micros > 0 && spent + call.reserved_micros > limit.micros + run.extra_cost_micros)
      faults.push(`step ${call.step} held ${call.reserved_micros} beside ${spent} of ${limit.micros}`);
    allowed.push(call);
  }
  return faults;
}

/** The least that a call counted for at a moment: what it held, or what its outcome said; what came later only added. */
function leastAt(
  call: Decision,
  { outcomes, executions, at }: { readonly outcomes: Outcomes; readonly executions: Executions; readonly at: number },
): number {
  const outcome = outcomes.get(call.id);
  const execution = executions.get(call.id);
  const assumed = execution?.assumed_micros ?? 0;
  if (outcome !== undefined && outcome.at < at) return outcome.cost_micros ?? assumed;
  // One that is overdue may have been settled before this moment.
  const isOverdue = execution !== undefined && ["unknown", "unreported"].includes(execution.state);
  return isOverdue ? Math.min(assumed, call.reserved_micros) : call.reserved_micros;
}

function bookFaults(
  run: Run,
  made: readonly Decision[],
  { executions, budget }: { readonly executions: Executions; readonly budget: State["budgets"][number] | undefined },
): string[] {
  const faults: string[] = [];
  const ran = made.flatMap(({ id }) => executions.get(id) ?? []);
  const cost = ran.reduce((sum, { settled_micros, reserved_micros }) => sum + (settled_micros ?? reserved_micros), 0);
  if (run.cost_micros !== cost) faults.push(`it books ${run.cost_micros}; its calls hold and cost ${cost}`);
  if (!budget) return faults;
  const booked = budget.used + budget.reserved + budget.overrun;
  if (booked !== cost) faults.push(`its budget books ${booked}; its calls hold and cost ${cost}`);
  const open = ran.filter(({ settled_micros }) => settled_micros === null);
  const held = open.reduce((sum, { reserved_micros }) => sum + reserved_micros, 0);
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
