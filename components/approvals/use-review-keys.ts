"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

import { deafen, useCommands } from "@/components/layout/commands";

import { say } from "./announcer";
import { moveToChange } from "./change-focus";
import { beginMove } from "./move";
import { goesOn } from "./part-end";
import { focusedPart, moveToPart } from "./part-focus";
import type { Review } from "./review-context";

type Places = {
  readonly nextHref: string | null;
  readonly previousHref: string | null;
  readonly traceHref: string;
  /** Where the rule that stopped the action is changed. */
  readonly ruleHref: string;
};

/** The desk's commands for one review. Those that answer are deaf until the action has been on the page for a moment. */
export function useReviewKeys(review: Review, places: Places): void {
  const router = useRouter();
  const { may, gate, left, panel, recording, viewed } = review;
  useEffect(() => deafen(), []);
  const act = (run: () => void) => () => {
    if (recording === null) run();
  };
  const go = (href: string | null) => {
    if (href === null) {
      say("Nothing else is in your batch.");
      return;
    }
    beginMove();
    router.push(href);
  };
  const viewPart = () => {
    const id = focusedPart() ?? gate.parts.find((part) => !viewed.includes(part.id))?.id ?? null;
    if (id !== null && goesOn(id)) return;
    if (id !== null) review.markViewed(id);
    moveToPart(1, id);
  };
  const approve = () => {
    if (gate.confirm || left.length > 0) review.openPanel({ kind: "approve" });
    else review.vote("approve", "");
  };
  const deny = () => {
    if (panel?.kind !== "deny") review.openPanel({ kind: "deny", byKey: true });
  };

  useCommands({
    ...(may.deny === null && {
      deny: act(deny),
      return: act(() => review.openPanel({ kind: "return" })),
    }),
    ...(may.approve === null && { approve: act(approve) }),
    next: act(() => go(places.nextHref)),
    previous: act(() => go(places.previousHref)),
    "next-change": () => moveToChange(1),
    "previous-change": () => moveToChange(-1),
    ...(gate.parts.length > 0 && { viewed: viewPart }),
    trace: act(() => router.push(places.traceHref)),
    manifest: act(() => router.push(places.ruleHref)),
  });
}
