import "server-only";

import { CsvError, parse, type Parser } from "csv-parse";

import { CsvFault, csvGuard, startOf } from "@/lib/core/shared/csv-guard";

const SLICE = 4_096;
const LONGEST_RECORD = 65_536;
/** How many lines may hold delimiters alone, as tables are saved with: each costs as much as one that says something. */
const MOST_BLANK = 100_000;

/** A record of a CSV file, with the line it ends on. */
export type CsvRow = { readonly cells: readonly string[]; readonly line: number };

/**
 * The records of a CSV file, separated by commas, semicolons, tabs or bars, without those that are blank. After each slice
 * everything else that waits goes first, so that a large file holds up no decision.
 *
 * @throws {CsvFault}
 */
export async function* csvRows(text: string): AsyncGenerator<CsvRow> {
  const { delimiter, from } = startOf(text);
  const options = { bom: true, delimiter, relax_column_count: true, skip_empty_lines: true };
  const parser = parse({ ...options, info: true, max_record_size: LONGEST_RECORD });
  let blank = 0;
  void feed(parser, text.slice(from), delimiter);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (record.some((cell) => cell.trim() !== "")) yield { cells: record, line: info.lines };
      else if ((blank += 1) > MOST_BLANK)
        throw new CsvFault(info.lines, "more than 100,000 lines are blank. Remove them.");
    }
  } catch (error) {
    throw error instanceof CsvError ? faultOf(error) : error;
  } finally {
    parser.destroy();
  }
}

/** What the parser would spend too much on never reaches it. */
async function feed(parser: Parser, text: string, delimiter: string): Promise<void> {
  const guard = csvGuard(text, delimiter);
  for (let at = 0; at < text.length && !parser.destroyed; at += SLICE) {
    const fault = guard(at + SLICE);
    if (fault !== null) parser.destroy(fault);
    else parser.write(text.slice(at, at + SLICE));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!parser.destroyed) parser.end();
}

function faultOf(error: CsvError): CsvFault {
  const line = Number(error["lines"] ?? 0) || 1;
  const isOpen = error.code === "CSV_QUOTE_NOT_CLOSED";
  return new CsvFault(line, isOpen ? "a quote is opened and never closed." : "it is no line of a CSV file.");
}
