import "server-only";

import { mayExtend } from "@/lib/core/approvals/extend";
import { AppError } from "@/lib/core/shared/errors";
import { extendWaitingApproval } from "@/lib/data/approval-undo";
import { findApproval, findVoter, lockApproval } from "@/lib/data/approvals";
import { transact } from "@/lib/data/db";
import { findSettings } from "@/lib/data/workspaces";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Gives a waiting request more time, once, by what the workspace allows.
 *
 * @throws {AppError} `not_found`; `conflict` (`not_extendable`) where the workspace allows none, it was extended before or waits no more
 */
export async function extendApproval(
  ctx: ServiceContext,
  input: { readonly approval_id: string },
): Promise<{ readonly expires_at: string }> {
  const { memberId } = requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    const locked = await lockApproval(tx, ctx.workspaceId, input.approval_id);
    const stored = locked ? await findApproval(tx, ctx.workspaceId, input.approval_id) : null;
    if (!stored) throw new AppError("not_found", "There is no such approval.");
    const { approval, now } = stored;
    const { extend_once_minutes: minutes } = await findSettings(tx, ctx.workspaceId);
    const may = minutes > 0 && mayExtend(approval, await findVoter(tx, ctx.workspaceId, memberId), now);
    const until = may ? await extendWaitingApproval(tx, ctx.workspaceId, approval.id, { minutes, by: memberId }) : null;
    if (until === null)
      throw new AppError("conflict", "The time of this request cannot be extended.", { reason: "not_extendable" });
    const details = {
      approval_id: approval.id,
      decision_id: approval.decisionId,
      minutes,
      was: iso(approval.expiresAt),
    };
    await record(tx, { ...ctx, now }, "approval.extend", { ...details, expires_at: iso(until) });
    return { expires_at: iso(until) };
  });
}

const iso = (at: Date) => at.toISOString();
