import { z } from "zod";

import type { CompiledManifest } from "@/lib/core/manifests/compile";
import { canonicalJson } from "@/lib/core/shared/canonical-json";

import { decide } from "./decide";
import { NO_RESERVES } from "./reserve";
import { Call, type Decision, type Facts, Reason, Risk, type RunFacts, Verdict } from "./schema";

const MAX_CALLS = 100;

const { session_id: SessionName, run_id: RunName, tool, args, context, effect, estimate } = Call.shape;

/** One call of a plan with the call that would undo it. */
const PlannedCall = z.strictObject({
  tool,
  args,
  context,
  effect,
  estimate,
  rollback: z.strictObject({ tool, args }).nullable().default(null),
});
export type PlannedCall = z.infer<typeof PlannedCall>;

/** Calls an agent means to make, in order: the body of `POST /api/v1/plans`. */
export const PlanInput = z.strictObject({
  session_id: SessionName,
  run_id: RunName,
  calls: z.array(PlannedCall).min(1).max(MAX_CALLS),
});
export type PlanInput = z.infer<typeof PlanInput>;

/** What would become of undoing a call. */
const RollbackAnswer = z.object({
  tool: z.string(),
  catalogued: z.boolean(),
  verdict: Verdict,
  needs_approval: z.boolean(),
  rule: z.string().nullable(),
  reasons: z.array(Reason),
});

const PlannedAnswer = z.object({
  tool: z.string(),
  verdict: Verdict,
  rule: z.string().nullable(),
  reasons: z.array(Reason),
  risk: Risk,
  rollback: RollbackAnswer.nullable(),
});

/**
 * What would become of a plan. `ok`: no call would be refused; some may still wait for people. `first_refused` is the
 * index of the first call that would be.
 */
export const PlanAnswer = z.object({
  ok: z.boolean(),
  first_refused: z.int().nullable(),
  allowed: z.int(),
  need_approval: z.int(),
  refused: z.int(),
  manifest: z.object({ version: z.int(), hash: z.string() }).nullable(),
  calls: z.array(PlannedAnswer),
});
export type PlanAnswer = z.infer<typeof PlanAnswer>;

/** A planned call as the engine takes it. */
export function plannedCall({ session_id, run_id }: PlanInput, { rollback: _undo, ...call }: PlannedCall): Call {
  return { session_id, run_id, ...call, rationale: null, approval_id: null };
}

/**
 * Decides every call of a plan in order, each with the run as the calls before it would leave it: steps and reserved
 * cost add up, refusals count, a breach halts the rest. Time does not pass, and nothing is taken to fail. Stops after each
 * call, since a hundred of them may take seconds.
 *
 * @param known `calls`: the plan's as the engine takes them; `factsOf`: what is known for the call at this index, whose
 *   `run` is replaced by the simulated one
 */
export function* checkPlan(
  compiled: CompiledManifest | null,
  input: PlanInput,
  known: { readonly calls: readonly Call[]; readonly run: RunFacts; readonly factsOf: (index: number) => Facts },
): Generator<void, PlanAnswer> {
  const { factsOf } = known;
  let { run } = known;
  let last = "";
  const added = new Map<string, number>();
  const calls: PlanAnswer["calls"] = [];
  for (const [index, planned] of input.calls.entries()) {
    const call = known.calls[index] ?? plannedCall(input, planned);
    const facts = { ...factsOf(index), run };
    const action = canonicalJson({ tool: planned.tool, args: planned.args });
    const sameCalls = action === last ? run.sameCalls : 0;
    last = action;
    const tallies = facts.tallies && countedWith(facts.tallies, added);
    const decision = decide(compiled, call, { ...facts, run: { ...run, sameCalls }, tallies });
    run = { ...runAfter(run, decision), sameCalls: sameCalls + 1 };
    // One that waits for a person is taken to be approved: what comes after must hold then too.
    if (!REFUSALS.includes(decision.verdict))
      for (const { key, adds } of decision.tallies) added.set(key, (added.get(key) ?? 0) + adds);
    calls.push(answerOf(planned, decision, rollbackAnswer(compiled, input, { planned, facts: { ...facts, run } })));
    yield;
  }
  const count = (...verdicts: readonly Verdict[]) => calls.filter((call) => verdicts.includes(call.verdict)).length;
  const first = calls.findIndex(({ verdict }) => REFUSALS.includes(verdict));
  return {
    ok: first === -1,
    first_refused: first === -1 ? null : first,
    allowed: count("allow"),
    need_approval: count("require_approval"),
    refused: count(...REFUSALS),
    manifest: compiled === null ? null : { version: compiled.version, hash: compiled.hash },
    calls,
  };
}

/** What was counted before the plan, and what its calls so far would add. */
function countedWith(before: NonNullable<Facts["tallies"]>, added: ReadonlyMap<string, number>) {
  return Object.fromEntries(Object.entries(before).map(([key, count]) => [key, count + (added.get(key) ?? 0)]));
}

const REFUSALS: readonly Verdict[] = ["recommend", "deny", "halt"];

/** The same arithmetic as the commit's. */
function runAfter(run: RunFacts, { verdict, checks, reserves }: Decision): RunFacts {
  const { cost, tokens } = verdict === "allow" ? reserves : NO_RESERVES;
  const breached = checks.some((check) => check.check === "bounds" && check.verdict === "halt");
  return {
    ...run,
    state: breached ? "halted" : run.state,
    steps: run.steps + 1,
    costMicros: run.costMicros + cost.amount,
    dayCostMicros: run.dayCostMicros + cost.amount,
    dayTokens: run.dayTokens + tokens.amount,
    refusals: run.refusals + (verdict === "deny" || verdict === "halt" ? 1 : 0),
  };
}

function answerOf({ tool: name }: PlannedCall, decision: Decision, rollback: z.infer<typeof RollbackAnswer> | null) {
  const { verdict, rule, reasons, risk } = decision;
  return { tool: name, verdict, rule, reasons: [...reasons], risk, rollback };
}

function rollbackAnswer(
  compiled: CompiledManifest | null,
  input: PlanInput,
  { planned, facts }: { readonly planned: PlannedCall; readonly facts: Facts },
): z.infer<typeof RollbackAnswer> | null {
  const undo = planned.rollback;
  if (undo === null) return null;
  const call = plannedCall(input, { ...planned, ...undo, effect: null, estimate: null });
  const { verdict, rule, reasons } = decide(compiled, call, facts);
  return {
    tool: undo.tool,
    catalogued: compiled?.catalogue.has(undo.tool) ?? false,
    verdict,
    needs_approval: verdict === "require_approval",
    rule,
    reasons: [...reasons],
  };
}
