import type { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";

import { eventsAfter, followEvents, type OutboxCursor, type OutboxEvent } from "@/lib/services/events/tail";
import type { WorkspaceId } from "@/lib/core/shared/brand";

import { exchangeOf } from "./exchange";
import { problem } from "./respond";
import { contextOf } from "./serve";

/** Ends a stream after this long; the browser opens the next one where this ended, with rights checked anew. */
const MAX_STREAM_MS = 5 * 60_000;
const KEEP_ALIVE_MS = 15_000;

/** `GET /api/v1/events/stream`: server-sent events of the workspace, resumed exactly by `Last-Event-ID`. */
export function serveStream(app: Hono): void {
  app.get("/api/v1/events/stream", async (c) => {
    try {
      const ctx = await contextOf(exchangeOf(c.req.raw), "session", false);
      const seen = cursorOf(c.req.header("last-event-id"));
      c.header("cache-control", "no-store, no-transform");
      c.header("x-accel-buffering", "no");
      return streamSSE(c, (stream) => follow(stream, ctx.workspaceId, seen));
    } catch (error) {
      return problem(error, "-");
    }
  });
}

async function follow(stream: SSEStreamingApi, workspaceId: WorkspaceId, seen: OutboxCursor | null): Promise<void> {
  const queue: OutboxEvent[] = [];
  let wakeUp: () => void = () => undefined;
  const unfollow = followEvents(workspaceId, (events) => {
    queue.push(...events);
    wakeUp();
  });
  stream.onAbort(() => {
    unfollow();
    wakeUp();
  });
  const end = Date.now() + MAX_STREAM_MS;
  try {
    await stream.write("retry: 1000\n: connected\n\n");
    let last = seen && (await catchUp(stream, workspaceId, seen));
    while (!stream.aborted && !stream.closed && Date.now() < end) {
      for (const event of queue.splice(0)) {
        if (last && !isAfter(event, last)) continue; // already sent while catching up
        await send(stream, event);
        last = event;
      }
      const idle = await waitFor(
        (resolve) => (wakeUp = resolve),
        KEEP_ALIVE_MS,
        () => queue.length > 0,
      );
      if (idle) await stream.write(": still here\n\n");
    }
  } finally {
    unfollow();
  }
}

async function catchUp(stream: SSEStreamingApi, workspaceId: WorkspaceId, seen: OutboxCursor): Promise<OutboxCursor> {
  let cursor = seen;
  for (;;) {
    const missed = await eventsAfter(workspaceId, cursor);
    for (const event of missed) await send(stream, event);
    const last = missed.at(-1);
    if (!last) return cursor;
    cursor = { xid: last.xid, id: last.id };
  }
}

const send = (stream: SSEStreamingApi, event: OutboxEvent) =>
  stream.writeSSE({
    id: `${event.xid}_${event.id}`,
    data: JSON.stringify({ topic: event.topic, payload: event.payload }),
  });

/** @returns true when nothing came in time */
function waitFor(arm: (resolve: () => void) => void, ms: number, ready: () => boolean): Promise<boolean> {
  if (ready()) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), ms);
    arm(() => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}

function cursorOf(id: string | undefined): OutboxCursor | null {
  const match = /^(\d{1,20})_([0-9a-f-]{36})$/.exec(id ?? "");
  return match?.[1] && match[2] ? { xid: match[1], id: match[2] } : null;
}

function isAfter(event: OutboxCursor, last: OutboxCursor): boolean {
  const difference = BigInt(event.xid) - BigInt(last.xid);
  return difference > 0n || (difference === 0n && event.id > last.id);
}
