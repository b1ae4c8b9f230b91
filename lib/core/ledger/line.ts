import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { csvRow } from "@/lib/core/shared/csv";

import type { LedgerItem } from "./schema";

const COLUMNS = ["index", "leaf_hash", "id", "at", "kind", "who", "entry"] as const;

/** The first record of a CSV export. */
export const csvHeader = (): string => csvRow(COLUMNS);

/** One record of a CSV export; the entry itself stands in its last cell, whole and canonical. */
export function csvLine(item: LedgerItem): string {
  return csvRow([
    item.index,
    item.leaf_hash,
    item.id,
    item.at.toISOString(),
    item.kind,
    item.who,
    canonicalJson(item.body),
  ]);
}

/**
 * One line of a JSONL export, itself canonical.
 *
 * `leaf_hash` is SHA-256(0x00 ‖ canonical form of `entry`), so each line can be checked with nothing but a hash function;
 * `index` is a number, or null for an entry not yet sequenced.
 */
export function jsonLine(item: LedgerItem): string {
  const index = item.index === null ? null : Number(item.index);
  return `${canonicalJson({ entry: item.body, index, leaf_hash: item.leaf_hash })}\n`;
}
