import "server-only";

import type { WithdrawProposalInput, SettledProposal } from "@/lib/core/people/proposal";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { endProposal, lockPendingProposal } from "@/lib/data/proposals";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Takes back what the person who asks proposed and nobody has made hold. It needs no role: who lost theirs may still take
 * back their word.
 *
 * @throws {AppError} `forbidden` for what another person proposed; `conflict` (`not_pending`) for what does not wait any more
 */
export async function withdrawProposal(ctx: ServiceContext, { id }: WithdrawProposalInput): Promise<SettledProposal> {
  const { memberId } = requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    const waiting = await lockPendingProposal(tx, ctx.workspaceId, id);
    if (waiting === null) throw new AppError("conflict", "This proposal is not waiting.", { reason: "not_pending" });
    const { kind, subject, digest, by } = waiting;
    if (by !== memberId)
      throw new AppError("forbidden", "Another person proposed it. You can reject it.", { reason: "not_author" });
    await endProposal(tx, ctx.workspaceId, id, { state: "withdrawn", by: memberId });
    await record(tx, ctx, "proposal.withdraw", { proposal: id, of_kind: kind, subject, digest });
    return { id, kind, subject, status: "withdrawn" } as const;
  });
}
