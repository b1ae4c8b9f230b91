"use client";

import { type ReactNode, useActionState, useEffect, useId, useRef } from "react";

import { KeyHint } from "@/components/layout/key-hint";
import { Button } from "@/components/ui/button";
import { VisibleText } from "@/components/ui/visible-text";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";

import { goesOn } from "./part-end";
import { useReview } from "./review-context";

type PartFrameProps = {
  id: string;
  title: string;
  summary: string;
  note?: string | undefined;
  uninspectable: string | null;
  /** Too long to be taken in at once: viewed when its end was on screen. */
  long: boolean;
  approvalId: string;
  /** Answers the whole of what is shown as JSON text. */
  download: FormAction<string>;
  children: ReactNode;
};

/** One thing to look at: its summary first, then itself, then the marks that say it was looked at. */
export function PartFrame(props: PartFrameProps) {
  const { id, title, summary, note, uninspectable, long, approvalId, download, children } = props;
  const { gate, viewed, markViewed, acknowledged, toggleAcknowledged } = useReview();
  const titleId = useId();
  const asked = gate.parts.some((part) => part.id === id);
  const mustRead = gate.acknowledge.some((part) => part.id === id);
  const seen = viewed.includes(id);

  return (
    <section data-review-part={id} aria-labelledby={titleId} className="grid min-w-0 scroll-mt-16 gap-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <div className="min-w-0">
          <h3 id={titleId} tabIndex={-1} className="text-sm outline-offset-4">
            {title}
          </h3>
          <p className="text-xs text-muted">{summary}</p>
          {note !== undefined && (
            <p>
              <VisibleText text={note} />
            </p>
          )}
        </div>
        {asked && (
          <Button size="sm" aria-pressed={seen} onClick={() => !goesOn(id) && markViewed(id)}>
            {seen ? "✓ Viewed" : long ? "Go on to its end" : "Mark viewed"} <KeyHint of="viewed" />
          </Button>
        )}
      </div>
      {children}
      {uninspectable !== null && (
        <div
          role="note"
          className="flex flex-wrap items-center gap-x-4 gap-y-2 border-l-4 border-ask bg-surface px-3 py-2"
        >
          <p>
            <b className="text-ask">Not all of it is on screen:</b> {uninspectable}.
          </p>
          <Download approvalId={approvalId} action={download} />
          {mustRead && (
            <label className="inline-flex min-h-8 items-center gap-2 pointer-coarse:min-h-11">
              <input
                type="checkbox"
                checked={acknowledged.includes(id)}
                onChange={() => toggleAcknowledged(id)}
                className="size-4"
              />
              I have looked at all of it in the download
            </label>
          )}
        </div>
      )}
    </section>
  );
}

function Download({ approvalId, action }: { approvalId: string; action: FormAction<string> }) {
  const [state, submit, pending] = useActionState(action, IDLE);
  const saved = useRef<typeof state>(IDLE);
  useEffect(() => {
    if (state === saved.current || state.status !== "done") return;
    saved.current = state;
    const address = URL.createObjectURL(new Blob([state.data ?? ""], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = `interlock-${approvalId}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }, [state, approvalId]);
  return (
    <form action={submit}>
      <input type="hidden" name="approval_id" value={approvalId} />
      <Button type="submit" size="sm">
        {pending ? "Preparing…" : "Download all of it"}
      </Button>
      {state.status === "refused" && <span role="alert"> {state.message}</span>}
    </form>
  );
}
