import "server-only";

import { createHmac } from "node:crypto";
import { lookup } from "node:dns/promises";
import http from "node:http";
import https from "node:https";
import { isIP } from "node:net";

import { isPublicAddress } from "./public-address";

/** One message as Standard Webhooks has it. `id` stays the same however often it is sent. */
export type WebhookMessage = { readonly id: string; readonly body: string; readonly at: Date };

/** Who is told. `allowPrivate`: also an address inside, or without TLS, because the operator said so. */
export type WebhookReceiver = {
  readonly url: string;
  readonly secret: string | null;
  readonly allowPrivate: boolean;
};

const TIMEOUT_MS = 10_000;

/**
 * Sends a message, signed if there is a secret.
 *
 * The name is resolved once and the connection made to the very address that was looked at, so that a name which
 * changes its mind cannot lead inside. Redirects are not followed and the answer's text is not read.
 *
 * @throws {Error} with a sentence for the operator, for anything but a 2xx answer
 * @source Standard Webhooks 1.0
 */
export async function sendWebhook(
  { url: target, secret, allowPrivate }: WebhookReceiver,
  message: WebhookMessage,
): Promise<void> {
  const url = new URL(target);
  if (url.protocol !== "https:" && !allowPrivate) throw new Error("only https addresses are told anything");
  if (url.username !== "" || url.password !== "") throw new Error("an address must not hold a password");
  const address = await addressOf(url.hostname.replace(/^\[|\]$/g, ""));
  if (!allowPrivate && !isPublicAddress(address)) throw new Error("the address is of a private network");
  const status = await post(
    url,
    address,
    { ...signature(message, secret), "content-type": "application/json" },
    message.body,
  );
  if (status < 200 || status > 299) throw new Error(`the receiver answered ${status}`);
}

function signature({ id, body, at }: WebhookMessage, secret: string | null): http.OutgoingHttpHeaders {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp };
  if (secret === null) return headers;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`, "utf8").digest("base64");
  return { ...headers, "webhook-signature": `v1,${signed}` };
}

async function addressOf(host: string): Promise<string> {
  if (isIP(host)) return host;
  try {
    return (await lookup(host)).address;
  } catch (cause) {
    throw new Error("the name cannot be resolved", { cause });
  }
}

function post(url: URL, address: string, headers: http.OutgoingHttpHeaders, body: string): Promise<number> {
  const { request } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const family = isIP(address);
    const sent = request(
      url,
      {
        method: "POST",
        headers: { ...headers, "content-length": Buffer.byteLength(body), "user-agent": "interlock" },
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        // The name stays in the request and in what the certificate is held against; the address is the one we judged.
        lookup: (_host, options, callback) =>
          options.all ? callback(null, [{ address, family }]) : callback(null, address, family),
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
        answer.destroy();
      },
    );
    sent.once("error", (cause) => reject(new Error("the receiver did not answer", { cause })));
    sent.end(body);
  });
}
