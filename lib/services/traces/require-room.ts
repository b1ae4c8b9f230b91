import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import type { QueueLoad } from "@/lib/data/ingest-queue";

import { ingestQueue } from "./stores";

/** Batches of one workspace that may wait, so that one that floods leaves room for the others. */
const MOST_OF_WORKSPACE = 2_000;
const MOST_BATCHES = 10_000;
const LONGEST_WAIT_SECONDS = 600;
/** For how long a count is taken for the present: asking for each batch would cost as much as keeping it. */
const KNOWN_MS = 500;
const MOST_KNOWN = 1_000;

const known = new Map<WorkspaceId, { readonly at: number; readonly load: Promise<QueueLoad> }>();

/** @throws {AppError} `over_limit` when this workspace has too much waiting, `unavailable` when all together have */
export async function requireRoom(workspaceId: WorkspaceId): Promise<void> {
  const { batches, workspaceBatches, oldestSeconds } = await loadOf(workspaceId);
  if (workspaceBatches >= MOST_OF_WORKSPACE || oldestSeconds > LONGEST_WAIT_SECONDS)
    throw new AppError(
      "over_limit",
      "Too much of this workspace's telemetry is waiting to be written. Send it later.",
      {
        reason: "ingest_behind",
      },
    );
  if (batches >= MOST_BATCHES)
    throw new AppError("unavailable", "Too much telemetry is waiting to be written. Send it later.", {
      reason: "ingest_behind",
    });
}

function loadOf(workspaceId: WorkspaceId): Promise<QueueLoad> {
  const now = performance.now();
  const last = known.get(workspaceId);
  if (last && now - last.at < KNOWN_MS) return last.load;
  const load = ingestQueue.load(workspaceId);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(workspaceId, { at: now, load });
  load.catch(() => known.delete(workspaceId));
  return load;
}
