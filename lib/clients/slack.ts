import "server-only";

import { createHmac, timingSafeEqual } from "node:crypto";

import { z } from "zod";

import type { JsonObject } from "@/lib/core/shared/json";

import { postChecked, type Reach, retryAfterMs } from "./checked-request";

/** Slack's API as somebody's bot: `https://slack.com/api` unless the operator says otherwise. */
export type SlackApi = Reach & { readonly url: string; readonly token: string };

const Answer = z.looseObject({
  ok: z.boolean(),
  error: z.string().max(200).optional(),
  channel: z.string().max(50).optional(),
  ts: z.string().max(50).optional(),
});

export type SlackAnswer =
  | { readonly ok: true; readonly channel: string; readonly ts: string }
  | { readonly ok: false; readonly error: string; readonly askedMs: number | null };

/**
 * Calls one method of Slack's API. What Slack refuses is an answer; only silence throws.
 *
 * @throws {Error} when it did not answer, or not as Slack does
 */
export async function callSlack(
  { url, token, ...reach }: SlackApi,
  method: "chat.postMessage" | "chat.update" | "chat.postEphemeral",
  body: JsonObject,
): Promise<SlackAnswer> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json; charset=utf-8" };
  const reply = await postChecked(`${url}/${method}`, { headers, body: JSON.stringify(body), readReply: true }, reach);
  if (reply.status === 429) return { ok: false, error: "ratelimited", askedMs: retryAfterMs(reply.headers) };
  if (reply.status !== 200) throw new Error(`Slack answered ${reply.status}`);
  const answer = answerOf(reply.text);
  if (answer.ok) return { ok: true, channel: answer.channel ?? "", ts: answer.ts ?? "" };
  return { ok: false, error: answer.error ?? "unknown_error", askedMs: null };
}

function answerOf(text: string): z.infer<typeof Answer> {
  try {
    return Answer.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error("Slack's answer cannot be read", { cause });
  }
}

const WINDOW_SECONDS = 300;

/**
 * Whether Slack signed these very bytes within five minutes of now.
 *
 * @source Slack, "Verifying requests from Slack"
 */
export function isSignedBySlack(
  { timestamp, signature, body }: { timestamp: string; signature: string; body: Uint8Array },
  signingSecret: string,
  now: Date,
): boolean {
  if (!/^\d{10}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > WINDOW_SECONDS) return false;
  const expected = createHmac("sha256", signingSecret).update(`v0:${timestamp}:`).update(body).digest("hex");
  const [given, wanted] = [Buffer.from(signature), Buffer.from(`v0=${expected}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
