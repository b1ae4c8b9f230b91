import { z } from "zod";

/** What a reviewer has done with one action so far, kept in this tab so that leaving and coming back loses nothing. */
export const ReviewMemory = z.object({
  viewed: z.array(z.string()).catch([]),
  acknowledged: z.array(z.string()).catch([]),
  seconds: z.number().min(0).catch(0),
  note: z.string().catch(""),
});
export type ReviewMemory = z.infer<typeof ReviewMemory>;

export const NOTHING_YET: ReviewMemory = { viewed: [], acknowledged: [], seconds: 0, note: "" };

const keyOf = (id: string) => `interlock-review:${id}`;

/** @param id the action with the digest of its display: another display is another review */
export function recall(id: string): ReviewMemory {
  try {
    return ReviewMemory.parse(JSON.parse(sessionStorage.getItem(keyOf(id)) ?? "{}"));
  } catch {
    return NOTHING_YET; // no storage here, or not ours
  }
}

export function remember(id: string, memory: ReviewMemory): void {
  try {
    sessionStorage.setItem(keyOf(id), JSON.stringify(memory));
  } catch {
    // No storage here: the review starts anew after leaving, and nothing else is lost.
  }
}
