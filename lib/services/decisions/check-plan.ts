import "server-only";

import { checkPlan as checkPlanOf, type PlanAnswer, type PlanInput, plannedCall } from "@/lib/core/decisions/plan";
import { asJsonObject } from "@/lib/core/shared/as-json";
import { digestOf } from "@/lib/core/shared/digest";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";

import { requireAgent, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { takeTurns } from "../take-turn";
import { sha256Hex } from "./digests";
import { dryFacts } from "./dry-facts";
import { policyOf } from "./policy-cache";

/**
 * What would become of these calls, before any is made. Nothing is consumed and nothing decided: each call is decided
 * when it is made. That the question was asked, and what was said, is in the ledger.
 */
export async function checkPlan(ctx: ServiceContext, input: PlanInput): Promise<PlanAnswer> {
  const { agentId } = requireAgent(ctx, "decide");
  const policy = await policyOf(ctx.db, ctx.workspaceId, agentId, true);
  const [first, ...rest] = input.calls.map((planned) => plannedCall(input, planned));
  if (first === undefined) throw new AppError("invalid_input", "A plan has at least one call.");
  const calls = [first, ...rest] as const;
  const known = await dryFacts(ctx, agentId, { policy, calls });
  const answer = await takeTurns(ctx, checkPlanOf(policy.compiled, input, { ...known, calls }));
  await transact(ctx.db, (tx) =>
    record(tx, ctx, "plan.check", {
      agent: policy.source.handle,
      session: input.session_id,
      run: input.run_id,
      plan_digest: digestOf(sha256Hex, asJsonObject(input)),
      manifest_version: policy.source.version,
      calls: input.calls.length,
      allowed: answer.allowed,
      need_approval: answer.need_approval,
      refused: answer.refused,
      first_refused: answer.first_refused,
    }),
  );
  return answer;
}
