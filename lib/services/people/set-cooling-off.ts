import "server-only";

import { transact } from "@/lib/data/db";
import { setCoolingOffHours } from "@/lib/data/people";

import { barrier } from "../barrier";
import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/**
 * Takes over how long people who are tied count as one, as the operator has set it. A change is an entry of the ledger.
 *
 * For the start, before anything is served.
 */
export async function setCoolingOff(ctx: ServiceContext, hours: number): Promise<void> {
  requireSystem(ctx);
  await transact(ctx.db, async (tx) => {
    await barrier(tx, ctx);
    const before = await setCoolingOffHours(tx, ctx.workspaceId, hours);
    if (before === hours) return;
    await record(tx, ctx, "workspace.cooling_off", { before_hours: String(before), after_hours: String(hours) });
  });
}
