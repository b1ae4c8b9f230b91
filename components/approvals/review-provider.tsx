"use client";

import { type ReactNode, useLayoutEffect, useState } from "react";

import { type Gate, missing, type Missing } from "@/lib/core/approvals/gate";
import type { VoteVerdict } from "@/lib/core/approvals/schema";

import { endMove } from "./move";
import { type Panel, type Review, ReviewContext } from "./review-context";
import { type Attention, useAttention } from "./use-attention";
import { useReviewKeys } from "./use-review-keys";
import { useReviewMemory } from "./use-review-memory";
import { useSettled } from "./use-settled";
import { useOpened, useVote } from "./use-vote";

type ReviewProviderProps = {
  approvalId: string;
  headline: string;
  displayDigest: string;
  gate: Gate;
  /** Whether this person has an authenticator app to answer with. */
  enrolled: boolean;
  may: Review["may"];
  /** The action after this one; null when nothing else waits. */
  nextHref: string | null;
  previousHref: string | null;
  /** Where a decision leads when nothing else waits. */
  doneHref: string;
  traceHref: string;
  /** Where the rule that stopped it is changed. */
  ruleHref: string;
  children: ReactNode;
};

/** A double press must not decide the action that has just come up; approving takes a moment longer still. */
const DEAF_MS = 400;
const APPROVE_DEAF_MS = 800;

/** Holds one review: what was viewed, for how long, the note, the keys, the answer. Give it the action's id as key. */
export function ReviewProvider(props: ReviewProviderProps) {
  const { approvalId, headline, displayDigest, gate, enrolled, may, nextHref, doneHref, children } = props;
  const memoryId = `${approvalId}:${displayDigest}`;
  const [memory, change] = useReviewMemory(memoryId);
  const [typed, setTyped] = useState("");
  const [code, setCode] = useState("");
  const [panel, openPanel] = useState<Panel>(null);
  const { recording, refusal, send } = useVote({
    approvalId,
    headline,
    displayDigest,
    nextHref,
    doneHref,
  });
  const awake = useSettled(DEAF_MS);
  const awakeToApprove = useSettled(APPROVE_DEAF_MS);
  const attention = useAttention(approvalId, displayDigest, may.approve === null);
  useOpened(approvalId);
  useLayoutEffect(() => endMove(), []);

  const { viewed, acknowledged, note } = memory;
  const typedCount = /^\s*\d+\s*$/.test(typed) ? Number(typed) : null;
  const totp = /^[0-9]{6}$/.test(code.replaceAll(/\s/g, ""));
  const done = { partsViewed: viewed, acknowledged, dwellSeconds: attention.seconds, note, typedCount, totp };
  const left = leftOf(missing(gate, done), attention.state, gate.totp && !enrolled);
  const vote = (verdict: VoteVerdict, words: string) => {
    const approving = verdict === "approve";
    if (recording !== null || !(approving ? awakeToApprove : awake)) return;
    if ((approving ? may.approve : may.deny) !== null || (approving && left.length > 0)) return;
    send({ verdict, note: words, viewed, acknowledged, typed, code });
    // A code is good for one answer: a refused one is entered anew.
    setCode("");
  };
  const review: Review = {
    approvalId,
    gate,
    may,
    viewed,
    acknowledged,
    note,
    typed,
    code,
    enrolled,
    left,
    panel,
    recording,
    refusal,
    nextHref,
    markViewed: (id) => change((before) => ({ ...before, viewed: [...new Set([...before.viewed, id])] })),
    toggleAcknowledged: (id) => change((before) => ({ ...before, acknowledged: toggled(before.acknowledged, id) })),
    setNote: (text) => change((before) => ({ ...before, note: text })),
    setTyped,
    setCode,
    openPanel,
    vote,
  };
  useReviewKeys(review, props);

  const answers = awakeToApprove ? "all" : awake ? "denials" : "none";
  return (
    <ReviewContext value={review}>
      <div className="contents" data-approval={approvalId} data-answers={answers}>
        {children}
      </div>
    </ReviewContext>
  );
}

/** What is missing, with what stands in the way of it: an app to set up, a wait that does not go on. */
function leftOf(left: readonly Missing[], state: Attention["state"], unenrolled: boolean): readonly Missing[] {
  return left.map((one) => {
    if (one.code === "totp" && unenrolled) return { ...one, words: "an authenticator app, which you have not set up" };
    if (one.code !== "dwell" || state === "counting") return one;
    const why = state === "away" ? "not counting while you are elsewhere" : "not counting: no connection";
    return { ...one, words: `${one.words} (${why})` };
  });
}

const toggled = (ids: readonly string[], id: string) =>
  ids.includes(id) ? ids.filter((known) => known !== id) : [...ids, id];
