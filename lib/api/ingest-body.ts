import type http from "node:http";
import { createGunzip } from "node:zlib";

import { cutShort, HttpRefusal } from "./refusal";

/** Largest body of telemetry, as sent and inflated. What exporters send in one piece is a tenth of it. */
export const MAX_INGEST_BYTES = 20 * 1024 * 1024;
/** So much is inflated whatever it was packed to; beyond it, more than a hundredfold is no telemetry. */
const FREE_BYTES = 4 * 1024 * 1024;
const MOST_RATIO = 100;

const tooLarge = () =>
  new HttpRefusal(413, "body_too_large", `The body may have at most ${MAX_INGEST_BYTES} bytes, also when inflated.`);

/** How the body is packed. @throws {HttpRefusal} 415 for anything but gzip or nothing */
export function isGzip(request: http.IncomingMessage): boolean {
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "gzip") return true;
  if (encoding === "identity" || encoding === "") return false;
  throw new HttpRefusal(415, "unsupported_encoding", "Send the body with Content-Encoding gzip, or without one.");
}

/**
 * The body of a request, inflated as it arrives and bounded before it is kept: what is packed too well ends at the limit
 * and not in memory. After a refusal the rest is read and forgotten, so that the sender learns why.
 *
 * @throws {HttpRefusal} 413, or 400 for a body that is cut short or no gzip
 */
export function ingestBody(request: http.IncomingMessage, gzip: boolean): Promise<Uint8Array> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_INGEST_BYTES) {
    request.resume();
    return Promise.reject(tooLarge());
  }
  return new Promise((resolve, reject) => {
    const kept: Buffer[] = [];
    let [sent, size, isOver] = [0, 0, false];
    const packed = gzip ? createGunzip() : null;
    const refuse = (error: HttpRefusal) => {
      if (isOver) return;
      isOver = true;
      kept.length = 0;
      packed?.destroy();
      request.resume();
      reject(error);
    };
    const keep = (chunk: Buffer) => {
      if (isOver) return;
      size += chunk.byteLength;
      const isBomb = packed !== null && size > FREE_BYTES && size > sent * MOST_RATIO;
      if (size > MAX_INGEST_BYTES || isBomb) refuse(tooLarge());
      else kept.push(chunk);
    };
    const done = () => {
      if (!isOver) resolve(kept.length === 1 && kept[0] ? kept[0] : Buffer.concat(kept));
      isOver = true;
    };
    request.on("data", (chunk: Buffer) => {
      if (isOver) return;
      sent += chunk.byteLength;
      if (sent > MAX_INGEST_BYTES) return refuse(tooLarge());
      if (packed === null) return keep(chunk);
      if (!packed.write(chunk)) {
        request.pause();
        packed.once("drain", () => request.resume());
      }
    });
    request.once("end", () => (packed === null ? done() : packed.end()));
    request.once("error", () => refuse(cutShort()));
    request.once("close", () => {
      if (!request.complete) refuse(cutShort());
    });
    packed?.on("data", keep);
    packed?.once("end", done);
    packed?.once("error", () => refuse(new HttpRefusal(400, "not_gzip", "The body is not valid gzip.")));
  });
}
