import "server-only";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { AppError } from "@/lib/core/shared/errors";
import { workspaceDb } from "@/lib/data/db";
import {
  findOutboxEnd,
  listenForHints,
  listOutboxEvents,
  type OutboxCursor,
  type OutboxEvent,
} from "@/lib/data/outbox";
import { gauge } from "@/lib/platform/metrics";

export type { OutboxCursor, OutboxEvent } from "@/lib/data/outbox";

type Listener = (events: readonly OutboxEvent[]) => void;

/** One reader of a workspace's outbox for everyone in this process who follows it. */
type Tail = {
  readonly listeners: Set<Listener>;
  readonly onBegin: ((place: OutboxCursor) => void)[];
  cursor: OutboxCursor | null;
  reading: boolean;
  again: boolean;
  timer: NodeJS.Timeout | null;
};

// A lost hint costs at most this long.
const LOOK_EVERY_MS = 250;
const BATCH = 500;
const BEGINS_WITHIN_MS = 5_000;

const followers = gauge("interlock_event_followers", "Streams, long polls and others that follow a workspace's events");

const tails = new Map<WorkspaceId, Tail>();
let hints: ReturnType<typeof listenForHints> | null = null;

/** Calls `listener` with every event committed from now on, in order, until the returned function is called. */
export function followEvents(workspaceId: WorkspaceId, listener: Listener): () => void {
  hints ??= listenForHints((id) => wake(id as WorkspaceId)); // only ever used as a key of the map
  const tail = tails.get(workspaceId) ?? {
    listeners: new Set(),
    onBegin: [],
    cursor: null,
    reading: false,
    again: false,
    timer: null,
  };
  tails.set(workspaceId, tail);
  tail.listeners.add(listener);
  followers.inc();
  tail.timer ??= setInterval(() => wake(workspaceId), LOOK_EVERY_MS);
  wake(workspaceId);
  return () => {
    if (!tail.listeners.delete(listener)) return;
    followers.dec();
    if (tail.listeners.size > 0) return;
    if (tail.timer) clearInterval(tail.timer);
    tails.delete(workspaceId);
  };
}

/**
 * The place from which those hear who have begun to follow a workspace just now: whatever is committed later comes to them.
 *
 * @throws {AppError} `unavailable` when it is not known in time, because the database is away
 */
export function placeOfFollowers(workspaceId: WorkspaceId): Promise<OutboxCursor> {
  const tail = tails.get(workspaceId);
  if (tail?.cursor) return Promise.resolve(tail.cursor);
  return new Promise((resolve, reject) => {
    const late = new AppError("unavailable", "The stream of changes cannot begin now.", { reason: "no_stream" });
    const timer = setTimeout(() => reject(late), BEGINS_WITHIN_MS);
    tail?.onBegin.push((place) => {
      clearTimeout(timer);
      resolve(place);
    });
  });
}

/** Events after a place a client has seen: what it missed while it was away. At most 500; ask again from the last. */
export function eventsAfter(workspaceId: WorkspaceId, cursor: OutboxCursor): Promise<readonly OutboxEvent[]> {
  return listOutboxEvents(workspaceDb(workspaceId), workspaceId, cursor, BATCH);
}

/** Ends the connection on which hints arrive. */
export async function stopFollowing(): Promise<void> {
  for (const tail of tails.values()) if (tail.timer) clearInterval(tail.timer);
  tails.clear();
  await hints?.stop();
  hints = null;
}

function wake(workspaceId: WorkspaceId): void {
  const tail = tails.get(workspaceId);
  if (!tail) return;
  if (tail.reading) {
    tail.again = true;
    return;
  }
  tail.reading = true;
  void read(workspaceId, tail)
    .catch(() => undefined) // the database is away: the next look finds what was missed
    .finally(() => {
      tail.reading = false;
      if (!tail.again) return;
      tail.again = false;
      wake(workspaceId);
    });
}

async function read(workspaceId: WorkspaceId, tail: Tail): Promise<void> {
  const db = workspaceDb(workspaceId);
  tail.cursor ??= await findOutboxEnd(db);
  for (const begun of tail.onBegin.splice(0)) begun(tail.cursor);
  for (;;) {
    const events = await listOutboxEvents(db, workspaceId, tail.cursor, BATCH);
    const last = events.at(-1);
    if (!last) return;
    tail.cursor = { xid: last.xid, id: last.id };
    for (const listener of tail.listeners) listener(events);
  }
}
