"use client";

import { KeyHint } from "@/components/layout/key-hint";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CopyText } from "@/components/ui/copy-text";
import type { Gate } from "@/lib/core/approvals/gate";
import type { Band } from "@/lib/core/decisions/schema";

import { ApprovePanel } from "./approve-panel";
import { DenyPanel } from "./deny-panel";
import { FetchAhead } from "./fetch-ahead";
import { ReturnPanel } from "./return-panel";
import { useReview } from "./review-context";
import { SendLink } from "./send-link";
import { ShortcutHelp } from "./shortcut-help";
import { SideAnswers } from "./side-answers";
import { useBarRoom } from "./use-bar-room";
import { useMedia } from "./use-media";

const RECORDING = {
  approve: "Recording your approval…",
  deny: "Recording your denial…",
  return: "Recording your note…",
} as const;
/** More than this is not read on a phone. */
const MOST_FIELDS_ON_PHONE = 20;

type DecisionBarProps = { band: Band; changedFields: number };

/** The answers, always in reach. Deny stands first and as strong as Approve, whose cost is said in words. */
export function DecisionBar({ band, changedFields }: DecisionBarProps) {
  const review = useReview();
  const { may, panel, left, gate, recording, refusal, openPanel } = review;
  const phone = useMedia("(max-width: 767px)", false);
  const onPhone = phone ? phoneReason(band, changedFields) : null;
  const approveBlocked = may.approve ?? onPhone;
  // While its panel is open, the panel says it.
  const opened = panel?.kind === "approve" && approveBlocked === null;
  const words = left.map((one) => one.words);
  const cost = opened ? "" : costText(approveBlocked, words, gate);
  const approve = () => {
    if (gate.confirm || left.length > 0) openPanel({ kind: "approve" });
    else review.vote("approve", "");
  };

  return (
    <div
      ref={useBarRoom()}
      role="group"
      aria-label="Decision"
      className="fixed inset-x-0 bottom-0 z-10 grid max-h-[70dvh] gap-2 overflow-y-auto border-t border-edge bg-surface px-4 py-3 sm:px-6 xl:sticky xl:inset-x-auto xl:-mx-6 xl:mt-auto"
    >
      {refusal !== null && <Refused message={refusal.message} note={refusal.note} />}
      {panel?.kind === "deny" && recording === null && <DenyPanel byKey={panel.byKey} />}
      {panel?.kind === "return" && recording === null && <ReturnPanel />}
      {panel?.kind === "approve" && recording === null && approveBlocked === null && <ApprovePanel />}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="strong"
          onClick={() => openPanel({ kind: "deny", byKey: false })}
          aria-expanded={panel?.kind === "deny"}
          {...blocked(may.deny)}
        >
          <KeyHint of="deny" /> Deny
        </Button>
        <Button
          onClick={() => openPanel({ kind: "return" })}
          aria-expanded={panel?.kind === "return"}
          {...blocked(may.deny === null ? null : "")}
        >
          <KeyHint of="return" /> Return with note
        </Button>
        <SideAnswers busy={recording !== null} />
        <FetchAhead href={review.nextHref} />
        <ShortcutHelp />
        <span className="ml-auto flex flex-wrap items-center justify-end gap-x-3 gap-y-1">
          <span id="approve-cost" className="max-w-md text-right text-xs text-muted">
            {recording !== null ? RECORDING[recording] : cost}
          </span>
          <Button
            variant="strong"
            onClick={approve}
            aria-expanded={panel?.kind === "approve"}
            aria-describedby="approve-cost"
            {...(approveBlocked !== null && { "aria-disabled": true, onClick: undefined })}
          >
            <KeyHint of="approve" /> Approve once{gate.confirm ? "…" : ""}
          </Button>
        </span>
      </div>
      {onPhone !== null && may.approve === null && <SendLink />}
      <div role="status" aria-live="polite" className="sr-only">
        {recording !== null && RECORDING[recording]}
      </div>
    </div>
  );
}

const blocked = (reason: string | null) =>
  reason === null ? {} : reason === "" ? { "aria-disabled": true, onClick: undefined } : { disabledReason: reason };

function costText(blockedBy: string | null, left: readonly string[], gate: Gate): string {
  if (blockedBy !== null) return blockedBy;
  if (left.length > 0) return `To approve: ${left.join(", ")}`;
  if (gate.confirm) return "Ready: A, then Enter";
  return gate.undoSeconds > 0 ? `Ready: A approves, with ${gate.undoSeconds} s to undo` : "Ready: A approves at once";
}

function phoneReason(band: Band, changedFields: number): string | null {
  if (band === "high" || band === "critical") return "Open this on a larger screen to approve it.";
  return band === "elevated" && changedFields > MOST_FIELDS_ON_PHONE
    ? "Too much changes to judge it here: open it on a larger screen."
    : null;
}

function Refused({ message, note }: { message: string; note: string }) {
  return (
    <Alert tone="error" title="Not recorded">
      <p>{message}</p>
      {note !== "" && (
        <p className="mt-1">
          <span className="text-muted">Your words: </span>
          <CopyText value={note} label="your note" />
        </p>
      )}
    </Alert>
  );
}
