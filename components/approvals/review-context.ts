"use client";

import { createContext, useContext } from "react";

import type { Gate, Missing } from "@/lib/core/approvals/gate";
import type { VoteVerdict } from "@/lib/core/approvals/schema";

/** The panel of the bar that is open. `byKey` denials are sent by themselves after a moment, so that no costs one key. */
export type Panel = null | { readonly kind: "approve" | "return" } | { readonly kind: "deny"; readonly byKey: boolean };

export type Refusal = { readonly code: string; readonly message: string; readonly note: string };

/** One review as its parts on the page share it. */
export type Review = {
  readonly approvalId: string;
  readonly gate: Gate;
  /** Why this person cannot give an answer at all; null when they can. */
  readonly may: { readonly approve: string | null; readonly deny: string | null };
  readonly viewed: readonly string[];
  readonly acknowledged: readonly string[];
  readonly note: string;
  readonly typed: string;
  /** The code from the authenticator app, as typed. */
  readonly code: string;
  readonly enrolled: boolean;
  /** What approving still takes. */
  readonly left: readonly Missing[];
  readonly panel: Panel;
  readonly recording: VoteVerdict | null;
  readonly refusal: Refusal | null;
  readonly nextHref: string | null;
  markViewed(id: string): void;
  toggleAcknowledged(id: string): void;
  setNote(note: string): void;
  setTyped(typed: string): void;
  setCode(code: string): void;
  openPanel(panel: Panel): void;
  vote(verdict: VoteVerdict, note: string): void;
};

export const ReviewContext = createContext<Review | null>(null);

/** The review this component is part of. */
export function useReview(): Review {
  const review = useContext(ReviewContext);
  if (review === null) throw new Error("outside a review");
  return review;
}
