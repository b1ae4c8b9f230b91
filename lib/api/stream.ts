import type http from "node:http";

import type { WorkspaceId } from "@/lib/core/shared/brand";
import { gauge } from "@/lib/platform/metrics";
import { readSessionToken } from "@/lib/platform/session-token";
import {
  eventsAfter,
  followEvents,
  type OutboxCursor,
  type OutboxEvent,
  placeOfFollowers,
} from "@/lib/services/events/tail";
import { watchSignIn } from "@/lib/services/events/watch-sign-ins";

import { type Exchange, exchangeOfNode } from "./exchange";
import { latency } from "./latency";
import { problemReply } from "./respond";
import { contextOf } from "./serve";

const PATH = "/api/v1/events/stream";
/** Ends a stream after this long; the browser opens the next one where this ended, with rights checked anew. */
const MAX_STREAM_MS = 5 * 60_000;
const KEEP_ALIVE_MS = 15_000;
const LOOK_AT_TOKEN_MS = 2_000;
/** Whoever leaves so much unread is gone or too slow; coming back, it is told from where it was. */
const MOST_UNREAD_BYTES = 256 * 1024;
const MOST_HELD_EVENTS = 5_000;

const open = gauge("interlock_streams_open", "Event streams that are open now");

/** Whether this asks for the stream: it is answered on the socket itself, where a client that left is noticed at once. */
export const isStream = ({ method, url }: http.IncomingMessage): boolean =>
  method === "GET" && url?.split("?", 1)[0] === PATH;

/** `GET /api/v1/events/stream`: server-sent events of the workspace, resumed exactly by `Last-Event-ID`. */
export async function answerStream(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const end = latency.startTimer();
  const exchange = exchangeOfNode(request);
  try {
    const { workspaceId } = await contextOf(exchange, "session", false);
    if (!response.closed) await follow(exchange, response, workspaceId);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else if (!response.closed) {
      const { status, headers, text } = problemReply(error, "-");
      response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(text) }).end(text);
    }
  }
  end({ method: "GET", route: PATH, status: String(response.statusCode) });
}

/** Returns when what was missed has been sent; what comes is sent until the client leaves, is too slow or may no more. */
async function follow(exchange: Exchange, response: http.ServerResponse, workspaceId: WorkspaceId): Promise<void> {
  const seen = cursorOf(exchange.header("last-event-id"));
  let last: OutboxCursor | null = seen;
  let held: OutboxEvent[] | null = [];
  const write = (text: string) => {
    if (response.writableEnded || response.destroyed) return;
    response.write(text);
    if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
  };
  const send = (event: OutboxEvent) => {
    if (last && !isAfter(event, last)) return; // already sent while catching up
    write(textOf(event));
    last = event;
  };
  const unfollow = followEvents(workspaceId, (events) => {
    if (held === null) return events.forEach(send);
    held.push(...events);
    if (held.length > MOST_HELD_EVENTS) response.destroy();
  });
  const keepAlive = setInterval(() => response.headersSent && write(": still here\n\n"), KEEP_ALIVE_MS);
  const limit = setTimeout(() => response.end(), MAX_STREAM_MS);
  const unwatch = watchRights(exchange, workspaceId, () => response.end());
  open.inc();
  response.once("close", () => {
    unfollow();
    unwatch();
    clearInterval(keepAlive);
    clearTimeout(limit);
    open.dec();
  });
  const place = await placeOfFollowers(workspaceId);
  if (response.closed) return;

  response.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
    connection: "close", // what ends with the stream can be left half open by nobody
  });
  // An id without data: a client that is cut off before its first event comes back to this place.
  write(`retry: 1000\n: connected\n${seen ? "" : `id: ${idOf(place)}\n`}\n`);
  if (seen) await catchUp(response, workspaceId, seen, send);
  const waiting: readonly OutboxEvent[] = held;
  held = null;
  waiting.forEach(send);
}

async function catchUp(
  response: http.ServerResponse,
  workspaceId: WorkspaceId,
  seen: OutboxCursor,
  send: (event: OutboxEvent) => void,
): Promise<void> {
  let cursor = seen;
  while (!response.closed) {
    const missed = await eventsAfter(workspaceId, cursor);
    const last = missed.at(-1);
    if (!last) return;
    for (const event of missed) {
      if (response.writableNeedDrain) await drained(response);
      send(event);
    }
    cursor = { xid: last.xid, id: last.id };
  }
}

const PATIENCE_MS = 10_000;

/** Resolves when the client has read on; one that does not is let go. */
function drained(response: http.ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), PATIENCE_MS);
    const finish = () => {
      clearTimeout(timer);
      response.off("drain", finish).off("close", finish);
      resolve();
    };
    response.once("drain", finish).once("close", finish);
  });
}

/** Calls back soon after the person who listens has signed out, was disabled, or had their token revoked. */
function watchRights(exchange: Exchange, workspaceId: WorkspaceId, onEnd: () => void): () => void {
  const watched: { stop: () => void } = { stop: () => undefined };
  if (exchange.header("authorization") !== null) {
    const timer = setInterval(() => void contextOf(exchange, "session", false).catch(onEnd), LOOK_AT_TOKEN_MS);
    return () => clearInterval(timer);
  }
  let left = false;
  void readSessionToken(exchange.header("cookie") ?? "").then((claims) => {
    if (claims === null) onEnd();
    else if (!left) watched.stop = watchSignIn(workspaceId, claims.signInId, onEnd);
  });
  return () => {
    left = true;
    watched.stop();
  };
}

const idOf = ({ xid, id }: OutboxCursor): string => `${xid}_${id}`;
const textOf = ({ topic, payload, ...cursor }: OutboxEvent): string =>
  `data: ${JSON.stringify({ topic, payload })}\nid: ${idOf(cursor)}\n\n`;

function cursorOf(id: string | null): OutboxCursor | null {
  const match = /^(\d{1,20})_([0-9a-f-]{36})$/.exec(id ?? "");
  return match?.[1] && match[2] ? { xid: match[1], id: match[2] } : null;
}

function isAfter(event: OutboxCursor, last: OutboxCursor): boolean {
  const difference = BigInt(event.xid) - BigInt(last.xid);
  return difference > 0n || (difference === 0n && event.id > last.id);
}
