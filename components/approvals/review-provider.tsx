"use client";

import { type ReactNode, useEffect, useState } from "react";

import { type Gate, missing } from "@/lib/core/approvals/gate";
import type { VoteVerdict } from "@/lib/core/approvals/schema";
import type { FormAction } from "@/lib/core/shared/action-state";

import { endMove } from "./move";
import { type Panel, type Review, ReviewContext } from "./review-context";
import { useReviewKeys } from "./use-review-keys";
import { useDwell, useReviewMemory } from "./use-review-memory";
import { useSettled } from "./use-settled";
import { useOpened, useVote, type VoteAction } from "./use-vote";

type ReviewProviderProps = {
  approvalId: string;
  displayDigest: string;
  gate: Gate;
  may: Review["may"];
  /** The action after this one; null when nothing else waits. */
  nextHref: string | null;
  previousHref: string | null;
  /** Where a decision leads when nothing else waits. */
  doneHref: string;
  traceHref: string;
  /** Where the rule that stopped it is changed. */
  ruleHref: string;
  vote: VoteAction;
  /** Says that this person has the action before them. */
  open: FormAction;
  children: ReactNode;
};

/** A double press must not decide the action that has just come up; approving takes a moment longer still. */
const DEAF_MS = 400;
const APPROVE_DEAF_MS = 800;

/** Holds one review: what was viewed, for how long, the note, the keys, the answer. Give it the action's id as key. */
export function ReviewProvider(props: ReviewProviderProps) {
  const { approvalId, displayDigest, gate, may, nextHref, doneHref, children } = props;
  const memoryId = `${approvalId}:${displayDigest}`;
  const [memory, change] = useReviewMemory(memoryId);
  const [typed, setTyped] = useState("");
  const [panel, openPanel] = useState<Panel>(null);
  const { recording, refusal, send } = useVote(props.vote, {
    approvalId,
    displayDigest,
    onwardHref: nextHref ?? doneHref,
  });
  const awake = useSettled(DEAF_MS);
  const awakeToApprove = useSettled(APPROVE_DEAF_MS);
  useDwell(memoryId, may.approve === null);
  useOpened(props.open, approvalId);
  useEffect(() => endMove(), []);

  const { viewed, acknowledged, seconds, note } = memory;
  const typedCount = /^\s*\d+\s*$/.test(typed) ? Number(typed) : null;
  const left = missing(gate, { partsViewed: viewed, acknowledged, dwellSeconds: seconds, note, typedCount });
  const vote = (verdict: VoteVerdict, words: string) => {
    const approving = verdict === "approve";
    if (recording !== null || !(approving ? awakeToApprove : awake)) return;
    if ((approving ? may.approve : may.deny) !== null || (approving && left.length > 0)) return;
    send({ verdict, note: words, viewed, acknowledged, typed });
  };
  const review: Review = {
    approvalId,
    gate,
    may,
    viewed,
    acknowledged,
    note,
    typed,
    left,
    panel,
    recording,
    refusal,
    nextHref,
    markViewed: (id) => change((before) => ({ ...before, viewed: [...new Set([...before.viewed, id])] })),
    toggleAcknowledged: (id) => change((before) => ({ ...before, acknowledged: toggled(before.acknowledged, id) })),
    setNote: (text) => change((before) => ({ ...before, note: text })),
    setTyped,
    openPanel,
    vote,
  };
  useReviewKeys(review, props);

  return <ReviewContext value={review}>{children}</ReviewContext>;
}

const toggled = (ids: readonly string[], id: string) =>
  ids.includes(id) ? ids.filter((known) => known !== id) : [...ids, id];
