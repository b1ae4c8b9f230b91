import "server-only";

import { randomBytes } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { displayOf } from "@/lib/core/approvals/display";
import { likenessOf } from "@/lib/core/approvals/likeness";
import { quorumOf } from "@/lib/core/approvals/schema";
import type { DecisionAnswer } from "@/lib/core/decisions/answer";
import { countedBy } from "@/lib/core/decisions/check-tallies";
import { namedTool } from "@/lib/core/decisions/check-tools";
import { decide } from "@/lib/core/decisions/decide";
import { ENGINE } from "@/lib/core/decisions/engine";
import type { Call, Decision, Facts, HistoryFacts, Tally } from "@/lib/core/decisions/schema";
import { storedChecks } from "@/lib/core/decisions/stored-checks";
import { gatesOnRisk } from "@/lib/core/manifests/compile";
import { actionDigest, digestOf } from "@/lib/core/shared/digest";
import { AppError } from "@/lib/core/shared/errors";
import { asJsonObject } from "@/lib/core/shared/as-json";
import type { JsonObject } from "@/lib/core/shared/json";
import { uncatalogued } from "@/lib/core/tools/schema";
import { observeDatabaseTime } from "@/lib/data/clock";
import { CannotRecord, type CommitItem } from "@/lib/data/commit-queue";
import { countedBefore, decisionCommits, findCommittedDecision, findRunFacts } from "@/lib/data/decisions-commit";
import { counter } from "@/lib/platform/metrics";

import { type AgentActor, requireAgent, type ServiceContext } from "../context";
import { findReadings } from "../context/find-readings";
import { keepReadings } from "../context/keep-readings";
import { answerOfCommit, answerOfDecision } from "./answer";
import { payloadCommitment, sha256Hex, tallyDigest } from "./digests";
import { findReach } from "./find-reach";
import { historyOf } from "./history-cache";
import { controlFacts, type Policy, policyOf } from "./policy-cache";

/** A call with the key that makes repeating it safe, if the agent sent one. */
export type DecideCallInput = { readonly call: Call; readonly idempotencyKey: string | null };

const MAX_EVALUATIONS = 6;

/** What only the commit could count, when it asked for a person who must see the call. */
type Counted = Pick<Facts, "run" | "tallies">;

const decided = counter("interlock_decisions_total", "Committed decisions, by verdict.", { labelNames: ["verdict"] });
const unrecorded = counter(
  "interlock_decisions_unrecorded_total",
  "Calls answered deny because nothing could be recorded.",
);

/**
 * Decides one call and makes the answer durable before giving it.
 *
 * @throws {AppError} `unauthenticated` when the key was revoked meanwhile; `unprocessable` (`idempotency_mismatch`) for a
 *   known key with another body; `unavailable` (`cannot_record`) when nothing could be recorded, which means deny
 */
export async function decideCall(ctx: ServiceContext, input: DecideCallInput): Promise<DecisionAnswer> {
  const agent = requireAgent(ctx, "decide");
  const call = asJsonObject(input.call);
  const fingerprint = input.idempotencyKey === null ? null : digestOf(sha256Hex, call);

  let counted: Counted | null = null;
  for (let evaluation = 1; evaluation <= MAX_EVALUATIONS; evaluation += 1) {
    const policy = await policyOf(ctx.db, ctx.workspaceId, agent.agentId, evaluation > 1 && counted === null);
    const decision = await evaluate(ctx, policy, input.call, agent, counted);
    const item = commitItem({ ctx, agent, policy, decision, input, call, fingerprint });
    const run = { agent_id: agent.agentId, session: input.call.session_id, run: input.call.run_id };
    const result = await decisionCommits.commit(ctx.workspaceId, policy.workspaceEpoch, run, item).catch(cannotRecord);
    counted = null;
    if (result.status === "ask") {
      const { run: before, counts } = countedBefore(result.answer);
      counted = { run: before, tallies: countedBy(decision.decision.tallies, counts) };
    }

    if (result.status === "committed") {
      const answer = answerOfCommit(decision, policy, item, result);
      observeDatabaseTime(new Date(String(result.entry?.["at"])));
      decided.inc({ verdict: answer.verdict });
      if (answer.verdict === "allow") await keepReadings(ctx, agent.agentId, restsOn(policy, input.call));
      return answer;
    }
    if (result.status === "replayed") return replay(ctx, agent, String(result.answer?.["decision_id"]));
    if (result.status === "mismatch") {
      throw new AppError("unprocessable", "This idempotency key was used for another body.", {
        reason: "idempotency_mismatch",
      });
    }
    if (result.status === "revoked") throw new AppError("unauthenticated", "The key was revoked or has expired.");
  }
  throw new AppError(
    "unavailable",
    "The policy kept changing while this call was decided. Treat it as denied and try again.",
    {
      reason: "cannot_record",
    },
  );
}

