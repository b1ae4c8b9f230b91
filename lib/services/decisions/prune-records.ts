import "server-only";

import { deleteOldIdempotencyKeys, deleteOldOutboxEvents } from "@/lib/data/maintenance";

import { requireSystem, type ServiceContext } from "../context";

const KEY_DAYS = 30;
const EVENT_DAYS = 7;
const BATCH = 5_000;
const MAX_BATCHES = 200;

/** Deletes idempotency keys and events whose time is over, in small steps that keep no lock for long. */
export async function pruneRecords(ctx: ServiceContext): Promise<{ readonly keys: number; readonly events: number }> {
  requireSystem(ctx);
  const keys = await inBatches(() => deleteOldIdempotencyKeys(ctx.db, ctx.workspaceId, KEY_DAYS, BATCH));
  const events = await inBatches(() => deleteOldOutboxEvents(ctx.db, ctx.workspaceId, EVENT_DAYS, BATCH));
  return { keys, events };
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
