import { z } from "zod";

/** What a reviewer has done with one action so far, as a browser's tab keeps it. */
export const ReviewMemory = z.object({
  viewed: z.array(z.string()).catch([]),
  acknowledged: z.array(z.string()).catch([]),
  note: z.string().catch(""),
});
export type ReviewMemory = z.infer<typeof ReviewMemory>;

export const NOTHING_YET: ReviewMemory = Object.freeze({ viewed: [], acknowledged: [], note: "" });

/** Reads back what was kept; anything else is nothing yet. */
export function reviewMemoryOf(text: string | null): ReviewMemory {
  if (text === null) return NOTHING_YET;
  try {
    return ReviewMemory.parse(JSON.parse(text));
  } catch {
    return NOTHING_YET;
  }
}
