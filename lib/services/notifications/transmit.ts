import "server-only";

import { retryAfterMs } from "@/lib/clients/checked-request";
import { sendMail } from "@/lib/clients/mail";
import { callSlack } from "@/lib/clients/slack";
import { postWebhook } from "@/lib/clients/webhook";
import { mailText, slackMessage, webhookBody } from "@/lib/core/notifications/render";
import type { Attempt } from "@/lib/core/notifications/retry";
import type { Notice } from "@/lib/core/notifications/schema";
import type { DueCallback } from "@/lib/data/callbacks";
import type { SealedDestination } from "@/lib/data/destinations";
import { openSecret } from "@/lib/platform/sealed";

import { callbackLabel } from "../agents/set-callback";
import type { Outside } from "./outside";
import { slackSecrets, webhookSecrets } from "./secrets";

/** One telling: what, as which message, and what the other side called the message before. */
export type Telling = {
  readonly deliveryId: string;
  readonly subject: string;
  readonly notice: Notice;
  /** The place of this notice among all that is said about the subject; with the message it names the telling. */
  readonly place: number;
  readonly handle: string | null;
  readonly now: Date;
};

const UNREADABLE = "its secret cannot be read on this server; make a new one";

/** Tells a destination. Never throws: what went wrong is the answer. */
export async function tellDestination(to: SealedDestination, telling: Telling, world: Outside): Promise<Attempt> {
  try {
    if (to.kind === "webhook") return await tellWebhook(to, telling, world);
    if (to.kind === "email") return await tellMailbox(to.address, telling, world);
    return await tellSlack(to, to.address, telling, world);
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : "it could not be told" };
  }
}

/** Tells an agent at its own address what became of its request, as the request is now. */
export async function tellAgent(
  { workspaceId, callback }: { readonly workspaceId: string; readonly callback: DueCallback },
  telling: Telling,
  world: Outside,
): Promise<Attempt> {
  const secret = openSecret(callback.sealedSecret, callbackLabel(workspaceId, callback.agentId));
  if (secret === null) return { ok: false, error: UNREADABLE };
  const { event: type, at: timestamp } = telling.notice;
  const body = JSON.stringify({ type, timestamp, data: callback.payload });
  return answerOf(callback.url, { telling, body, secrets: [secret] }, world);
}

async function tellWebhook(to: SealedDestination, telling: Telling, world: Outside): Promise<Attempt> {
  const { deliveryId, notice, subject, now } = telling;
  const secrets = webhookSecrets(to, now);
  if (secrets === null) return { ok: false, error: UNREADABLE };
  const body = webhookBody(notice, { subject, origin: world.origin, deliveryId });
  return answerOf(to.address, { telling, body, secrets }, world);
}

type Signed = { readonly telling: Telling; readonly body: string; readonly secrets: readonly string[] };

async function answerOf(address: string, { telling, body, secrets }: Signed, world: Outside): Promise<Attempt> {
  const { deliveryId, place, now } = telling;
  const message = { id: `msg_${deliveryId}_${place}`, body, at: now };
  const { status, headers } = await postWebhook(address, message, secrets, world);
  if (status >= 200 && status <= 299) return { ok: true, handle: null };
  const error = `the receiver answered ${status}`;
  return { ok: false, error, gone: status === 410, askedMs: retryAfterMs(headers) };
}

/** Hands a message to the mail server: the first of a thread, or what follows in it. */
export async function tellMailbox(address: string, telling: Telling, world: Outside): Promise<Attempt> {
  if (world.mail === null) return { ok: false, error: "no mail server is set up (SMTP_URL)" };
  const { deliveryId, subject, place, notice, handle } = telling;
  const messageId = `<${deliveryId}.${place}@${world.mail.from.split("@")[1] ?? "interlock"}>`;
  const words = mailText(notice, { subject, origin: world.origin, deliveryId });
  const again = handle !== null && !words.subject.startsWith("Re: ") ? `Re: ${words.subject}` : words.subject;
  const mail = { to: address, subject: again, text: words.text, messageId, inReplyTo: handle };
  const answer = await sendMail(world.mail, mail);
  return answer.ok ? { ok: true, handle: handle ?? messageId } : answer;
}

/** Slack's words for what no second attempt mends. */
const FINAL = new Set([
  "message_not_found",
  "cant_update_message",
  "edit_window_closed",
  "invalid_blocks",
  "msg_too_long",
]);

/** Posts a message in Slack, or changes the one that is there. `channel` is a channel's id or a person's. */
export async function tellSlack(
  voice: SealedDestination,
  channel: string,
  telling: Telling,
  world: Outside,
): Promise<Attempt> {
  const secrets = slackSecrets(voice);
  if (secrets === null) return { ok: false, error: UNREADABLE };
  const { deliveryId, subject, notice, handle } = telling;
  const message = slackMessage(notice, { subject, origin: world.origin, deliveryId });
  const [where = "", ts = ""] = handle?.split(" ") ?? [];
  const api = { ...world, url: world.slackUrl, token: secrets.bot_token };
  const answer =
    handle === null
      ? await callSlack(api, "chat.postMessage", { channel, unfurl_links: false, unfurl_media: false, ...message })
      : await callSlack(api, "chat.update", { channel: where, ts, ...message });
  if (answer.ok) return { ok: true, handle: handle ?? `${answer.channel} ${answer.ts}` };
  const { error, askedMs } = answer;
  return { ok: false, error: `Slack answered ${error}`, askedMs, final: FINAL.has(error) };
}
