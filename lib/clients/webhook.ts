import "server-only";

import { createHmac } from "node:crypto";
import type http from "node:http";

import { postChecked, type Reach, type Reply } from "./checked-request";

/** One message as Standard Webhooks has it. `id` stays the same however often it is sent. */
export type WebhookMessage = { readonly id: string; readonly body: string; readonly at: Date };

/** Who is told. `allowPrivate`: also an address inside, or without TLS, because the operator said so. */
export type WebhookReceiver = {
  readonly url: string;
  readonly secret: string | null;
  readonly allowPrivate: boolean;
};

/**
 * Sends a message, signed if there is a secret, to an address that is looked at first (`postChecked`).
 *
 * @throws {Error} with a sentence for the operator, for anything but a 2xx answer
 */
export async function sendWebhook(
  { url, secret, allowPrivate }: WebhookReceiver,
  message: WebhookMessage,
): Promise<void> {
  const { status } = await postWebhook(url, message, secret === null ? [] : [secret], { allowPrivate });
  if (status < 200 || status > 299) throw new Error(`the receiver answered ${status}`);
}

/**
 * Sends a message signed with each of these secrets, the newest first: while one replaces another, a receiver may know
 * either. Answers whatever the receiver answered; its text is not read.
 *
 * @source Standard Webhooks 1.0
 */
export function postWebhook(
  url: string,
  message: WebhookMessage,
  secrets: readonly string[],
  reach: Reach,
): Promise<Reply> {
  const headers = { ...signature(message, secrets), "content-type": "application/json" };
  return postChecked(url, { headers, body: message.body }, reach);
}

function signature({ id, body, at }: WebhookMessage, secrets: readonly string[]): http.OutgoingHttpHeaders {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp };
  if (secrets.length === 0) return headers;
  const signed = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`, "utf8").digest("base64")}`;
  });
  return { ...headers, "webhook-signature": signed.join(" ") };
}
