import type { JsonObject } from "@/lib/core/shared/json";

import { factsOf, plain, stateWords } from "./compose";
import type { Notice } from "./schema";

/** What a message is about and where its pages are. */
export type Rendered = { readonly subject: string; readonly origin: string; readonly deliveryId: string };

/** The body of a signed webhook. `subject` is the same in everything that is said about one thing. */
export function webhookBody(notice: Notice, { subject, origin }: Rendered): string {
  const { event: type, at: timestamp, title, agent, band, deadline, state, by, lines, path } = notice;
  const data = { subject, title, agent, band, deadline, state, decided_by: by, lines, url: origin + path };
  return JSON.stringify({ type, timestamp, data });
}

export const DENY_ACTION = "interlock.deny";

/**
 * A Block Kit message: the title, the facts, and while it waits two buttons. None approves: saying yes takes the effect
 * on screen.
 */
export function slackMessage(notice: Notice, { origin, deliveryId }: Rendered): { text: string; blocks: JsonObject[] } {
  const title = noticeTitle(notice);
  const facts = factsOf(notice).map(({ name, value }) => `${name}: ${value}`);
  const link = {
    type: "button",
    text: words("Review"),
    url: origin + notice.path,
    action_id: "interlock.review",
    value: deliveryId,
  };
  const deny = {
    type: "button",
    style: "danger",
    text: words("Deny"),
    action_id: DENY_ACTION,
    value: deliveryId,
    confirm: {
      title: words("Deny this action?"),
      text: words("The agent is told no. It cannot be undone."),
      confirm: words("Deny"),
      deny: words("Back"),
    },
  };
  return {
    text: title,
    blocks: [
      { type: "section", text: words([title, ...facts, ...notice.lines].join("\n")) },
      { type: "actions", elements: notice.state === "waiting" ? [link, deny] : [link] },
    ],
  };
}

/** Plain text throughout: in Slack's own markup a tool's name could become a link or a mention (T82). */
const words = (text: string): JsonObject => ({ type: "plain_text", text, emoji: false });

/** A plain text, a page wide. No HTML: nothing of it could be followed or loaded but the one link. */
export function mailText(notice: Notice, { origin }: Rendered): { subject: string; text: string } {
  const facts = factsOf(notice).map(({ name, value }) => `${name}: ${value}`);
  const lines = [notice.title, "", ...facts, ...(facts.length > 0 ? [""] : []), ...notice.lines];
  const text = [
    ...lines,
    ...(notice.lines.length > 0 ? [""] : []),
    `${verbOf(notice)}: ${origin}${notice.path}`,
    "",
    FOOTER,
  ];
  return { subject: plain(noticeTitle(notice)), text: text.join("\n") };
}

const FOOTER =
  "What the action would do is shown in the console only. Change what you are told in Settings, Notifications.";

const verbOf = (notice: Notice): string => (notice.state === "waiting" ? "Review" : "Look");

/** The one line that stands in a list of messages. */
export function noticeTitle({ event, title, state, by }: Notice): string {
  if (event === "approval.unseen") return `Never seen: ${title}`;
  if (event === "approval.escalated") return `Still waiting: ${title}`;
  if (state === null) return title;
  return state === "waiting" ? `Waiting: ${title}` : `${stateWords(state, by).replace(/\.$/, "")}: ${title}`;
}
