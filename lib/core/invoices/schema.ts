import { z } from "zod";

import { LONGEST_RANGE_DAYS } from "@/lib/core/figures/range";

/** What a file may have at most. */
export const MOST_INVOICE_BYTES = 10 * 1024 * 1024;
export const MOST_INVOICE_ROWS = 200_000;
/** How many different days, models and keys together are kept of one file. */
export const MOST_INVOICE_ENTRIES = 20_000;
export const MOST_INVOICE_DAYS = LONGEST_RANGE_DAYS;
/** How many imported files a workspace may have. */
export const MOST_INVOICES = 200;

/** What an invoice counts: trillionths of a US dollar, or tokens where the file names no amounts. */
export const InvoiceMeasure = z.enum(["usd", "tokens"]);
export type InvoiceMeasure = z.infer<typeof InvoiceMeasure>;

/** What a column can be read as. */
export const COLUMN_ROLES = ["day", "model", "key", "amount", "tokens", "currency"] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/** A column of a file, and what it was read as; null for one that was not needed. */
export const InvoiceColumn = z.object({ name: z.string(), as: z.enum(COLUMN_ROLES).nullable() });
export type InvoiceColumn = z.infer<typeof InvoiceColumn>;

/** What is invoiced for a model and key on a UTC day; an empty text where the file names none. */
export type InvoiceEntry = {
  /** `2026-11-03`. */
  readonly day: string;
  readonly model: string;
  readonly key: string;
  /** Trillionths of a dollar, or tokens. */
  readonly units: bigint;
};

/** What a file says. The entries add up to the sum of its rows exactly. */
export type ReadInvoice = {
  /** Whose export it is, as the base table of prices calls the provider; null where the file does not say. */
  readonly provider: string | null;
  readonly measure: InvoiceMeasure;
  readonly columns: readonly InvoiceColumn[];
  readonly rows: number;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly entries: readonly InvoiceEntry[];
};

/** Why a line of a file cannot be read; line 1 is the header. */
export type LineFault = { readonly line: number; readonly message: string };

/** A file as somebody sends it. */
export const ImportInvoiceInput = z.strictObject({
  csv: z.string().max(MOST_INVOICE_BYTES, "The file is larger than 10 MB."),
  name: z
    .string()
    .trim()
    .max(200, "At most 200 characters.")
    .regex(/^[^\0]*$/, "U+0000 is in no name.")
    .default(""),
  /** Whose invoice it is, such as `openai`, where the file does not say. */
  provider: z
    .string()
    .trim()
    .max(60, "At most 60 characters.")
    .regex(/^[^\0]*$/, "U+0000 is in no name.")
    .default(""),
});
export type ImportInvoiceInput = z.infer<typeof ImportInvoiceInput>;

/** An invoice by its id. Any other text is the id of none. */
export const InvoiceRef = z.strictObject({ id: z.string() });
export type InvoiceRef = z.infer<typeof InvoiceRef>;
