import { type FileHead, tableCsv } from "@/lib/core/charts/chart";
import { amountCell, amountText } from "@/lib/core/charts/units";

import type { InvoiceMeasure } from "./schema";
import type { InvoicePage } from "./shown";
import { namesText, providerText, STATE_WORDS } from "./words";

/** An amount that was invoiced, and the part of it that is explained. */
type Part = { readonly invoiced: string; readonly explained: string; readonly share: number | null };

const gapOf = ({ invoiced, explained }: Pick<Part, "invoiced" | "explained">): string =>
  String(BigInt(invoiced) - BigInt(explained));

/** How the amounts of an invoice are told. */
export type UnitWords = {
  readonly text: (units: string) => string;
  readonly gap: (part: Pick<Part, "invoiced" | "explained">) => string;
  /** What stands beside a table, with the unit where its amounts do not say it. */
  readonly told: (words: string) => string;
};

export const unitWords = (measure: InvoiceMeasure): UnitWords => {
  const text = (units: string) => amountText(measure === "usd" ? "usd" : "tokens", units);
  const told = (words: string) => (measure === "usd" ? words : `${words}, in tokens`);
  return { text, gap: (part) => text(gapOf(part)), told };
};

/** The columns of amounts in a file. */
const UNIT_COLUMNS: Readonly<Record<InvoiceMeasure, readonly string[]>> = {
  usd: ["Invoiced, USD", "Explained, USD", "Not explained, USD", "Share"],
  tokens: ["Invoiced, tokens", "Explained, tokens", "Not explained, tokens", "Share"],
};

/** The amounts of a row of a file: dollars with every digit. */
function fileRow(measure: InvoiceMeasure, part: Part): readonly (string | number | null)[] {
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

/** What the rows of a file are. */
export const FILE_PARTS = ["cells", "models", "keys"] as const;
export type FilePart = (typeof FILE_PARTS)[number];

/** An invoice by day and model, by model or by key as CSV, and its sum where the rows add up to it. */
export function invoiceCsv(page: InvoicePage, part: FilePart): string {
  const { invoice, explained } = page;
  const units = UNIT_COLUMNS[invoice.measure];
  const cells = (of: Part) => fileRow(invoice.measure, of);
  switch (part) {
    case "cells": {
      const named = new Map(explained.models.map(({ model, names }) => [model, namesText(names)]));
      const byDay = explained.cells.toSorted((a, b) => (a.day + a.model < b.day + b.model ? -1 : 1));
      return tableCsv("invoiced by day and model", fileHead(page), [
        ["Day (UTC)", "Model", ...units],
        ...byDay.map((cell) => [cell.day, named.get(cell.model) ?? cell.model, ...cells(cell)]),
        ["All", "", ...cells(explained)],
      ]);
    }
    case "models":
      return tableCsv("invoiced by model", fileHead(page), [
        ["Model", "State", "Seen as", ...units],
        ...explained.models.map((model) => [
          namesText(model.names),
          STATE_WORDS[model.state],
          model.seen_as.join(", "),
          ...cells(model),
        ]),
        ["All", "", "", ...cells(explained)],
      ]);
    case "keys":
      return tableCsv("invoiced by key, explained at most", fileHead(page), [
        ["Key", "State", "Agent", "Models", ...units],
        ...explained.keys.map((key) => [key.key, STATE_WORDS[key.state], key.agent ?? "", key.models, ...cells(key)]),
      ]);
  }
}
