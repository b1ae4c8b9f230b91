"use client";

import Link from "next/link";
import { useSyncExternalStore } from "react";

import { VisibleText } from "@/components/ui/visible-text";
import { createWatchers } from "@/components/ui/watchers";
import { paths } from "@/lib/core/shared/paths";

/** What a person answered last. It outlives the page it was given on: the desk has gone on meanwhile. */
type LastAnswer = {
  readonly approvalId: string;
  /** What is recorded: `Denied.` */
  readonly said: string;
  /** The action in one line. */
  readonly about: string;
};

let last: LastAnswer | null = null;
const watchers = createWatchers();

/** Null where nothing is to be said of it: it was taken back, or was a calibration item. */
export function noteAnswer(answer: LastAnswer | null): void {
  last = answer;
  watchers.tell();
}

const onServer = () => null;

/** Shows, until the next answer, what was recorded: the action that has come up may look just like the one before it. */
export function LastAnswerLine({ currentId }: { currentId: string | null }) {
  const answer = useSyncExternalStore(watchers.watch, () => last, onServer);
  if (answer === null || answer.approvalId === currentId) return null;
  return (
    <p className="col-span-full flex flex-wrap items-baseline gap-x-2 border-b border-hair bg-sunk px-4 py-1.5 text-muted sm:px-6">
      <b className="font-semibold text-text">{answer.said}</b>
      <VisibleText text={answer.about} />
      <Link href={paths.approval(answer.approvalId)} className="link">
        Look at it
      </Link>
    </p>
  );
}
