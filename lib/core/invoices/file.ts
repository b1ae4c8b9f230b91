import { type FileHead, tableCsv } from "@/lib/core/charts/chart";
import { amountCell } from "@/lib/core/charts/units";

import type { InvoiceMeasure } from "./schema";
import type { InvoicePage } from "./shown";
import { namesText, providerText, unitsText } from "./words";

/** An amount that was invoiced, and the part of it that is explained. */
type Part = { readonly invoiced: string; readonly explained: string; readonly share: number | null };

const gapOf = ({ invoiced, explained }: Pick<Part, "invoiced" | "explained">): string =>
  String(BigInt(invoiced) - BigInt(explained));

/** How the amounts of an invoice are told. */
export type UnitWords = {
  readonly text: (units: string) => string;
  readonly gap: (part: Pick<Part, "invoiced" | "explained">) => string;
};

export const unitWords = (measure: InvoiceMeasure): UnitWords => {
  const text = (units: string) => unitsText(measure, units);
  return { text, gap: (part) => text(gapOf(part)) };
};

/** The columns of amounts in a file. */
export const UNIT_COLUMNS: Readonly<Record<InvoiceMeasure, readonly string[]>> = {
  usd: ["Invoiced, USD", "Explained, USD", "Not explained, USD", "Share"],
  tokens: ["Invoiced, tokens", "Explained, tokens", "Not explained, tokens", "Share"],
};

/** The amounts of a row of a file: dollars with every digit. */
export function fileRow(measure: InvoiceMeasure, part: Part): readonly (string | number | null)[] {
  const unit = measure === "usd" ? "usd" : "tokens";
  return [...[part.invoiced, part.explained, gapOf(part)].map((units) => amountCell(unit, units)), part.share];
}

/** The first lines of a file: what it is of. */
export function fileHead({ invoice }: InvoicePage): FileHead {
  return [
    ["file", invoice.name],
    ["SHA-256", invoice.digest],
    ["provider", providerText(invoice.provider)],
    ["days", `${invoice.first_day} to ${invoice.last_day}`],
    ["zone", "UTC"],
  ];
}

/** Each day and model of an invoice as CSV, and their sum. */
export function invoiceCsv(page: InvoicePage): string {
  const { invoice, explained } = page;
  const named = new Map(explained.models.map(({ model, names }) => [model, namesText(names)]));
  const byDay = explained.cells.toSorted((a, b) => (a.day + a.model < b.day + b.model ? -1 : 1));
  return tableCsv("Invoiced by day and model", fileHead(page), [
    ["Day (UTC)", "Model", ...UNIT_COLUMNS[invoice.measure]],
    ...byDay.map((cell) => [cell.day, named.get(cell.model) ?? cell.model, ...fileRow(invoice.measure, cell)]),
    ["All", "", ...fileRow(invoice.measure, explained)],
  ]);
}
