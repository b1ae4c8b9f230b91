"use client";

import { useRouter } from "next/navigation";

import { useShortcutsEnabled } from "@/components/layout/use-preference";

import { say } from "./announcer";
import { beginMove } from "./move";
import { goesOn } from "./part-end";
import { focusedPart, moveToPart } from "./part-focus";
import type { Review } from "./review-context";
import { useKeys } from "./use-keys";

type Places = { readonly nextHref: string | null; readonly previousHref: string | null; readonly traceHref: string };

/** The desk's keys for one review. Decisions are deaf until the action has been on the page for a moment. */
export function useReviewKeys(review: Review, awake: boolean, places: Places): void {
  const router = useRouter();
  const { may, gate, left, panel, recording, viewed } = review;
  const act = (run: () => void) => () => {
    if (awake && recording === null) run();
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
    if (may.approve !== null) return;
    if (gate.confirm || left.length > 0) review.openPanel({ kind: "approve" });
    else review.vote("approve", "");
  };
  const deny = () => {
    if (may.deny === null && panel?.kind !== "deny") review.openPanel({ kind: "deny", byKey: true });
  };

  useKeys(
    {
      j: act(() => go(places.nextHref)),
      k: act(() => go(places.previousHref)),
      o: act(() => go(places.traceHref)),
      n: () => moveToPart(1),
      p: () => moveToPart(-1),
      v: viewPart,
      d: act(deny),
      r: act(() => may.deny === null && review.openPanel({ kind: "return" })),
      a: act(approve),
    },
    useShortcutsEnabled(),
  );
}
