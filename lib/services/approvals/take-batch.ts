import "server-only";

import { v7 as uuidv7 } from "uuid";

import {
  BATCH_MS,
  type Candidate,
  chooseBatch,
  freeSeats,
  leaseEnd,
  type TakeBatchInput,
} from "@/lib/core/approvals/batch";
import { quorumOf, type Voter } from "@/lib/core/approvals/schema";
import type { Band } from "@/lib/core/decisions/schema";
import type { WorkspaceId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { findVoter } from "@/lib/data/approvals";
import { findOpenBatch, insertBatch, listBatchRows, lockDesk, markEnded } from "@/lib/data/batches";
import { type Db, transact, type Tx } from "@/lib/data/db";
import { listFreeActions, listHanded } from "@/lib/data/lanes";
import { adoptLease, deleteLeases, insertLeases, listLiveLeases, type NewLease } from "@/lib/data/leases";
import { findSettings } from "@/lib/data/workspaces";

import { requireMember, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { openOf } from "./batch-state";

export type TakenBatch = { readonly batch_id: string; readonly approval_ids: readonly string[] };

/**
 * Gives a person the next few actions to decide and says so to everybody else. Asking again while some of the last are
 * still theirs answers with those.
 *
 * @throws {AppError} `conflict` (`nothing_free`) when nothing waits that they may decide and nobody else looks at
 */
export async function takeBatch(ctx: ServiceContext, { band }: TakeBatchInput): Promise<TakenBatch> {
  const { memberId } = requireMember(ctx);
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    // What does not depend on others is read before they have to wait.
    const voter = await findVoter(tx, ctx.workspaceId, memberId);
    const { batch_size: size } = await findSettings(tx, ctx.workspaceId);
    const now = await lockDesk(tx, ctx.workspaceId);
    const held = await findOpenBatch(tx, ctx.workspaceId, memberId);
    if (held) {
      const open = openOf(await listBatchRows(tx, ctx.workspaceId, { id: memberId }, held.id), now);
      if (open.length > 0) return { batch_id: held.id, approval_ids: open.map((row) => row.id) };
      await markEnded(tx, ctx.workspaceId, held.id, now);
      await deleteLeases(tx, ctx.workspaceId, { batchId: held.id });
    }
    const chosen = voter ? await chooseFor(tx, ctx.workspaceId, voter, { band, size, now }) : [];
    if (chosen.length === 0) {
      throw new AppError("conflict", "Nothing is free: nothing waits for you, or others are looking at it.", {
        reason: "nothing_free",
      });
    }
    const batch = { id: uuidv7(), memberId, takenAt: now, endsAt: new Date(now.getTime() + BATCH_MS) };
    const ids = chosen.map((action) => action.id);
    await insertBatch(tx, ctx.workspaceId, batch, ids);
    await seat(tx, ctx.workspaceId, batch, chosen);
    const details = { batch_id: batch.id, member: memberId, approval_ids: ids };
    await record(tx, { ...ctx, now }, "batch.take", { ...details, until: leaseEnd(now, batch.endsAt).toISOString() });
    return { batch_id: batch.id, approval_ids: ids };
  });
}

type Choosable = Candidate & { readonly quorum: number; readonly votes: number };

/** What this person's next batch would be, as of now. */
export async function chooseFor(
  on: Db,
  workspaceId: WorkspaceId,
  voter: Voter,
  { band, size, now }: { readonly band?: Band | undefined; readonly size: number; readonly now: Date },
): Promise<readonly Choosable[]> {
  if (voter.disabled) return [];
  const handed = await listHanded(on, workspaceId, voter.id);
  const free = await listFreeActions(on, workspaceId, voter, band);
  const candidates = [
    ...handed.map((action) => ({ ...action, quorum: quorumOf(action), handed: true })),
    ...free.map((action) => ({ ...action, handed: false })),
  ];
  return chooseBatch(candidates, { memberId: voter.id, size, now });
}

async function seat(
  tx: Tx,
  workspaceId: WorkspaceId,
  batch: { readonly id: string; readonly memberId: string; readonly takenAt: Date; readonly endsAt: Date },
  chosen: readonly Choosable[],
): Promise<void> {
  const until = leaseEnd(batch.takenAt, batch.endsAt);
  const live = await listLiveLeases(
    tx,
    workspaceId,
    chosen.map((action) => action.id),
  );
  const leases: NewLease[] = [];
  for (const { id, quorum, votes, handed } of chosen) {
    if (handed) {
      await adoptLease(tx, workspaceId, { approvalId: id, memberId: batch.memberId, batchId: batch.id, until });
      continue;
    }
    const taken = live.filter((lease) => lease.approvalId === id).map((lease) => lease.seat);
    const [free] = freeSeats(quorum, votes, taken);
    if (free === undefined) throw new Error(`approval ${id} lost its last seat under the desk's lock`);
    leases.push({
      approvalId: id,
      seat: free,
      memberId: batch.memberId,
      batchId: batch.id,
      takenAt: batch.takenAt,
      until,
    });
  }
  if (leases.length > 0) await insertLeases(tx, workspaceId, leases);
}
