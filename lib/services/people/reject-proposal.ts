import "server-only";

import type { RejectProposalInput, SettledProposal } from "@/lib/core/people/proposal";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { endProposal, lockPendingProposal } from "@/lib/data/proposals";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Says no to what another person proposed. Saying no needs no second person and no independence from the first.
 *
 * @throws {AppError} `forbidden` below policy administrator; `conflict` (`not_pending`) for what does not wait any more,
 *   (`own_proposal`) for what the person who asks proposed
 */
export async function rejectProposal(
  ctx: ServiceContext,
  { id, reason }: RejectProposalInput,
): Promise<SettledProposal> {
  const { memberId } = requireRole(ctx, "policy_admin");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "policy_admin");
    const waiting = await lockPendingProposal(tx, ctx.workspaceId, id);
    if (waiting === null) throw new AppError("conflict", "This proposal is not waiting.", { reason: "not_pending" });
    const { kind, subject, digest, by } = waiting;
    if (by === memberId)
      throw new AppError("conflict", "You proposed it. Withdraw it instead.", { reason: "own_proposal" });
    await endProposal(tx, ctx.workspaceId, id, { state: "rejected", by: memberId });
    const entry = { proposal: id, of_kind: kind, subject, digest, proposed_by: by, reason };
    await record(tx, ctx, "proposal.reject", entry);
    return { id, kind, subject, status: "rejected" } as const;
  });
}