function cannotRecord(error: unknown): never {
  if (!(error instanceof CannotRecord)) throw error;
  unrecorded.inc();
  throw new AppError("unavailable", "The decision could not be recorded, so the answer is deny. Try again.", {
    reason: "cannot_record",
    cause: error,
  });
}

/**
 * Most calls need no look-up. Those a person will see, or that risk may stop, are decided again with run and history
 * known: not knowing them counts at its worst.
 */
async function evaluate(
  ctx: ServiceContext,
  policy: Policy,
  call: Call,
  agent: AgentActor,
  counted: Counted | null,
): Promise<{ decision: Decision; facts: Facts }> {
  const readings = await findReadings(ctx, agent.agentId, restsOn(policy, call));
  const facts = { ...factsOf(policy, counted, null), readings };
  const decision = decide(policy.compiled, call, facts);
  const asks =
    counted !== null ||
    decision.verdict === "require_approval" ||
    (decision.verdict === "allow" && gatesOnRisk(policy.compiled));
  if (!asks) return { decision, facts };
  const [history, reach, run] = await Promise.all([
    historyOf(ctx, agent.agentId, call),
    findReach(ctx, agent.agentId, call),
    counted === null && gatesOnRisk(policy.compiled)
      ? findRunFacts(ctx.db, ctx.workspaceId, agent.agentId, call)
      : null,
  ]);
  const better = { ...factsOf(policy, counted ?? { run, tallies: null }, history), reach, readings };
  return { decision: decide(policy.compiled, call, better), facts: better };
}

function factsOf(policy: Policy, counted: Counted | null, history: HistoryFacts | null): Facts {
  return {
    ...controlFacts(policy),
    // Bounds and counts are judged under the locks, inside the commit.
    run: counted?.run ?? null,
    tallies: counted?.tallies ?? null,
    history,
    reach: null,
    readings: null,
  };
}

const restsOn = ({ compiled }: Policy, { tool, context }: Call) => ({
  sources: compiled?.tools.get(tool)?.sources ?? [],
  context,
});

type Evaluated = {
  readonly ctx: ServiceContext;
  readonly agent: AgentActor;
  readonly policy: Policy;
  readonly decision: { readonly decision: Decision; readonly facts: Facts };
  readonly input: DecideCallInput;
  readonly call: JsonObject;
  readonly fingerprint: string | null;
};

