import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { listNoLongerWaiting, listPolledApprovals, type PolledApproval } from "@/lib/data/approval-polls";
import { workspaceDb } from "@/lib/data/db";

import { followEvents } from "../events/tail";

// A thousand agents may wait here at once. What they cost the database must not grow with their number: reads that are
// wanted at the same time are one query, an event wakes only those who wait for what it is about, and time that passes
// without an event (an expiry, an event missed) is looked for once a second for all of a workspace together.

type Wanting = {
  readonly resolve: (found: PolledApproval | null) => void;
  readonly reject: (error: unknown) => void;
};
type Reader = { wanted: Map<string, Wanting[]>; reading: boolean };
const readers = new Map<WorkspaceId, Reader>();

const MOST_AT_ONCE = 500;

/** One request as it is now or a moment later: a read that began before this was asked for is never its answer. */
export function readPolled(workspaceId: WorkspaceId, id: string): Promise<PolledApproval | null> {
  return new Promise((resolve, reject) => {
    const reader = readers.get(workspaceId) ?? { wanted: new Map(), reading: false };
    readers.set(workspaceId, reader);
    const wanting = reader.wanted.get(id) ?? [];
    wanting.push({ resolve, reject });
    reader.wanted.set(id, wanting);
    if (reader.reading) return;
    reader.reading = true;
    setImmediate(() => void readWanted(workspaceId, reader));
  });
}

async function readWanted(workspaceId: WorkspaceId, reader: Reader): Promise<void> {
  while (reader.wanted.size > 0) {
    const batch = [...reader.wanted].slice(0, MOST_AT_ONCE);
    for (const [id] of batch) reader.wanted.delete(id);
    try {
      const ids = batch.map(([id]) => id);
      const found = new Map(
        (await listPolledApprovals(workspaceDb(workspaceId), workspaceId, ids)).map((one) => [String(one.id), one]),
      );
      for (const [id, wanting] of batch) for (const { resolve } of wanting) resolve(found.get(id) ?? null);
    } catch (error) {
      for (const [, wanting] of batch) for (const { reject } of wanting) reject(error);
    }
  }
  readers.delete(workspaceId);
  reader.reading = false;
}

type Watch = {
  readonly waiters: Map<string, Set<() => void>>;
  readonly end: () => void;
};
const watches = new Map<WorkspaceId, Watch>();

const LOOK_EVERY_MS = 1_000;

/** Calls `wake` once whenever something may have become of a request, until the returned function is called. */
export function watchApproval(workspaceId: WorkspaceId, id: string, wake: () => void): () => void {
  const watch = watches.get(workspaceId) ?? startWatch(workspaceId);
  const waiters = watch.waiters.get(id) ?? new Set();
  watch.waiters.set(id, waiters.add(wake));
  return () => {
    waiters.delete(wake);
    if (waiters.size === 0 && watch.waiters.get(id) === waiters) watch.waiters.delete(id);
    if (watch.waiters.size > 0 || watches.get(workspaceId) !== watch) return;
    watches.delete(workspaceId);
    watch.end();
  };
}

function startWatch(workspaceId: WorkspaceId): Watch {
  const waiters: Watch["waiters"] = new Map();
  const wake = (id: unknown) => {
    for (const one of waiters.get(String(id)) ?? []) one();
  };
  const unfollow = followEvents(workspaceId, (events) => {
    for (const { payload } of events) if ("approval_id" in payload) wake(payload["approval_id"]);
  });
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void listNoLongerWaiting(workspaceDb(workspaceId), workspaceId, [...waiters.keys()])
      .then((ids) => ids.forEach(wake))
      .catch(() => undefined) // the database is away: the next look finds what was missed
      .finally(() => (looking = false));
  }, LOOK_EVERY_MS);
  const watch = {
    waiters,
    end() {
      clearInterval(timer);
      unfollow();
    },
  };
  watches.set(workspaceId, watch);
  return watch;
}
