/** What a reviewer has done with one action so far, as a browser's tab keeps it. */
export type ReviewMemory = {
  readonly viewed: readonly string[];
  readonly acknowledged: readonly string[];
  readonly note: string;
};

export const NOTHING_YET: ReviewMemory = Object.freeze({ viewed: [], acknowledged: [], note: "" });

/** Reads back what was kept; what cannot be read is nothing yet. Without a schema library, whose size the desk would carry. */
export function reviewMemoryOf(text: string | null): ReviewMemory {
  try {
    const kept: unknown = JSON.parse(text ?? "null");
    if (typeof kept !== "object" || kept === null) return NOTHING_YET;
    const note: unknown = Reflect.get(kept, "note");
    return {
      viewed: textsOf(Reflect.get(kept, "viewed")),
      acknowledged: textsOf(Reflect.get(kept, "acknowledged")),
      note: typeof note === "string" ? note : "",
    };
  } catch {
    return NOTHING_YET;
  }
}

function textsOf(value: unknown): readonly string[] {
  const isTexts = Array.isArray(value) && value.every((one) => typeof one === "string");
  return isTexts ? value : [];
}