function commitItem({ agent, policy, decision: { decision, facts }, input, call, fingerprint }: Evaluated): CommitItem {
  const { source } = policy;
  const tool = policy.catalogue.get(input.call.tool) ?? uncatalogued(input.call.tool);
  const digest = actionDigest(sha256Hex, {
    agent: source.handle,
    session: input.call.session_id,
    tool: input.call.tool,
    tool_hash: tool.hash,
    args: input.call.args,
    manifest_version: source.version ?? 0,
  });
  const salt = randomBytes(32);
  const display = decision.verdict === "require_approval" ? displayFor(policy, decision, input.call, digest) : null;
  const likeness = display && likenessOf(sha256Hex, input.call, tool.hash);
  return {
    decision_id: uuidv7(),
    agent_epoch: String(policy.agentEpoch),
    credential_id: agent.credentialId,
    call_id: input.call.call_id ?? "",
    idempotency_key: input.idempotencyKey,
    fingerprint,
    tool: input.call.tool,
    tool_hash: tool.hash,
    action_digest: digest,
    call,
    salt: salt.toString("hex"),
    payload_commitment: payloadCommitment(salt, call),
    manifest_version: source.version,
    manifest_hash: source.hash,
    guardrail_version: policy.compiled?.guardrail?.version ?? null,
    guardrail_hash: policy.compiled?.guardrail?.hash ?? null,
    verdict: decision.verdict,
    rule: decision.rule,
    reasons: decision.reasons,
    checks: storedChecks(decision.checks),
    risk: decision.risk,
    facts: storedFacts(facts),
    ...boundsItem(decision),
    escalates: policy.compiled?.onBudgetExceeded !== "halt",
    tallies: decision.tallies.length === 0 ? null : decision.tallies.map(tallyItem),
    locks_agent:
      decision.bounds.dailyCostMicros !== null ||
      decision.bounds.dailyTokens !== null ||
      decision.tallies.some(({ scope }) => scope !== "run"),
    approval_id: input.call.approval_id,
    terms:
      display === null
        ? null
        : {
            ...decision.approval,
            quorum: quorumOf({ quorum: decision.approval.quorum, band: decision.risk.band }),
          },
    display,
    display_digest: display && digestOf(sha256Hex, display),
    args_digest: likeness && likeness.args,
    shape_digest: likeness && likeness.shape,
    shown_digest: likeness && likeness.shown,
    base_digest: input.call.effect?.base?.digest ?? null,
  };
}

/** Without the counts, which the commit adds in the order of the tallies: their keys may name whom a call is about. */
function storedFacts({ now, workspace, agent, run, history, reach, readings }: Facts) {
  return { engine: ENGINE, now: now.toISOString(), workspace, agent, run, history, reach, readings };
}

function boundsItem({ bounds, reserveMicros, reserveTokens }: Decision) {
  return {
    max_steps: bounds.maxSteps,
    max_seconds: bounds.maxWallClockSeconds,
    max_cost_micros: bounds.maxCostMicros,
    max_retries: bounds.maxRetries,
    loop_repeats: bounds.loopRepeats,
    breaker_failures: bounds.breaker?.failures ?? null,
    breaker_cool_down: bounds.breaker?.coolDownSeconds ?? null,
    daily_cost_micros: bounds.dailyCostMicros,
    daily_tokens: bounds.dailyTokens,
    warn_cost_micros: bounds.warnCostMicros,
    warn_tokens: bounds.warnTokens,
    reserve_micros: reserveMicros,
    reserve_tokens: reserveTokens,
  };
}

/** What is counted may name a customer; what is stored of it is a digest. */
function tallyItem({ key, scope, spanSeconds, asks, adds, most, verdict, rule, reason }: Tally) {
  return { key: tallyDigest(key), scope, span: spanSeconds, asks, adds, most, verdict, rule, reason };
}

function displayFor(policy: Policy, decision: Decision, call: Call, digest: string): JsonObject {
  const { source, catalogue, compiled, ttls } = policy;
  const tool = catalogue.get(call.tool) ?? uncatalogued(call.tool);
  // The class that was decided by, which the manifest or the command itself may have tightened.
  const { reversibility, blastRadius } = (compiled && namedTool(compiled, call).tool) ?? tool;
  const path = decision.reasons.find(
    (reason) => reason.path.startsWith("/tools") || reason.path.startsWith("/risk"),
  )?.path;
  return displayOf({
    call,
    decision,
    agent: {
      handle: source.handle,
      task: source.task,
      environment: source.environment,
      level: source.level,
      dri: { name: source.dri_name, email: source.dri_email },
    },
    tool: { ...tool, reversibility, blastRadius },
    ttls,
    manifest: { version: source.version ?? 0, hash: source.hash ?? "" },
    ruleLine: path === undefined ? null : policy.lineOf(path),
    actionDigest: digest,
  });
}

async function replay(ctx: ServiceContext, agent: AgentActor, decisionId: string): Promise<DecisionAnswer> {
  const known = await findCommittedDecision(ctx.db, ctx.workspaceId, agent.agentId, decisionId);
  if (!known)
    throw new AppError("conflict", "The first answer to this key is no longer kept.", { reason: "answer_gone" });
  return answerOfDecision(known);
}
