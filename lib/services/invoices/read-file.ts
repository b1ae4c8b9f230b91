import "server-only";

import { CsvError, parse, type Parser } from "csv-parse";

import { invoiceReader, type InvoiceReading } from "@/lib/core/invoices/read-invoice";

const SLICE = 65_536;
const LONGEST_RECORD = 65_536;

/**
 * Reads a CSV file, separated by commas, semicolons or tabs, as an invoice. After each slice everything else that waits
 * goes first, so that a large file holds up no decision.
 */
export async function readFile(text: string): Promise<InvoiceReading> {
  const options = { bom: true, delimiter: delimiterOf(text), relax_column_count: true, skip_empty_lines: true };
  const parser = parse({ ...options, info: true, max_record_size: LONGEST_RECORD });
  const reader = invoiceReader();
  void feed(parser, text);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (!reader.take(record, info.lines)) break;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { ok: false, faults: [faultOf(error)] };
  }
  return reader.done();
}

async function feed(parser: Parser, text: string): Promise<void> {
  for (let at = 0; at < text.length && !parser.destroyed; at += SLICE) {
    parser.write(text.slice(at, at + SLICE));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!parser.destroyed) parser.end();
}

/** What stands between the cells of the first line: what it has most of. */
function delimiterOf(text: string): string {
  const end = text.search(/[\r\n]/);
  const header = text.slice(0, Math.min(end < 0 ? text.length : end, LONGEST_RECORD));
  const count = (delimiter: string) => header.split(delimiter).length;
  return [",", ";", "\t"].reduce((most, one) => (count(one) > count(most) ? one : most));
}

function faultOf(error: CsvError) {
  const line = Number(error["lines"] ?? 0) || 1;
  const isOpen = error.code === "CSV_QUOTE_NOT_CLOSED";
  return { line, message: isOpen ? "a quote is opened and never closed." : "it is no line of a CSV file." };
}
