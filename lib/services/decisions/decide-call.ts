import "server-only";

import type { DecisionAnswer } from "@/lib/core/decisions/answer";
import { decide } from "@/lib/core/decisions/decide";
import type { Call, Decision, Facts } from "@/lib/core/decisions/schema";
import { gatesOnRisk } from "@/lib/core/manifests/compile";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { AppError } from "@/lib/core/shared/errors";
import type { TraceParent } from "@/lib/core/traces/traceparent";
import { CannotRecord } from "@/lib/data/run-batch";
import { observeDatabaseTime } from "@/lib/data/clock";
import { findCommittedDecision } from "@/lib/data/decisions-commit";
import { counter } from "@/lib/platform/metrics";

import { type AgentActor, requireAgent, type ServiceContext } from "../context";
import { findReadings } from "../context/find-readings";
import { keepReadings } from "../context/keep-readings";
import { receiptsOf } from "../ledger/receipt";
import { answerOfDecision } from "./answer";
import { decisionBatches } from "./decision-batches";
import { sha256Hex } from "./digests";
import { historyOf, usualSpendOf } from "./history-cache";
import { controlFacts, type Policy, policyOf } from "./policy-cache";
import { prepareCall } from "./prepare-call";

/** A call with the key that makes repeating it safe and the span it was asked from, if the agent sent them. */
export type DecideCallInput = {
  readonly call: Call;
  readonly idempotencyKey: string | null;
  readonly trace?: TraceParent | null;
};

/** The first, and three more when the policy changed meanwhile. */
const MAX_EVALUATIONS = 4;

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
  const callText = canonicalJson(asJsonObject(input.call));
  const name = input.idempotencyKey;
  const key = name === null ? null : { name, fingerprint: sha256Hex(callText) };

  for (let evaluation = 1; evaluation <= MAX_EVALUATIONS; evaluation += 1) {
    const policy = await policyOf(ctx.db, ctx.workspaceId, agent.agentId, evaluation > 1);
    const evaluated = await evaluate(ctx, policy, input.call, agent);
    const submission = prepareCall({
      agent,
      policy,
      input: input.call,
      trace: input.trace ?? null,
      callText,
      key,
      ...evaluated,
    });
    const fate = await decisionBatches.submit(ctx.workspaceId, policy.workspaceEpoch, submission).catch(cannotRecord);

    if (fate.status === "judged") {
      const { answer, at } = fate.answer;
      observeDatabaseTime(at);
      decided.inc({ verdict: answer.verdict });
      if (answer.verdict === "allow") await keepReadings(ctx, agent.agentId, restsOn(policy, input.call));
      return answer;
    }
    if (fate.status === "replayed") return replay(ctx, agent, fate.decisionId);
    if (fate.status === "mismatch") {
      throw new AppError("unprocessable", "This idempotency key was used for another body.", {
        reason: "idempotency_mismatch",
      });
    }
    if (fate.status === "revoked") throw new AppError("unauthenticated", "The key was revoked or has expired.");
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
 * Decides with what is known without locks: the answer says what must be locked and counted, and the batch decides again
 * with that. Where risk may stop a call, the agent's history is looked up first; otherwise only for a call that really
 * goes to people.
 */
async function evaluate(
  ctx: ServiceContext,
  policy: Policy,
  call: Call,
  agent: AgentActor,
): Promise<{ decision: Decision; facts: Facts }> {
  const { compiled } = policy;
  const readings = await findReadings(ctx, agent.agentId, restsOn(policy, call));
  const history = gatesOnRisk(compiled) ? await historyOf(ctx, agent.agentId, call) : null;
  const usual = await usualSpendOf(ctx, compiled, agent.agentId, call);
  const facts = { ...controlFacts(policy), run: null, tallies: null, reach: null, history, readings, usual };
  return { decision: decide(compiled, call, facts), facts };
}

const restsOn = ({ compiled }: Policy, { tool, context }: Call) => ({
  sources: compiled?.tools.get(tool)?.sources ?? [],
  context,
});

async function replay(ctx: ServiceContext, agent: AgentActor, decisionId: string): Promise<DecisionAnswer> {
  const known = await findCommittedDecision(ctx.db, ctx.workspaceId, agent.agentId, decisionId);
  if (!known)
    throw new AppError("conflict", "The first answer to this key is no longer kept.", { reason: "answer_gone" });
  // A decision of before receipts were kept gets one of its own.
  const entry = { decision: known.id, body: known.entry };
  const receipt = known.receipt ?? receiptsOf(ctx.workspaceId, known.at, [entry])[0] ?? "";
  return answerOfDecision(known, receipt);
}
