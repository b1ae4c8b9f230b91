import "server-only";

import type { Judgement } from "@/lib/core/decisions/batch";
import { ENGINE } from "@/lib/core/decisions/engine";
import type { Facts, RunFacts } from "@/lib/core/decisions/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { JudgedCall } from "@/lib/data/run-batch";

import { payloadCommitment, salted } from "./digests";
import type { PreparedCall } from "./prepare-call";

/*
 * The text of a decision's ledger entry. It is canonical JSON (RFC 8785) because every object here names its keys in order
 * and holds nothing but strings, integers, booleans and null: then `JSON.stringify` writes that very form, in a tenth of
 * the time. A test holds every entry against the canonical form of what it says.
 */

/** An entry as it is stored and hashed, with the two parts of it that the decision's row repeats. */
export type DecisionEntry = { readonly body: string; readonly facts: string; readonly run: string };

const MOST_REASONS = 20;

/** The entry of a judged call. */
export function decisionEntry(
  workspaceId: WorkspaceId,
  iso: string,
  { submission, standing, judgement }: JudgedCall<PreparedCall>,
): DecisionEntry {
  const { asked, wanted, context } = submission;
  const { decision, used, counts, reserves } = judgement;
  const { caller } = standing;
  const { source, compiled } = context.policy;
  const facts = JSON.stringify(attestedFacts(judgement.facts));
  const run = JSON.stringify(storedRun(judgement.run));
  const guardrail = compiled?.guardrail ?? null;
  const reasons = decision.reasons.slice(0, MOST_REASONS).map(({ code }) => code);
  const start = JSON.stringify({
    action: salted(context.salt, asked.action),
    agent: caller.handle,
    approval: approvalOf(wanted.approvalId, judgement),
    approved_action: used === null ? null : (used.actionRef ?? asked.action),
    at: iso,
    beside: payloadCommitment(context.salt, besideText(judgement.facts)),
    counts,
    credential: wanted.credentialId,
    environment: caller.environment,
  });
  const middle = JSON.stringify({
    guardrail_hash: guardrail?.hash ?? null,
    guardrail_version: guardrail?.version ?? null,
    id: asked.decisionId,
    kind: "decision",
    level: caller.level,
    manifest_hash: source.hash,
    manifest_version: source.version,
    payload: context.payload,
    reasons,
    reserved_by: { cost: reserves.cost.by, tokens: reserves.tokens.by },
    reserved_micros: reserves.cost.amount,
    reserved_tokens: reserves.tokens.amount,
    rule: decision.rule,
    run: wanted.run,
  });
  const end = JSON.stringify({
    score: decision.risk.score,
    session: wanted.session,
    step: judgement.step,
    tool: wanted.tool,
    tool_hash: context.tool.hash,
    v: 3,
    verdict: decision.verdict,
    workspace: workspaceId,
  });
  const body = `${start.slice(0, -1)},"facts":${facts},${middle.slice(1, -1)},"run_before":${run},${end.slice(1)}`;
  return { body, facts, run };
}

/** The facts as the decision's row keeps them: what the entry attests, and what may name people and can be erased. */
export function storedFacts({ facts, run }: DecisionEntry, { counts, facts: known }: Judgement): string {
  const beside = JSON.stringify({ counts, reach: known.reach, readings: known.readings });
  return `${facts.slice(0, -1)},"run":${run},${beside.slice(1)}`;
}

const NOTHING_BESIDE = canonicalJson({ reach: null, readings: null });

/**
 * What stands beside the call, in its canonical form: the entry holds its commitment, so that nobody can change it and it
 * can still be erased.
 */
function besideText({ reach, readings }: Facts): string {
  if (reach === null && readings === null) return NOTHING_BESIDE;
  return canonicalJson(asJsonObject({ reach, readings }));
}

/** The approval that a decision is about: the one it opened or joined, else the one it named. */
export const approvalOf = (named: string | null, { asked }: Pick<Judgement, "asked">) => asked?.id ?? named;

/** What the entry itself says. What sources said and whom the run reached may name people: those stay beside the call. */
function attestedFacts({ now, workspace, agent, history, asking, approval, usual }: Facts): object {
  return {
    agent: { environment: agent.environment, handle: agent.handle, level: agent.level, status: agent.status },
    ...(approval && { approval: { fault: approval.fault } }),
    // Without what a person wrote, which can be erased with the request it is about.
    ...(asking && {
      asking: {
        isPaused: asking.isPaused,
        joins: asking.joins,
        most: asking.most,
        refusedSecondsAgo: asking.refusedSecondsAgo,
        repeatSeconds: asking.repeatSeconds,
        waiting: asking.waiting,
      },
    }),
    engine: ENGINE,
    history: history && {
      amountP99: history.amountP99,
      approved: history.approved,
      approvedThenRolledBack: history.approvedThenRolledBack,
      rowsP99: history.rowsP99,
      targetSeen: history.targetSeen,
      uses: history.uses,
    },
    now: now.toISOString(),
    ...(usual && { usual: { costMicros: usual.costMicros, tokens: usual.tokens } }),
    workspace: { readsOnly: workspace.readsOnly, stopped: workspace.stopped },
  };
}

/** Without the reason of a halt, which may be a person's words. */
function storedRun({ breaker, dependency, ...run }: RunFacts): object {
  return {
    breaker: { failures: breaker.failures, isTrialOut: breaker.isTrialOut, secondsSince: breaker.secondsSince },
    costMicros: run.costMicros,
    dayCostMicros: run.dayCostMicros,
    dayTokens: run.dayTokens,
    // Decisions of tools that share no system hold what they held before there were such breakers.
    ...(dependency && {
      dependency: {
        agents: dependency.agents,
        coolDownSeconds: dependency.coolDownSeconds,
        failures: dependency.failures,
        name: dependency.name,
        opensAt: dependency.opensAt,
        secondsSince: dependency.secondsSince,
        trialSecondsAgo: dependency.trialSecondsAgo,
      },
    }),
    elapsedSeconds: run.elapsedSeconds,
    extraCostMicros: run.extraCostMicros,
    extraSeconds: run.extraSeconds,
    extraSteps: run.extraSteps,
    failures: run.failures,
    refusals: run.refusals,
    sameCalls: run.sameCalls,
    state: run.state,
    steps: run.steps,
  };
}
