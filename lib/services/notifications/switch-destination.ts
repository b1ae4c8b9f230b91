import "server-only";

import type { SwitchDestinationInput } from "@/lib/core/notifications/schema";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { findDestination, setDestinationState } from "@/lib/data/destinations";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Switches a destination on or off. What was queued for it waits while it is off.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`
 */
export async function switchDestination(ctx: ServiceContext, input: SwitchDestinationInput): Promise<void> {
  requireRole(ctx, "admin");
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx, "admin");
    const found = await findDestination(tx, ctx.workspaceId, input.destination, { lock: true });
    if (!found) throw new AppError("not_found", "There is no such destination.");
    if (!(await setDestinationState(tx, ctx.workspaceId, found.id, input.on))) return;
    await record(tx, ctx, "destination.switch", { destination: found.id, was: found.state, is: input.on });
  });
}
