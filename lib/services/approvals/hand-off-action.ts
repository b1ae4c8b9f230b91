import "server-only";

import { type HandOffInput, freeSeats, LEASE_MS } from "@/lib/core/approvals/batch";
import { type Approval, quorumOf, stateAt } from "@/lib/core/approvals/schema";
import { handOffFault } from "@/lib/core/approvals/vote";
import type { MemberId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { findApproval, findVoter, listVotes } from "@/lib/data/approvals";
import { findOpenBatch, lockDesk, markLeft } from "@/lib/data/batches";
import { transact, type Tx } from "@/lib/data/db";
import { deleteLeases, insertLeases, listLiveLeases, type LiveLease } from "@/lib/data/leases";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Gives an action to a named person who may decide it, or back to the pool. The lease moves with it and the person is
 * told; nothing about the action changes.
 *
 * @throws {AppError} `not_found`; `forbidden` (`not_eligible`) when they may not decide it; `conflict` (`already_decided`,
 *   `leased_by_other`, `not_held`, `already_holds`)
 */
export async function handOffAction(ctx: ServiceContext, input: HandOffInput): Promise<void> {
  const { memberId } = requireMember(ctx);
  const id: string = input.approval_id;
  await transact(ctx.db, async (tx) => {
    const now = await lockDesk(tx, ctx.workspaceId);
    await requireNow(tx, ctx);
    const stored = await findApproval(tx, ctx.workspaceId, id);
    if (!stored) throw new AppError("not_found", "There is no such approval.");
    const { approval } = stored;
    if (stateAt(approval, now) !== "waiting") throw conflict("already_decided", "This action is no longer waiting.");

    const live = await listLiveLeases(tx, ctx.workspaceId, [id]);
    const mine = live.find((lease) => lease.memberId === memberId) ?? null;
    if (input.to === null) {
      if (mine === null) throw conflict("not_held", "You do not hold this action, so there is nothing to give back.");
    } else {
      await requireTarget(tx, ctx, approval, { from: memberId, to: input.to, live });
    }
    const votes = (await listVotes(tx, ctx.workspaceId, id)).length;
    const others = live.filter((lease) => lease !== mine).map((lease) => lease.seat);
    const [seat] = freeSeats(quorumOf(approval), votes, others);
    if (seat === undefined) throw conflict("leased_by_other", "Somebody else is looking at this. Ask for it.");

    await deleteLeases(tx, ctx.workspaceId, { approvalId: id, memberId });
    const batch = await findOpenBatch(tx, ctx.workspaceId, memberId);
    if (batch) await markLeft(tx, ctx.workspaceId, { batchId: batch.id, approvalId: id }, { to: input.to, at: now });
    if (input.to !== null) {
      const lease = { approvalId: id, seat, memberId: input.to, batchId: null, takenAt: now };
      const until = new Date(now.getTime() + LEASE_MS);
      await insertLeases(tx, ctx.workspaceId, [{ ...lease, until, handedBy: memberId, note: input.note }]);
    }
    await record(tx, { ...ctx, now }, "approval.hand_off", {
      approval_id: id,
      decision_id: approval.decisionId,
      from: memberId,
      to: input.to,
      band: approval.band,
      noted: input.note !== "",
    });
  });
}

async function requireTarget(
  tx: Tx,
  ctx: ServiceContext,
  approval: Approval,
  hand: { readonly from: MemberId; readonly to: MemberId; readonly live: readonly LiveLease[] },
): Promise<void> {
  const voter = await findVoter(tx, ctx.workspaceId, hand.to);
  const fault = voter === null ? "They are no member of this workspace." : handOffFault(approval, voter, hand.from);
  if (fault !== null) throw new AppError("forbidden", fault, { reason: "not_eligible" });
  if (hand.live.some((lease) => lease.memberId === hand.to)) {
    throw conflict("already_holds", "They are looking at this already.");
  }
}

const conflict = (reason: string, message: string) => new AppError("conflict", message, { reason });
