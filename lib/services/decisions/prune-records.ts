import "server-only";

import {
  deleteOldDependencyHours,
  deleteOldIdempotencyKeys,
  deleteOldOutboxEvents,
  deleteOldReadings,
  deleteOldTallies,
  deleteOldUsage,
} from "@/lib/data/maintenance";
import { deleteOldDeliveries } from "@/lib/data/deliveries";
import { deleteOldSends } from "@/lib/data/notification-people";
import { deleteOldRoutes } from "@/lib/data/notification-routes";
import { deleteOldSlack } from "@/lib/data/slack-links";

import { requireSystem, type ServiceContext } from "../context";

const KEY_DAYS = 30;
const EVENT_DAYS = 7;
/** A day more than the history of the risk score looks back. */
const USAGE_DAYS = 31;
/** As long as a source may say that it stays fresh. */
const READING_DAYS = 366;
/** A day more than a sequence may look back. */
const TALLY_DAYS = 367;
/** Messages that are over stay for looking things up. */
const DELIVERY_DAYS = 90;
const BATCH = 5_000;
const MAX_BATCHES = 200;

type Pruned = { readonly [what in "keys" | "events" | "usage" | "readings" | "tallies" | "deliveries"]: number };

/** Deletes keys, events, counters and readings whose time is over, the many in small steps that keep no lock for long. */
export async function pruneRecords(ctx: ServiceContext): Promise<Pruned> {
  requireSystem(ctx);
  const keys = await inBatches(() => deleteOldIdempotencyKeys(ctx.db, ctx.workspaceId, KEY_DAYS, BATCH));
  const events = await inBatches(() => deleteOldOutboxEvents(ctx.db, ctx.workspaceId, EVENT_DAYS, BATCH));
  const usage = await deleteOldUsage(ctx.db, ctx.workspaceId, USAGE_DAYS);
  const readings = await deleteOldReadings(ctx.db, ctx.workspaceId, READING_DAYS);
  const tallies = await inBatches(() => deleteOldTallies(ctx.db, ctx.workspaceId, TALLY_DAYS, BATCH));
  const deliveries = await inBatches(() => deleteOldDeliveries(ctx.db, ctx.workspaceId, DELIVERY_DAYS, BATCH));
  await deleteOldDependencyHours(ctx.db, ctx.workspaceId, EVENT_DAYS);
  await deleteOldSends(ctx.db, ctx.workspaceId);
  await deleteOldSlack(ctx.db, ctx.workspaceId);
  await inBatches(() => deleteOldRoutes(ctx.db, ctx.workspaceId, BATCH));
  return { keys, events, usage, readings, tallies, deliveries };
}

async function inBatches(remove: () => Promise<number>): Promise<number> {
  let removed = 0;
  for (let batch = 1; batch <= MAX_BATCHES; batch += 1) {
    const count = await remove();
    removed += count;
    if (count < BATCH) break;
  }
  return removed;
}
