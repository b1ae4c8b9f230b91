"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";

import type { VoteVerdict } from "@/lib/core/approvals/schema";
import { paths } from "@/lib/core/shared/paths";
import { SECOND_MS } from "@/lib/core/shared/time";

import { say } from "./announcer";
import { noteAnsweredHere, onwardFrom } from "./answered-here";
import { noteAnswer } from "./last-answer";
import { beginMove } from "./move";
import { postBeat } from "./post-beat";
import type { Refusal } from "./review-context";
import { offerUndo } from "./undo-store";
import { isLooking } from "./use-attention";

/** What became of an answer. */
type Answered =
  | {
      readonly status: "done";
      readonly data: {
        readonly state: string;
        readonly undo_seconds: number;
        /** Set when it was a calibration item. */
        readonly calibration?: { readonly item: string };
      };
    }
  | { readonly status: "refused"; readonly code: string; readonly message: string };

/** An answer with the evidence that goes with it. */
export type Answer = {
  readonly verdict: VoteVerdict;
  readonly note: string;
  readonly viewed: readonly string[];
  readonly acknowledged: readonly string[];
  readonly typed: string;
  readonly code: string;
};

type VoteSubject = {
  readonly approvalId: string;
  /** The action in one line, for the words after its answer. */
  readonly headline: string;
  readonly displayDigest: string;
  /** The action after this one; null when nothing else waits. */
  readonly nextHref: string | null;
  readonly doneHref: string;
};

const PAST: Record<string, string> = {
  approved: "Approved.",
  denied: "Denied.",
  returned: "Returned with your note.",
  waiting: "Your approval is recorded. It needs another person.",
};

const pastOf = (state: string) => PAST[state] ?? "Recorded.";

const MOST_WAIT_MS = 30 * SECOND_MS;
/** What is said when nothing came back: nobody knows whether the answer was taken, so the page is drawn again. */
const UNHEARD =
  "The server did not answer. What is shown now is what it has recorded; answer again if that is nothing.";

/** Sends an answer, goes on when it is recorded and not before, and keeps what was typed when it is refused. */
export function useVote({ approvalId, headline, displayDigest, nextHref, doneHref }: VoteSubject) {
  const router = useRouter();
  const [recording, setRecording] = useState<VoteVerdict | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);

  const send = async (answer: Answer) => {
    setRecording(answer.verdict);
    setRefusal(null);
    const answered = await sendVote(formOf(approvalId, displayDigest, answer));
    if (answered.status === "refused") {
      if (!here.current) return say(`Not recorded: ${answered.message}`);
      setRecording(null);
      setRefusal({ code: answered.code, message: answered.message, note: answer.note });
      // Decided elsewhere, expired, changed: the page must show what is so now.
      router.refresh();
      return;
    }
    // Between the answer and the next page there is nothing left to press: `recording` stays.
    const { state, undo_seconds, calibration } = answered.data;
    noteAnsweredHere(approvalId);
    if (undo_seconds > 0) offerUndo(approvalId, undo_seconds);
    say(undo_seconds > 0 ? `Approved. It can be taken back for ${undo_seconds} seconds.` : pastOf(state));
    // Of a calibration item its own page says what it was; nothing of it was approved.
    noteAnswer(calibration ? null : { approvalId, said: pastOf(state), about: headline });
    if (!here.current) return; // whoever went on by themselves stays where they are
    beginMove();
    const onwardHref = onwardFrom(nextHref, doneHref);
    router.push(calibration ? paths.calibrationItem(calibration.item, onwardHref) : onwardHref);
  };
  return { recording, refusal, send: (answer: Answer) => void send(answer) };
}

/** By a request of its own: a server action waits for the router, which is often drawing what the answer has changed. */
async function sendVote(form: FormData): Promise<Answered> {
  try {
    const signal = AbortSignal.timeout(MOST_WAIT_MS);
    const response = await fetch(paths.votes(), { method: "POST", body: form, signal });
    if (response.ok) return await response.json();
  } catch {
    // said below
  }
  return { status: "refused", code: "unheard", message: UNHEARD };
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
export function useOpened(approvalId: string): void {
  useEffect(() => {
    // What fails is told again by the next page that shows it; until then nobody has seen it, which errs the right way.
    postBeat(paths.opened(), { approval_id: approvalId }).catch(() => undefined);
  }, [approvalId]);
}
