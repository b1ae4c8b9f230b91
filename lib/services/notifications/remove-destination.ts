import "server-only";

import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { setDestinationState } from "@/lib/data/destinations";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Removes a destination and forgets its secrets. What was delivered stays in the list.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`
 */
export async function removeDestination(ctx: ServiceContext, { destination }: { destination: string }): Promise<void> {
  requireRole(ctx, "admin");
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    if (!(await setDestinationState(tx, ctx.workspaceId, destination, "removed")))
      throw new AppError("not_found", "There is no such destination.");
    await record(tx, ctx, "destination.remove", { destination });
  });
}
