import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { retryDeliveryRow } from "@/lib/data/deliveries";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Sends a message again that was given up or held back.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `conflict` when it is neither
 */
export async function retryDelivery(ctx: ServiceContext, { delivery }: { delivery: string }): Promise<void> {
  requireRole(ctx, "admin");
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    if (!(await retryDeliveryRow(tx, ctx.workspaceId, delivery, ctx.now)))
      throw new AppError("conflict", "This message is not given up.", { reason: "not_given_up" });
    await record(tx, ctx, "delivery.retry", { delivery });
  });
}
