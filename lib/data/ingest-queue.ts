import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import type { AdmittedEvent, Sender, StoredEvent } from "@/lib/core/traces/stored-event";

/** A body that was let in: redacted, and in as many parts as it is stored in. */
export type IncomingBatch = Sender & {
  /** By which way it came: `traces`, `events`. */
  readonly inlet: string;
  /** Keyed digest of the body as it was received, 64 hex digits. */
  readonly digest: string;
  readonly receivedAt: Date;
  readonly parts: readonly (readonly AdmittedEvent[])[];
};

/** A part of a batch as a worker gets it, to be settled before its lease ends. */
export type LeasedBatch = {
  readonly id: string;
  readonly events: readonly StoredEvent[];
  /** How often it was taken, this time included. */
  readonly attempts: number;
};

/** How much waits. Counts end at `ENOUGH_BATCHES`. */
export type QueueLoad = {
  readonly batches: number;
  readonly workspaceBatches: number;
  /** For how long the workspace's oldest batch has been waiting. */
  readonly oldestSeconds: number;
};

/**
 * Where batches wait between the answer to their sender and the store. Nothing outside an adapter knows what keeps them.
 * A batch that was taken and not settled comes back when its lease ends, so it is delivered at least once.
 */
export interface IngestQueue {
  /** Makes a batch durable. @returns whether it waits already, so that nothing was added */
  enqueue(workspaceId: WorkspaceId, batch: IncomingBatch): Promise<{ readonly duplicate: boolean }>;
  load(workspaceId: WorkspaceId): Promise<QueueLoad>;
  /** The workspaces that have something to be taken now. */
  waiting(): Promise<readonly WorkspaceId[]>;
  /** Takes up to so many of a workspace's parts, the oldest first; no other worker gets them while the lease lasts. */
  lease(
    workspaceId: WorkspaceId,
    wanted: { readonly take: number; readonly leaseMs: number },
  ): Promise<readonly LeasedBatch[]>;
  /** Forgets what was written. */
  settle(workspaceId: WorkspaceId, ids: readonly string[]): Promise<void>;
  /** Gives a part back, to be taken again after a while. */
  retry(
    workspaceId: WorkspaceId,
    id: string,
    why: { readonly reason: string; readonly afterMs: number },
  ): Promise<void>;
  /** Puts a part aside, with the reason, until somebody replays it. */
  bury(workspaceId: WorkspaceId, id: string, reason: string): Promise<void>;
}
