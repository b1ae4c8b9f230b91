import "server-only";

import type { MarkRegretInput } from "@/lib/core/decisions/regret";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { transact } from "@/lib/data/db";
import { insertRegret } from "@/lib/data/regrets";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Says that a call people approved should not have been made. It changes nothing that was decided; the tool's next calls
 * by this agent are rated riskier for 30 days.
 *
 * @throws {AppError} `not_found`, also for a call that was not approved and made
 */
export async function markRegret(
  ctx: ServiceContext,
  { decision_id: id, note }: MarkRegretInput,
): Promise<{ decision_id: string; marked: boolean }> {
  const { memberId } = requireRole(ctx, "reviewer", "operator");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "reviewer", "operator");
    const answer = isUuid(id)
      ? await insertRegret(tx, ctx.workspaceId, { decisionId: id, memberId, note, at: ctx.now })
      : null;
    if (answer === null) throw new AppError("not_found", "No call of that id was approved and made.");
    if (answer.isNew) await record(tx, ctx, "decision.regret", { decision_id: id, tool: answer.tool, note });
    return { decision_id: id, marked: answer.isNew };
  });
}
