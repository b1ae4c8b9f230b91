import "server-only";

import { type ApprovalState, isUndoable, stateAt } from "@/lib/core/approvals/schema";
import { AppError } from "@/lib/core/shared/errors";
import { undoApprovalVote } from "@/lib/data/approval-undo";
import { findApproval, lockApproval } from "@/lib/data/approvals";
import { transact } from "@/lib/data/db";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes one's own approval back while nothing can have run by it: the request waits again as before. The row is locked
 * as it is for whoever would use it, so that of an undo and a use at once only one happens.
 *
 * @throws {AppError} `not_found`; `conflict` (`undo_over`) when the moment is over or it was not one's own vote
 */
export async function undoVote(
  ctx: ServiceContext,
  input: { readonly approval_id: string },
): Promise<{ readonly state: ApprovalState }> {
  const { memberId } = requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    const locked = await lockApproval(tx, ctx.workspaceId, input.approval_id);
    const stored = locked ? await findApproval(tx, ctx.workspaceId, input.approval_id) : null;
    if (!stored) throw new AppError("not_found", "There is no such approval.");
    const { approval, now } = stored;
    const open = stateAt(approval, now) === "approved" && isUndoable(approval, now);
    const state = open ? await undoApprovalVote(tx, ctx.workspaceId, { approvalId: approval.id, memberId }) : null;
    if (state === null) {
      throw new AppError("conflict", "The moment to take this back is over. Stop the agent if it must not run.", {
        reason: "undo_over",
      });
    }
    const subject = { approval_id: approval.id, decision_id: approval.decisionId };
    await record(tx, { ...ctx, now }, "approval.undo", { ...subject, state });
    return { state };
  });
}
