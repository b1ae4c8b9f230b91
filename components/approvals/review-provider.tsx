"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, startTransition, useActionState, useEffect, useRef, useState } from "react";

import { useShortcutsEnabled } from "@/components/layout/use-preference";
import { type Gate, missing } from "@/lib/core/approvals/gate";
import type { VoteVerdict } from "@/lib/core/approvals/schema";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";

import { say } from "./announcer";
import { focusedPart, moveToPart } from "./part-focus";
import { type Panel, type Refusal, type Review, ReviewContext } from "./review-context";
import { NOTHING_YET, recall, remember } from "./review-memory";
import { useDwell } from "./use-dwell";
import { useKeys } from "./use-keys";

export type VoteAction = FormAction<{ readonly state: string; readonly votes: number; readonly quorum: number }>;

type ReviewProviderProps = {
  approvalId: string;
  displayDigest: string;
  gate: Gate;
  may: Review["may"];
  nextHref: string;
  previousHref: string | null;
  traceHref: string;
  vote: VoteAction;
  /** Says that this person has the action before them. */
  open: FormAction;
  children: ReactNode;
};

/** A double press must not decide the action that has just come up. */
const DEAF_MS = 400;
const APPROVE_DEAF_MS = 800;

const PAST: Record<string, string> = {
  approved: "Approved.",
  denied: "Denied.",
  returned: "Returned with your note.",
  waiting: "Your approval is recorded. It needs another person.",
};

/** Set while the page goes to another item: its heading then takes the focus, so that its name is read. */
let moving = false;

/** Holds one review: what was viewed, for how long, the note, the keys, the answer. */
export function ReviewProvider(props: ReviewProviderProps) {
  const { approvalId, displayDigest, gate, may, children } = props;
  const router = useRouter();
  const memoryId = `${approvalId}:${displayDigest}`;
  const [memory, setMemory] = useState(NOTHING_YET);
  const [typed, setTyped] = useState("");
  const [panel, setPanel] = useState<Panel>(null);
  const { recording, refusal, send } = useVote(props);
  const shownAt = useRef(Number.POSITIVE_INFINITY);
  const seconds = useDwell(memory.seconds, may.approve === null);

  useEffect(() => {
    shownAt.current = performance.now();
    setMemory(recall(memoryId));
    if (moving) document.querySelector<HTMLElement>("[data-review-heading]")?.focus();
    moving = false;
  }, [memoryId]);
  useEffect(() => {
    if (memory !== NOTHING_YET) remember(memoryId, { ...memory, seconds });
  }, [memoryId, memory, seconds]);

  const { viewed, acknowledged, note } = memory;
  const evidence = { partsViewed: viewed, acknowledged, dwellSeconds: seconds, note, typedCount: typed.trim() === "" ? null : Number(typed) };
  const left = missing(gate, evidence);
  const since = () => performance.now() - shownAt.current;
  const go = (href: string | null) => {
    if (href === null) return;
    moving = true;
    router.push(href as Parameters<typeof router.push>[0]); // an address from `paths`
  };

  const review: Review = {
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
    nextHref: props.nextHref,
    markViewed: (id) => setMemory((before) => ({ ...before, viewed: [...new Set([...before.viewed, id])] })),
    toggleAcknowledged: (id) =>
      setMemory((before) => {
        const others = before.acknowledged.filter((known) => known !== id);
        return { ...before, acknowledged: others.length < before.acknowledged.length ? others : [...others, id] };
      }),
    setNote: (text) => setMemory((before) => ({ ...before, note: text })),
    setTyped,
    openPanel: setPanel,
    vote(verdict, words) {
      if (recording !== null || since() < (verdict === "approve" ? APPROVE_DEAF_MS : DEAF_MS)) return;
      if (verdict === "approve" && (left.length > 0 || may.approve !== null)) return;
      if (verdict !== "approve" && may.deny !== null) return;
      send({ verdict, note: words, viewed, acknowledged, typed });
    },
  };

  const act = (run: () => void) => () => {
    if (since() >= DEAF_MS && recording === null) run();
  };
  const keys = useShortcutsEnabled();
  useKeys(
    {
      j: act(() => go(props.nextHref)),
      k: act(() => go(props.previousHref)),
      z: act(() => go(props.nextHref)),
      o: act(() => go(props.traceHref)),
      n: () => moveToPart(1),
      p: () => moveToPart(-1),
      v: () => {
        const id = focusedPart() ?? gate.parts.find((part) => !viewed.includes(part.id))?.id;
        if (id === undefined) return;
        if (focusedPart() === null) moveToPart(1);
        review.markViewed(id);
        if (focusedPart() !== null) moveToPart(1);
      },
      d: act(() => may.deny === null && panel?.kind !== "deny" && setPanel({ kind: "deny", byKey: true })),
      r: act(() => may.deny === null && setPanel({ kind: "return" })),
      a: act(() => {
        if (may.approve !== null) return;
        if (gate.confirm || left.length > 0) setPanel({ kind: "approve" });
        else review.vote("approve", "");
      }),
      Escape: () => setPanel(null),
    },
    keys,
  );

  return <ReviewContext value={review}>{children}</ReviewContext>;
}

type Answer = { readonly verdict: VoteVerdict; readonly note: string; readonly viewed: readonly string[]; readonly acknowledged: readonly string[]; readonly typed: string };

/** Sends an answer, goes on to the next item when it is recorded, and keeps what was typed when it is refused. */
function useVote({ approvalId, displayDigest, nextHref, vote, open }: ReviewProviderProps) {
  const router = useRouter();
  const [state, dispatch, pending] = useActionState(vote, IDLE);
  const [, opened] = useActionState(open, IDLE);
  const [sent, setSent] = useState<Answer | null>(null);
  const answered = useRef<typeof state>(IDLE);

  useEffect(() => {
    const form = new FormData();
    form.set("approval_id", approvalId);
    startTransition(() => opened(form));
  }, [approvalId, opened]);

  useEffect(() => {
    if (state === answered.current) return;
    answered.current = state;
    if (state.status === "done") {
      say(PAST[state.data?.state ?? ""] ?? "Recorded.");
      moving = true;
      router.push(nextHref as Parameters<typeof router.push>[0]); // an address from `paths`
    }
    // Decided elsewhere, expired, changed: the page must show what is so now.
    if (state.status === "refused") router.refresh();
  }, [state, nextHref, router]);

  const refusal: Refusal | null = state.status === "refused" ? { code: state.code, message: state.message, note: sent?.note ?? "" } : null;
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
  return form;
}
