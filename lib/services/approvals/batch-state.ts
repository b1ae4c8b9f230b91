import "server-only";

import { type BatchRow, standingOf } from "@/lib/core/approvals/batch";

/** The actions of a batch that the one who took it still holds. */
export function openOf(rows: readonly BatchRow[], now: Date): readonly BatchRow[] {
  return rows.filter((row) => standingOf(row, now) === "open");
}
