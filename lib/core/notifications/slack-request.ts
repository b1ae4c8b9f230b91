import { z } from "zod";

import { DENY_ACTION } from "./render";

const Id = z.string().min(1).max(50);
const BlockActions = z.looseObject({
  type: z.literal("block_actions"),
  user: z.looseObject({ id: Id }),
  channel: z.looseObject({ id: Id }).optional(),
  actions: z
    .array(z.looseObject({ action_id: z.string().max(255), value: z.string().max(2_000).optional() }))
    .min(1)
    .max(10),
});

/** What a person did in Slack, before anybody has checked that Slack says so. */
export type SlackAsk =
  | {
      readonly kind: "button";
      readonly deliveryId: string;
      readonly slackUserId: string;
      readonly channel: string | null;
      readonly deny: boolean;
    }
  | { readonly kind: "link"; readonly code: string; readonly slackUserId: string };

/**
 * Reads the body of a request from Slack; null for anything we have no use for. Nothing in it says who may do what: only
 * the user's id is taken, and it is held against what was linked on our own pages.
 */
export function readSlackAsk(body: string): SlackAsk | null {
  const form = new URLSearchParams(body);
  const [payload, second] = form.getAll("payload");
  if (second !== undefined) return null;
  if (payload !== undefined) return buttonOf(payload);
  const code = /^link\s+([A-Z0-9-]{8,40})$/i.exec((form.get("text") ?? "").trim())?.[1];
  const user = Id.safeParse(form.get("user_id"));
  if (!form.has("command") || code === undefined || !user.success) return null;
  return { kind: "link", code: code.toUpperCase(), slackUserId: user.data };
}

function buttonOf(payload: string): SlackAsk | null {
  const read = BlockActions.safeParse(parsed(payload));
  const [action] = read.success ? read.data.actions : [];
  const delivery = z.uuid().safeParse(action?.value);
  if (!read.success || !action || !delivery.success) return null;
  return {
    kind: "button",
    deliveryId: delivery.data,
    slackUserId: read.data.user.id,
    channel: read.data.channel?.id ?? null,
    deny: action.action_id === DENY_ACTION,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
