import "server-only";

import { type ApproveGroupInput, GROUP_FAULTS, groupFault, groupKey } from "@/lib/core/approvals/group";
import { stateAt } from "@/lib/core/approvals/schema";
import { AppError } from "@/lib/core/shared/errors";
import { lockApproval } from "@/lib/data/approvals";
import { transact, type Tx } from "@/lib/data/db";
import { findAlike, listAlike, listViewedBy } from "@/lib/data/groups";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { castVote } from "./cast-vote";

/**
 * Approves a whole group of Low actions that are alike: at most five, every one shown as it is now, and as many as the
 * person was told. Each gets a vote of its own, judged as any other; all of them, or none.
 *
 * @throws {AppError} `conflict` (`group_too_large`, `stale_count`, `band_too_high`, `not_one_group`, `stale_view`,
 *   `not_expanded`), and what `castVote` throws
 */
export async function approveGroup(
  ctx: ServiceContext,
  input: ApproveGroupInput,
): Promise<{ readonly approved: number }> {
  const { memberId, via } = requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    // In one order, so that two people who approve overlapping groups cannot wait for each other in a ring.
    const ids = [...new Set<string>(input.approvals.map((one) => one.approval_id))].toSorted();
    for (const id of ids) await lockApproval(tx, ctx.workspaceId, id);
    const members = await groupNow(tx, ctx, ids[0] ?? "");
    // A program that sends the digests has read them; a screen has to have had each of them open.
    const expanded = via === "screen" ? await listViewedBy(tx, ctx.workspaceId, memberId, ids) : null;
    const fault = groupFault(input, members, expanded);
    if (fault !== null) throw new AppError("conflict", GROUP_FAULTS[fault], { reason: fault });

    const digests = new Map<string, string>(input.approvals.map((one) => [one.approval_id, one.display_digest]));
    for (const { id } of members) {
      const vote = { approval_id: id, verdict: "approve", display_digest: digests.get(id) } as const;
      await castVote({ ...ctx, db: tx }, vote);
    }
    await record(tx, ctx, "approval.group", { approval_ids: ids, count: input.count });
    return { approved: members.length };
  });
}

/** All that wait and are like this one, itself among them. */
async function groupNow(tx: Tx, ctx: ServiceContext, id: string) {
  const one = await findAlike(tx, ctx.workspaceId, id);
  if (!one || stateAt(one, one.now) !== "waiting") return [];
  const key = groupKey(one);
  return (await listAlike(tx, ctx.workspaceId, one)).filter((other) => groupKey(other) === key);
}
