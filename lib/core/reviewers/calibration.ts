import type { VoteVerdict } from "@/lib/core/approvals/schema";

/** Misses among a person's last items that take a second reviewer for their High approvals, and how many items those are. */
export const MISSES_FOR_SECOND = 2;
export const LAST_ITEMS = 20;

/** Whether what a reviewer let through takes a second one: two misses in the last twenty items. Denying never does. */
export function needsSecondReviewer(latestFirst: readonly ("caught" | "missed")[]): boolean {
  return latestFirst.slice(0, LAST_ITEMS).filter((result) => result === "missed").length >= MISSES_FOR_SECOND;
}

/** An item is one that must be refused: only approving it misses it. */
export const resultOf = (verdict: VoteVerdict): "caught" | "missed" => (verdict === "approve" ? "missed" : "caught");

/**
 * After how many reviewed actions the next item comes: between half and one and a half of the usual distance, so that
 * nobody can count it out. `byte` is a random one that nobody sees.
 */
export function distanceAfter(oneIn: number, byte: number): number {
  return Math.max(1, Math.round(oneIn * (0.5 + byte / 255)));
}

/** How a past request ended that an item was made from. */
export type CueFacts = {
  readonly state: string;
  readonly note: string | null;
  readonly regretNote: string | null;
  readonly regretCause: string | null;
  /** What our own diff says of it, where it says anything. */
  readonly mismatch: { readonly selected: number; readonly outside: number } | null;
};

/** What is told to the person who answered an item, at once. */
export type CalibrationFeedback = {
  readonly item: string;
  readonly result: "caught" | "missed";
  readonly verdict: VoteVerdict;
  readonly agent: string;
  /** When the agent really tried it. */
  readonly at: Date;
  readonly ended: "denied" | "returned" | "regretted";
  /** What there was to see. */
  readonly cue: string;
  readonly sourceId: string;
};

const CAUSES: Readonly<Record<string, string>> = {
  failed: "it was approved and then failed",
  rolled_back: "it was approved and had to be rolled back",
  person: "it was approved and should not have been",
};

/** The cue: what a look at the action could have found. People's own words first, then what the diff shows. */
export function cueOf({
  state,
  note,
  regretNote,
  regretCause,
  mismatch,
}: CueFacts): Pick<CalibrationFeedback, "ended" | "cue"> {
  const shown =
    mismatch === null ? "" : `${mismatch.outside} of ${mismatch.selected} rows did not match what was asked for`;
  const ended = regretCause !== null ? "regretted" : state === "returned" ? "returned" : "denied";
  const said = (ended === "regretted" ? regretNote : note)?.trim().replace(/\.$/, "") ?? "";
  const words = [shown, said && `“${said}”`].filter((part) => part !== "");
  if (words.length > 0) return { ended, cue: words.join(". ") };
  return {
    ended,
    cue: regretCause === null ? "Whoever decided it gave no reason" : (CAUSES[regretCause] ?? "it was regretted"),
  };
}
