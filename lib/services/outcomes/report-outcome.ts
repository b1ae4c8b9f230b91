import "server-only";

import { v7 as uuidv7 } from "uuid";

import { type Outcome, outcomeOf, type ReportOutcomeInput } from "@/lib/core/decisions/outcome";
import { resultFaults } from "@/lib/core/manifests/compile";
import { digestOf } from "@/lib/core/shared/digest";
import { AppError } from "@/lib/core/shared/errors";
import { asJson } from "@/lib/core/shared/as-json";
import { microsOf } from "@/lib/core/shared/money";
import { findDecidedTool, settleOutcome } from "@/lib/data/outcomes";

import { requireAgent, type ServiceContext } from "../context";
import { sha256Hex } from "../decisions/digests";
import { policyOf } from "../decisions/policy-cache";

/**
 * Records what became of an allowed call and settles what was held for it. The result is held against the tool's result
 * schema: one that does not fit is `failed_validation`, whatever the agent claims.
 *
 * @throws {AppError} `not_found`; `conflict` (`not_allowed`) for a call that was not allowed, (`outcome_known`) for a
 *   second, different outcome
 */
export async function reportOutcome(
  ctx: ServiceContext,
  input: ReportOutcomeInput & { readonly decisionId: string },
): Promise<{ decision_id: string; outcome: Outcome; faults: readonly unknown[] }> {
  const agent = requireAgent(ctx, "decide");
  const tool = await findDecidedTool(ctx.db, ctx.workspaceId, agent.agentId, input.decisionId);
  if (tool === null) throw new AppError("not_found", "This agent made no such call.");

  const policy = await policyOf(ctx.db, ctx.workspaceId, agent.agentId);
  const faults =
    input.result === undefined ? [] : resultFaults(policy.compiled, policy.catalogue.get(tool), input.result);
  const outcome = outcomeOf(input.outcome, faults.length > 0);
  const answer = await settleOutcome(ctx.workspaceId, {
    id: uuidv7(),
    decision_id: input.decisionId,
    agent_id: agent.agentId,
    outcome,
    escalates: policy.compiled?.onBudgetExceeded !== "halt",
    claimed: input.outcome,
    faults: asJson(faults),
    result_hash: input.result === undefined ? null : digestOf(sha256Hex, input.result),
    cost_micros: input.cost_usd === undefined ? null : microsOf(input.cost_usd),
    tokens: input.usage?.total_tokens ?? null,
    latency_ms: input.latency_ms ?? null,
  });
  if (answer === "not_allowed") {
    throw new AppError("conflict", "That call was not allowed, so it has no outcome.", { reason: "not_allowed" });
  }
  if (answer === "conflict") {
    throw new AppError("conflict", "Another outcome was reported for that call already.", { reason: "outcome_known" });
  }
  return { decision_id: input.decisionId, outcome, faults };
}
