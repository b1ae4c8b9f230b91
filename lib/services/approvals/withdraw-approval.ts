import "server-only";

import { REFUSALS } from "@/lib/core/approvals/refusal-words";
import { type ApprovalState, stateAt } from "@/lib/core/approvals/schema";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { findApproval, lockApproval, withdrawOpenApproval } from "@/lib/data/approvals";
import { transact } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";

import { requireAgent, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/**
 * Takes back a request that its agent no longer needs, decided or not, as long as it has not been used. Doing so twice
 * is doing it once.
 *
 * @throws {AppError} `not_found`, also for another agent's; `conflict` when it is over
 */
export async function withdrawApproval(ctx: ServiceContext, id: string): Promise<{ readonly state: ApprovalState }> {
  const { agentId } = requireAgent(ctx, "decide");

  return transact(ctx.db, async (tx) => {
    const locked = isUuid(id) && (await lockApproval(tx, ctx.workspaceId, id));
    const stored = locked ? await findApproval(tx, ctx.workspaceId, id, agentId) : null;
    if (!stored) throw new AppError("not_found", "There is no such approval.");

    const { approval, now } = stored;
    const state = stateAt(approval, now);
    if (state === "withdrawn") return { state };
    if (state === "expired")
      throw new AppError("conflict", REFUSALS.approval_expired.message, { reason: "approval_expired" });
    const open = state === "waiting" || state === "approved";
    if (!open || !(await withdrawOpenApproval(tx, ctx.workspaceId, approval.id))) {
      throw new AppError("conflict", `This request is over: ${state}.`, { reason: `approval_${state}` });
    }
    await record(tx, { ...ctx, now }, "approval.withdraw", {
      approval_id: approval.id,
      decision_id: approval.decisionId,
      was: state,
    });
    const settled = { approval_id: approval.id, state: "withdrawn" };
    await insertOutboxEvent(tx, ctx.workspaceId, { topic: "approval.settled", payload: settled });
    return { state: "withdrawn" };
  });
}
