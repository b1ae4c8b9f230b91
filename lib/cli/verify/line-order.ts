import type { Findings } from "@/lib/core/ledger/finding";

/** Whether lines of one kind stand in ascending order, each once. */
export type LineOrder = {
  /** Another kind of line begins. */
  restart(): void;
  follows(place: string | number, line: number): boolean;
};

export function createLineOrder(findings: Findings): LineOrder {
  let last: string | number | null = null;
  return {
    restart: () => void (last = null),
    follows(place, line) {
      const isAfter = last === null || place > last;
      last = place;
      if (!isAfter) findings.add("tampered", "out_of_place", null, `Line ${line} is not after the one before.`);
      return isAfter;
    },
  };
}
