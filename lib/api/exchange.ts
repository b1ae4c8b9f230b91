import type http from "node:http";

import { cutShort, MAX_BODY_BYTES, tooLarge } from "./refusal";

/** What answering needs of a request, whichever server brought it. */
export type Exchange = {
  /** Path and query as they were sent. */
  readonly target: string;
  /** A header by its lower-case name; null when it was not sent. */
  header(name: string): string | null;
  /** The body's bytes, bounded. @param most the bound, `MAX_BODY_BYTES` unless given */
  bytes(most?: number): Promise<Uint8Array>;
  /** Aborts when the client goes away. */
  signal(): AbortSignal;
};

/** The request as Hono brings it. */
export function exchangeOf(request: Request): Exchange {
  return {
    target: request.url,
    header: (name) => request.headers.get(name),
    bytes: (most) => collected(request.body ?? [], most),
    signal: () => request.signal,
  };
}

/** The request as Node brings it: nothing is built that a decision does not need. */
export function exchangeOfNode(request: http.IncomingMessage): Exchange {
  return {
    target: request.url ?? "/",
    header: (name) => {
      const value = request.headers[name];
      return value === undefined ? null : String(value);
    },
    bytes: (most) => bodyOf(request, most),
    signal: () => {
      const gone = new AbortController();
      request.once("close", () => gone.abort());
      return gone.signal;
    },
  };
}

/**
 * The body of a request as Node brings it, bounded. @throws {HttpRefusal}
 *
 * By events: iterating would close the connection when a body is refused, and nobody would learn why.
 */
export function bodyOf(request: http.IncomingMessage, most = MAX_BODY_BYTES): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const kept: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size <= most) kept.push(chunk);
      else reject(tooLarge(most));
    });
    request.once("end", () => resolve(kept.length === 1 && kept[0] ? kept[0] : Buffer.concat(kept)));
    request.once("error", () => reject(cutShort()));
  });
}

async function collected(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  most = MAX_BODY_BYTES,
): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge(most);
    kept.push(chunk);
  }
  return kept.length === 1 && kept[0] ? kept[0] : Buffer.concat(kept);
}
