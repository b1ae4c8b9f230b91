import "server-only";

import type { z } from "zod";

import { RevokeApprovalInput } from "@/lib/core/approvals/aftermath";
import { type ApprovalState, stateAt } from "@/lib/core/approvals/schema";
import { mayVote } from "@/lib/core/approvals/vote";
import { AppError } from "@/lib/core/shared/errors";
import { canResume } from "@/lib/core/workspaces/permission";
import { findApproval, findVoter, lockApproval } from "@/lib/data/approvals";
import { revokeGrantedApproval } from "@/lib/data/aftermath";
import { transact } from "@/lib/data/db";
import { insertOutboxEvent } from "@/lib/data/ledger";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes an approval back that no call has used: whoever might deny it may, and whoever may resume stops. The request's
 * row is locked first, so of taking it back and using it at once exactly one happens.
 *
 * @throws {AppError} `not_found`; `forbidden` (`role_missing`); `conflict` (`approval_consumed` and other states)
 */
export async function revokeApproval(
  ctx: ServiceContext,
  given: z.input<typeof RevokeApprovalInput>,
): Promise<{ readonly state: ApprovalState }> {
  const { memberId } = requireMember(ctx);
  const parsed = RevokeApprovalInput.safeParse(given);
  if (!parsed.success) throw new AppError("invalid_input", "This takes nothing back.", { cause: parsed.error });
  const { approval_id: id, note } = parsed.data;

  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    const locked = await lockApproval(tx, ctx.workspaceId, id);
    const stored = locked ? await findApproval(tx, ctx.workspaceId, id) : null;
    if (!stored) throw new AppError("not_found", "There is no such approval.");
    const { approval, now } = stored;
    const member = await findVoter(tx, ctx.workspaceId, memberId);
    const may = member !== null && !member.disabled && (mayVote(approval, member, "deny") || canResume(member.roles));
    if (!may)
      throw new AppError("forbidden", "You need the role that decides it, or that of an operator.", {
        reason: "role_missing",
      });
    const state = stateAt(approval, now);
    const at = now;
    if (
      state !== "approved" ||
      !(await revokeGrantedApproval(tx, ctx.workspaceId, { approvalId: id, memberId, note, at }))
    ) {
      throw new AppError("conflict", REFUSED[state] ?? "There is nothing to take back.", {
        reason: `approval_${state}`,
      });
    }
    const subject = { approval_id: id, decision_id: approval.decisionId };
    await record(tx, { ...ctx, now }, "approval.revoke", { ...subject, noted: note !== "" });
    const settled = { approval_id: id, state: "withdrawn" };
    await insertOutboxEvent(tx, ctx.workspaceId, { topic: "approval.settled", payload: settled });
    return { state: "withdrawn" };
  });
}

const REFUSED: Partial<Record<ApprovalState, string>> = {
  consumed: "It was used already: the call has begun.",
  expired: "It has expired. It did not run.",
  withdrawn: "It was taken back already.",
  waiting: "It still waits. Deny it instead.",
};
