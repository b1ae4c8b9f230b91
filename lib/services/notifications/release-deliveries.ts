import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findHold, releaseOutbox } from "@/lib/data/delivery-queue";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Lets messages go out again after a restore, from now on. What waited before may have been sent before the copy was
 * made, so it stays, to be sent by hand.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `conflict` when nothing is held
 */
export async function releaseDeliveries(ctx: ServiceContext): Promise<{ readonly kept: number }> {
  requireRole(ctx, "admin");
  return transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    if ((await findHold(tx, ctx.workspaceId)) === null)
      throw new AppError("conflict", "Nothing is held back.", { reason: "not_held" });
    const kept = await releaseOutbox(tx, ctx.workspaceId);
    await record(tx, ctx, "delivery.release", { kept });
    return { kept };
  });
}
