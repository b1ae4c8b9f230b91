import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { noteExecutedCalls } from "@/lib/data/executed-calls";
import type { IngestQueue, LeasedBatch } from "@/lib/data/ingest-queue";
import type { TraceStore } from "@/lib/data/trace-store";
import { isDatabaseAway } from "@/lib/platform/database-away";
import { log } from "@/lib/platform/log";

import { ingestQueue, traceStore } from "./stores";

const LEASE_MS = 30_000;
/** Parts that are written together: enough to make the cost of a transaction small. */
const TAKE = 8;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;
/** A batch that failed so often is put aside. */
const MOST_FAILURES = 8;
/** One that was taken so often and never settled ends whoever takes it. */
const MOST_ATTEMPTS = 100;

type Stores = { readonly queue: IngestQueue; readonly store: TraceStore };

/**
 * Writes what waits, one piece of each workspace in turn so that no workspace waits for the flood of another, until
 * nothing is left or the time is over. Belongs to no workspace.
 *
 * Writing comes before settling and the store takes each event once, so that ending at any moment loses and doubles
 * nothing.
 */
export async function writeWaiting(
  signal: AbortSignal,
  { queue, store }: Stores = { queue: ingestQueue, store: traceStore },
): Promise<{ readonly events: number }> {
  let events = 0;
  for (;;) {
    const workspaces = await queue.waiting();
    if (workspaces.length === 0 || signal.aborted) return { events };
    for (const workspaceId of workspaces) {
      if (signal.aborted) return { events };
      events += await writeSome({ queue, store }, workspaceId);
    }
  }
}

/** @returns how many new events were written */
async function writeSome({ queue, store }: Stores, workspaceId: WorkspaceId): Promise<number> {
  const leased = await queue.lease(workspaceId, { take: TAKE, leaseMs: LEASE_MS });
  const tired = leased.filter(({ attempts }) => attempts > MOST_ATTEMPTS);
  for (const { id } of tired) await queue.bury(workspaceId, id, "It was taken up many times and never finished.");
  const batches = leased.filter(({ attempts }) => attempts <= MOST_ATTEMPTS);
  if (batches.length === 0) return 0;
  try {
    return await writeAll({ queue, store }, workspaceId, batches);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    // One that cannot be written must not keep the others from it.
    let events = 0;
    for (const batch of batches) events += await writeAlone({ queue, store }, workspaceId, batch);
    return events;
  }
}

async function writeAll(
  { queue, store }: Stores,
  workspaceId: WorkspaceId,
  batches: readonly LeasedBatch[],
): Promise<number> {
  const events = batches.flatMap((batch) => batch.events);
  const { fresh } = await store.write(workspaceId, events);
  await noteExecutedCalls(workspaceId, events);
  await queue.settle(
    workspaceId,
    batches.map(({ id }) => id),
  );
  return fresh.length;
}

async function writeAlone(stores: Stores, workspaceId: WorkspaceId, batch: LeasedBatch): Promise<number> {
  try {
    return await writeAll(stores, workspaceId, [batch]);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    const reason = reasonOf(error);
    log.error({ workspaceId, batch: batch.id, attempts: batch.attempts, reason }, "a batch could not be written");
    if (batch.attempts >= MOST_FAILURES) return buryRest(stores, workspaceId, batch, reason);
    await stores.queue.retry(workspaceId, batch.id, { reason, afterMs: pauseAfter(batch.attempts) });
    return 0;
  }
}

/**
 * Puts a batch aside that cannot be written as a whole, after writing those of its events that can be. The whole batch is
 * kept: an event that is written again when it is replayed changes nothing.
 */
async function buryRest(
  { queue, store }: Stores,
  workspaceId: WorkspaceId,
  batch: LeasedBatch,
  reason: string,
): Promise<number> {
  let written = 0;
  for (const event of batch.events) {
    try {
      written += (await store.write(workspaceId, [event])).fresh.length;
      await noteExecutedCalls(workspaceId, [event]);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
    }
  }
  await queue.bury(workspaceId, batch.id, written === 0 ? reason : `${reason} Its other events are written.`);
  return written;
}

const pauseAfter = (attempts: number): number =>
  Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1)) * (0.75 + Math.random() / 2);

/** Why, without what: a database's message may quote the event. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (/^[0-9A-Z]{5}$/.test(code)) return `The database refused it (${code}).`;
  return `It could not be written (${error instanceof Error ? error.name : "unknown error"}).`;
}
