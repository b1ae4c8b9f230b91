import "server-only";

import { compilePrices } from "@/lib/core/costs/table";
import { repricedCost } from "@/lib/core/traces/repriced-cost";
import { transact } from "@/lib/data/db";
import { listOverridesInForce } from "@/lib/data/prices";
import { repriceSome } from "@/lib/data/reprice-events";
import { findOpenRepricing, finishRepricing } from "@/lib/data/repricings";

import { requireSystem, type ServiceContext } from "../context";
import { record } from "../ledger/record";

/** Events in one transaction: events that arrive wait that long. */
const TAKE = 500;

/**
 * Continues the workspace's repricing, if one is under way, until every event was looked at or the time is over. Ending at
 * any moment loses and doubles nothing, and repricing again by the same prices changes nothing.
 *
 * @returns whether a repricing was ended
 */
export async function runRepricing(ctx: ServiceContext, signal?: AbortSignal): Promise<{ readonly ended: boolean }> {
  requireSystem(ctx);
  const id = await findOpenRepricing(ctx.db, ctx.workspaceId);
  if (id === null) return { ended: false };
  const prices = compilePrices(await listOverridesInForce(ctx.db, ctx.workspaceId));
  for (;;) {
    if (signal?.aborted) return { ended: false };
    if (await repriceSome(ctx.workspaceId, { id, take: TAKE }, (stored) => repricedCost(prices, stored))) break;
  }
  return transact(ctx.db, async (tx) => {
    const done = await finishRepricing(tx, ctx.workspaceId, id);
    if (done === null) return { ended: false };
    const { looked_at, repriced, newly_priced, before_usd, after_usd } = done;
    await record(tx, ctx, "price.repriced", {
      repricing: id,
      looked_at,
      repriced,
      newly_priced,
      before_usd,
      after_usd,
    });
    return { ended: true };
  });
}
