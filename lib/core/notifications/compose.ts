import type { Headline } from "@/lib/core/approvals/headline";
import { headlineText } from "@/lib/core/approvals/headline-text";
import type { ApprovalState } from "@/lib/core/approvals/schema";
import type { Band } from "@/lib/core/decisions/schema";
import { paths } from "@/lib/core/shared/paths";

import type { Notice, NoticeEvent } from "./schema";

/** What is known of a request when something about it is to be told. */
export type NoticeApproval = {
  readonly id: string;
  readonly agent: string;
  readonly tool: string;
  readonly headline: Headline | null;
  readonly band: Band;
  readonly state: ApprovalState;
  readonly expiresAt: Date;
  /** Names of who voted, once it is decided. */
  readonly voters: readonly string[];
};

const STATE_WORDS: Readonly<Record<ApprovalState, string>> = {
  waiting: "Waiting for a decision",
  approved: "Approved once",
  denied: "Denied",
  returned: "Returned with a note",
  expired: "Expired. It did not run. Nobody decided.",
  withdrawn: "Withdrawn by the agent",
  superseded: "Superseded by a newer request",
  consumed: "Approved once, and used",
};

/** What became of a request, in our words. */
export function stateWords(state: ApprovalState, by: readonly string[]): string {
  const words = STATE_WORDS[state];
  return by.length > 0 && state !== "expired" && state !== "withdrawn" ? `${words} by ${by.join(" and ")}` : words;
}

/**
 * What is told of a request. While a Critical one waits its count stays out: typing it is how a reviewer shows to have
 * read the effect.
 *
 * @param state what the event says of it, which may be older than what it is by now
 */
export function approvalNotice(
  event: Extract<NoticeEvent, `approval.${string}`>,
  approval: NoticeApproval,
  { at, state }: { readonly at: Date; readonly state: ApprovalState },
): Notice {
  const { headline, band } = approval;
  const hideCount = band === "critical" && (state === "waiting" || approval.state === "waiting");
  const by = state === "waiting" || state === "expired" || state === "withdrawn" ? [] : approval.voters;
  return {
    event,
    at: at.toISOString(),
    title: plain(headline === null ? `CALL ${approval.tool}` : headlineText(headline, { hideCount })),
    agent: plain(approval.agent),
    band,
    deadline: approval.expiresAt.toISOString(),
    state,
    by: by.map(plain),
    lines: linesOf(event, state),
    path: paths.approval(approval.id),
  };
}

function linesOf(event: NoticeEvent, state: ApprovalState): string[] {
  if (event === "approval.escalated") return ["Half of its time is over and it still waits."];
  if (event !== "approval.unseen") return [];
  return state === "expired"
    ? ["It expired and nobody who could answer had looked at it."]
    : ["Half of its time is over, nobody who could answer has looked, and no message about it arrived."];
}

/** Text that is safe in any one line: nothing that breaks it, hides in it or turns it round. */
export function plain(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").replace(/\p{Cf}/gu, "");
  return visible.length > MOST_CHARS ? `${visible.slice(0, MOST_CHARS - 1)}…` : visible;
}

const MOST_CHARS = 200;

const BAND_WORDS: Readonly<Record<Band, string>> = {
  low: "Low",
  elevated: "Elevated",
  high: "High",
  critical: "Critical",
};

/** The facts below the title, in their fixed order. */
export function factsOf(notice: Notice): readonly { readonly name: string; readonly value: string }[] {
  return [
    ...(notice.agent === null ? [] : [{ name: "Agent", value: notice.agent }]),
    ...(notice.band === null ? [] : [{ name: "Risk", value: BAND_WORDS[notice.band] }]),
    ...(notice.state === null ? [] : [{ name: "State", value: stateWords(notice.state, notice.by) }]),
    ...(notice.state === "waiting" && notice.deadline !== null
      ? [{ name: "Due", value: `${notice.deadline.slice(0, 16).replace("T", " ")} UTC` }]
      : []),
  ];
}
