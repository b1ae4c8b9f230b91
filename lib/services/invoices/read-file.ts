import "server-only";

import { invoiceReader, type InvoiceReading } from "@/lib/core/invoices/read-invoice";
import { CsvFault } from "@/lib/core/shared/csv-guard";

import { csvRows } from "../csv-rows";

/** Reads a CSV file as an invoice. */
export async function readFile(text: string): Promise<InvoiceReading> {
  const reader = invoiceReader();
  try {
    for await (const { cells, line } of csvRows(text)) if (!reader.take(cells, line)) break;
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error;
    return { ok: false, faults: [{ line: error.line, message: error.message }] };
  }
  return reader.done();
}
