import "server-only";

import { CsvError, parse, type Parser } from "csv-parse";

const SLICE = 65_536;
const LONGEST_RECORD = 65_536;

/** A record of a CSV file, with the line it ends on. */
export type CsvRow = { readonly cells: readonly string[]; readonly line: number };

/** What is no CSV, with the line where that shows. */
export class CsvFault extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The records of a CSV file, separated by commas, semicolons or tabs. After each slice everything else that waits goes
 * first, so that a large file holds up no decision.
 *
 * @throws {CsvFault}
 */
export async function* csvRows(text: string): AsyncGenerator<CsvRow> {
  const options = { bom: true, delimiter: delimiterOf(text), relax_column_count: true, skip_empty_lines: true };
  const parser = parse({ ...options, info: true, max_record_size: LONGEST_RECORD });
  void feed(parser, text);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { cells: record, line: info.lines };
    }
  } catch (error) {
    throw error instanceof CsvError ? faultOf(error) : error;
  } finally {
    parser.destroy();
  }
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

function faultOf(error: CsvError): CsvFault {
  const line = Number(error["lines"] ?? 0) || 1;
  const isOpen = error.code === "CSV_QUOTE_NOT_CLOSED";
  return new CsvFault(line, isOpen ? "a quote is opened and never closed." : "it is no line of a CSV file.");
}
