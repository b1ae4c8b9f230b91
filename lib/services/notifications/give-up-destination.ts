import "server-only";

import { transact } from "@/lib/data/db";
import { setDestinationState } from "@/lib/data/destinations";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/** Switches off a destination that has failed too long. It says so in settings until somebody switches it on again. */
export async function giveUpDestination(
  ctx: ServiceContext,
  { destination, failures, error }: { readonly destination: string; readonly failures: number; readonly error: string },
): Promise<void> {
  requireSystem(ctx);
  await transact(ctx.db, async (tx) => {
    if (!(await setDestinationState(tx, ctx.workspaceId, destination, "failing"))) return;
    await record(tx, ctx, "destination.give_up", { destination, failures, error });
  });
}
