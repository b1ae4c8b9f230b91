import "server-only";

import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";

import { isPublicAddress } from "./public-address";

/** Answers every address of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export type Reach = {
  /** Also addresses inside and without TLS, because the operator said so. */
  readonly allowPrivate: boolean;
  readonly resolve?: Resolve | undefined;
  readonly timeoutMs?: number | undefined;
};

export type Reply = { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly text: string };

const TIMEOUT_MS = 10_000;
const MOST_REPLY_BYTES = 64 * 1024;

/**
 * Sends one POST to an address somebody else chose.
 *
 * The name is resolved once, every address it has is looked at, and the connection is made to the very address that was
 * looked at, so that a name which changes its mind cannot lead inside. No redirect is followed and no proxy is asked.
 *
 * @throws {Error} with a sentence for the person who set the address up
 */
export async function postChecked(
  target: string,
  { headers, body, readReply = false }: { headers: http.OutgoingHttpHeaders; body: string; readReply?: boolean },
  reach: Reach,
): Promise<Reply> {
  const { url, address } = await checkAddress(target, reach);
  return post(url, address, { headers, body, readReply, timeoutMs: reach.timeoutMs ?? TIMEOUT_MS });
}

/**
 * Looks where an address leads without going there.
 *
 * @throws {Error} unless it is https to the public internet, or the operator allows more
 */
export async function checkAddress(
  target: string,
  { allowPrivate, resolve = everyAddress }: Reach,
): Promise<{ readonly url: URL; readonly address: string }> {
  const url = urlOf(target);
  if (url.protocol !== "https:" && (url.protocol !== "http:" || !allowPrivate))
    throw new Error("only https addresses are told anything");
  if (url.username !== "" || url.password !== "") throw new Error("an address must not hold a password");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) ? [host] : await resolved(host, resolve);
  const [address] = addresses;
  if (address === undefined) throw new Error("the name cannot be resolved");
  if (!allowPrivate && !addresses.every(isPublicAddress)) throw new Error("the address is of a private network");
  return { url, address };
}

function urlOf(target: string): URL {
  try {
    return new URL(target);
  } catch (cause) {
    throw new Error("this is no address", { cause });
  }
}

async function resolved(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch (cause) {
    throw new Error("the name cannot be resolved", { cause });
  }
}

const everyAddress: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

type Sending = { headers: http.OutgoingHttpHeaders; body: string; readReply: boolean; timeoutMs: number };

function post(url: URL, address: string, { headers, body, readReply, timeoutMs }: Sending): Promise<Reply> {
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const family = isIP(address);
    const fail = (cause: unknown) => reject(new Error("the receiver did not answer", { cause }));
    const sent = request(
      url,
      {
        method: "POST",
        headers: { ...headers, "content-length": Buffer.byteLength(body), "user-agent": "interlock" },
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
        // The name stays in the request and in what the certificate is held against; the address is the one we judged.
        lookup: (_host, options, callback) =>
          options.all ? callback(null, [{ address, family }]) : callback(null, address, family),
      },
      (answer) => {
        const { statusCode: status = 0, headers: told } = answer;
        if (!readReply) {
          resolve({ status, headers: told, text: "" });
          answer.destroy();
          return;
        }
        const kept: Buffer[] = [];
        let size = 0;
        answer.on("data", (chunk: Buffer) => {
          size += chunk.byteLength;
          if (size <= MOST_REPLY_BYTES) kept.push(chunk);
          else answer.destroy(new Error("the answer is too long"));
        });
        answer.once("end", () => resolve({ status, headers: told, text: Buffer.concat(kept).toString("utf8") }));
        answer.once("error", fail);
      },
    );
    sent.once("error", fail);
    sent.end(body);
  });
}

/** How long a receiver asks to be left alone, in milliseconds; null when it does not say so in seconds. */
export function retryAfterMs(headers: http.IncomingHttpHeaders): number | null {
  const asked = headers["retry-after"];
  return asked !== undefined && /^\d{1,6}$/.test(asked) ? Number(asked) * 1_000 : null;
}
