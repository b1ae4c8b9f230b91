import "server-only";

import type { RequestRerunInput } from "@/lib/core/approvals/flood";
import { stateAt } from "@/lib/core/approvals/schema";
import { AppError } from "@/lib/core/shared/errors";
import { markRerun } from "@/lib/data/approval-polls";
import { findApproval, lockApproval } from "@/lib/data/approvals";
import { transact } from "@/lib/data/db";

import { requireMember, requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Asks the agent of a request to make its dry run again: it reads so where it waits, and asks again with what it finds,
 * which takes the place of this request. Nothing about this request changes meanwhile.
 *
 * @throws {AppError} `forbidden` for mere viewers; `not_found`; `conflict` when it is over (`already_decided`), or names
 *   no data that could have changed (`no_base`)
 */
export async function requestRerun(
  ctx: ServiceContext,
  { approval_id }: RequestRerunInput,
): Promise<{ readonly requested_at: string }> {
  requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    const actor = await requireNow(tx, ctx);
    const stored = (await lockApproval(tx, ctx.workspaceId, approval_id))
      ? await findApproval(tx, ctx.workspaceId, approval_id)
      : null;
    if (!stored) throw new AppError("not_found", "There is no such approval.");
    const { approval, now } = stored;
    if (approval.driNow !== actor.memberId) requireRole({ ...ctx, actor }, "reviewer", "operator", "policy_admin");
    const state = stateAt(approval, now);
    if (state !== "waiting" && !(state === "approved" && approval.baseMovedAt !== null))
      throw new AppError("conflict", "This request is over.", { reason: "already_decided" });
    if (approval.baseDigest === null) {
      throw new AppError("conflict", "The agent did not say on what data it made its dry run.", { reason: "no_base" });
    }
    await markRerun(tx, ctx.workspaceId, approval_id, now);
    const details = { approval_id, decision_id: approval.decisionId };
    await record(tx, { ...ctx, now }, "approval.rerun", details);
    return { requested_at: now.toISOString() };
  });
}
