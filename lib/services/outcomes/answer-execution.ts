import "server-only";

import type { AnswerExecutionInput } from "@/lib/core/decisions/execution";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { claimExecution, insertExecutionAnswer } from "@/lib/data/executions";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Records what a person found out about a call of which nobody knew whether it ran. It is a fact beside the others: an
 * outcome that the agent still reports is taken too.
 *
 * @throws {AppError} `forbidden` below reviewer; `not_found`; `conflict` when it is not unknown (`outcome_known`) or
 *   somebody has answered (`already_answered`)
 */
export async function answerExecution(
  ctx: ServiceContext,
  input: AnswerExecutionInput,
): Promise<{ decision_id: string; answer: AnswerExecutionInput["answer"] }> {
  const { memberId } = requireRole(ctx, "reviewer", "operator");
  const { decision_id: decisionId, answer, note } = input;
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "reviewer", "operator");
    const state = await claimExecution(tx, ctx.workspaceId, decisionId);
    if (state === null) throw new AppError("not_found", "No such call was allowed.");
    if (state !== "unknown") {
      const message = `It is known what became of this call: ${state.replaceAll("_", " ")}.`;
      throw new AppError("conflict", message, { reason: "outcome_known" });
    }
    const ran = answer === "ran";
    const first = await insertExecutionAnswer(tx, ctx.workspaceId, { decisionId, ran, note, by: memberId });
    if (!first) throw new AppError("conflict", "Somebody has answered already.", { reason: "already_answered" });
    await record(tx, ctx, "execution.answer", { decision_id: decisionId, answer, note });
  });
  return { decision_id: decisionId, answer };
}
