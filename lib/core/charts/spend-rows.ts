import type { SpendRow } from "@/lib/core/figures/spend";

import { amountCell } from "./units";

export const SPEND_COLUMNS = ["label", "cost", "change", "runs", "succeeded", "per_success", "waste"] as const;
export type SpendColumn = (typeof SPEND_COLUMNS)[number];

/** The number or text a row is sorted by; null goes last whichever way. */
function sortedBy(row: SpendRow, column: SpendColumn): bigint | number | string | null {
  const { now, before, costPerSuccess, wasteShare, label } = row;
  switch (column) {
    case "label":
      return label.toLowerCase();
    case "cost":
      return BigInt(now.costPicos);
    case "change":
      return before && BigInt(now.costPicos) - BigInt(before.costPicos);
    case "runs":
      return now.runs === null ? null : BigInt(now.runs);
    case "succeeded":
      return now.succeeded === null ? null : BigInt(now.succeeded);
    case "per_success":
      return costPerSuccess && BigInt(costPerSuccess.picos);
    case "waste":
      return wasteShare;
  }
}

/** The rows in the order of one column; what it knows nothing of goes last. */
export function sortRows(
  rows: readonly SpendRow[],
  column: SpendColumn,
  direction: "ascending" | "descending",
): readonly SpendRow[] {
  const sign = direction === "ascending" ? 1 : -1;
  return rows.toSorted((one, other) => {
    const [a, b] = [sortedBy(one, column), sortedBy(other, column)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (a === b) return one.key < other.key ? -1 : 1;
    return a < b ? -sign : sign;
  });
}

/** The table of a split as the rows of a file, its head first. */
export function spendCells(by: string, rows: readonly SpendRow[]) {
  const head = [
    by,
    "owner",
    "cost, USD",
    "before, USD",
    "runs",
    "succeeded",
    "cost per success, USD",
    "95 % low, USD",
    "95 % high, USD",
    "wasted, USD",
    "model calls",
    "input tokens",
    "output tokens",
  ];
  const numberOf = (text: string | null) => (text === null ? null : Number(text));
  const cells = rows.map(({ label, owner, now, before, costPerSuccess }) => [
    label,
    owner,
    amountCell("usd", now.costPicos),
    amountCell("usd", before?.costPicos ?? null),
    numberOf(now.runs),
    numberOf(now.succeeded),
    amountCell("usd", costPerSuccess?.picos ?? null),
    amountCell("usd", costPerSuccess?.lowPicos ?? null),
    amountCell("usd", costPerSuccess?.highPicos ?? null),
    amountCell("usd", now.wastedPicos),
    numberOf(now.modelCalls),
    numberOf(now.tokensInput),
    numberOf(now.tokensOutput),
  ]);
  return [head, ...cells];
}
