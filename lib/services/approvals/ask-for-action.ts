import "server-only";

import type { z } from "zod";

import { type ApprovalRef, stateAt } from "@/lib/core/approvals/schema";
import { AppError } from "@/lib/core/shared/errors";
import { findApproval } from "@/lib/data/approvals";
import { lockDesk } from "@/lib/data/batches";
import { transact } from "@/lib/data/db";
import { listLiveLeases, markAsked } from "@/lib/data/leases";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Tells whoever looks at an action that somebody else would like to. They may hand it over; nothing is taken from them.
 *
 * @throws {AppError} `not_found`; `conflict` (`already_decided`, `not_leased`)
 */
export async function askForAction(
  ctx: ServiceContext,
  { approval_id: id }: z.infer<typeof ApprovalRef>,
): Promise<void> {
  const { memberId } = requireMember(ctx);
  await transact(ctx.db, async (tx) => {
    const now = await lockDesk(tx, ctx.workspaceId);
    await requireNow(tx, ctx);
    const stored = await findApproval(tx, ctx.workspaceId, id);
    if (!stored) throw new AppError("not_found", "There is no such approval.");
    if (stateAt(stored.approval, now) !== "waiting") {
      throw new AppError("conflict", "This action is no longer waiting.", { reason: "already_decided" });
    }
    const holders = (await listLiveLeases(tx, ctx.workspaceId, [id])).filter((lease) => lease.memberId !== memberId);
    if (holders.length === 0) {
      throw new AppError("conflict", "Nobody else has this now. You can take it.", { reason: "not_leased" });
    }
    await markAsked(tx, ctx.workspaceId, id, { memberId, at: now });
    await record(tx, { ...ctx, now }, "approval.ask_for", {
      approval_id: id,
      decision_id: stored.approval.decisionId,
      member: memberId,
      holders: holders.map((lease) => lease.memberId),
    });
  });
}
