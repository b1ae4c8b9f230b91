"use client";

import { useRouter } from "next/navigation";
import { startTransition, useActionState, useEffect, useRef, useState } from "react";

import type { VoteVerdict } from "@/lib/core/approvals/schema";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";

import { say } from "./announcer";
import { beginMove } from "./move";
import type { Refusal } from "./review-context";
import { offerUndo } from "./undo-store";
import { isLooking } from "./use-attention";

export type VoteAction = FormAction<{
  readonly state: string;
  readonly undo_seconds: number;
  /** Set when it was a calibration item. */
  readonly calibration?: { readonly item: string } | undefined;
}>;

/** An answer with the evidence that goes with it. */
export type Answer = {
  readonly verdict: VoteVerdict;
  readonly note: string;
  readonly viewed: readonly string[];
  readonly acknowledged: readonly string[];
  readonly typed: string;
  readonly code: string;
};

type VoteSubject = { readonly approvalId: string; readonly displayDigest: string; readonly onwardHref: string };

const PAST: Record<string, string> = {
  approved: "Approved.",
  denied: "Denied.",
  returned: "Returned with your note.",
  waiting: "Your approval is recorded. It needs another person.",
};

const pastOf = (state: string | undefined) => PAST[state ?? ""] ?? "Recorded.";

/** Sends an answer, goes on when it is recorded and not before, and keeps what was typed when it is refused. */
export function useVote(vote: VoteAction, { approvalId, displayDigest, onwardHref }: VoteSubject) {
  const router = useRouter();
  const [state, dispatch, pending] = useActionState(vote, IDLE);
  const [sent, setSent] = useState<Answer | null>(null);
  const seen = useRef<typeof state>(IDLE);

  useEffect(() => {
    if (state === seen.current) return;
    seen.current = state;
    if (state.status === "done") {
      const undoSeconds = state.data?.undo_seconds ?? 0;
      if (undoSeconds > 0) offerUndo(approvalId, undoSeconds);
      say(undoSeconds > 0 ? `Approved. It can be taken back for ${undoSeconds} seconds.` : pastOf(state.data?.state));
      beginMove();
      const item = state.data?.calibration?.item;
      router.push(item === undefined ? onwardHref : paths.calibrationItem(item, onwardHref));
    }
    // Decided elsewhere, expired, changed: the page must show what is so now.
    if (state.status === "refused") router.refresh();
  }, [state, approvalId, onwardHref, router]);

  const refusal: Refusal | null =
    state.status === "refused" && !pending
      ? { code: state.code, message: state.message, note: sent?.note ?? "" }
      : null;
  return {
    // Between the answer and the next page there is nothing left to press.
    recording: pending || state.status === "done" ? (sent?.verdict ?? null) : null,
    refusal,
    send(answer: Answer) {
      setSent(answer);
      startTransition(() => dispatch(formOf(approvalId, displayDigest, answer)));
    },
  };
}

function formOf(approvalId: string, displayDigest: string, answer: Answer): FormData {
  const form = new FormData();
  form.set("approval_id", approvalId);
  form.set("display_digest", displayDigest);
  form.set("verdict", answer.verdict);
  form.set("note", answer.note);
  if (answer.verdict !== "approve") return form;
  for (const part of answer.viewed) form.append("parts_viewed[]", part);
  for (const part of answer.acknowledged) form.append("acknowledged[]", part);
  form.set("typed_count", answer.typed.trim());
  form.set("totp", answer.code.trim());
  form.set("looking", String(isLooking()));
  return form;
}

/** Tells the server that this person has the action before them: the time to look is counted from the first time. */
export function useOpened(open: FormAction, approvalId: string): void {
  const [, opened] = useActionState(open, IDLE);
  useEffect(() => {
    const form = new FormData();
    form.set("approval_id", approvalId);
    startTransition(() => opened(form));
  }, [approvalId, opened]);
}
