"use client";

import { Alert } from "@/components/ui/alert";
import { CopyText } from "@/components/ui/copy-text";

import { useReview } from "./review-context";
import { useKeptWords } from "./unsent-words";

/** For somebody who was about to answer: that their answer did not count, and their words to copy. */
export function Unsent({ approvalId, mine }: { approvalId: string; mine: boolean }) {
  const { refusal, note } = useReview();
  const kept = useKeptWords(approvalId);
  const words = refusal?.note || kept || note;
  if (mine || (refusal === null && words === "")) return null;
  return (
    <Alert tone="warn" title="Your answer was not recorded">
      {refusal !== null && <p>{refusal.message}</p>}
      {words !== "" && (
        <p>
          <span className="text-muted">Your words: </span>
          <CopyText value={words} label="your words" />
        </p>
      )}
    </Alert>
  );
}
