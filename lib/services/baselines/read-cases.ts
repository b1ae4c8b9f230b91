import "server-only";

import { CsvError, parse } from "csv-parse/sync";

import { baselineOfCases, type Period, type ReadCases } from "@/lib/core/baselines/cases";

const MOST_CASES = 50_000;

/** Reads a CSV file of cases, separated by commas, semicolons or tabs. */
export function readCases(text: string, period: Period): ReadCases {
  try {
    const options = { bom: true, delimiter: [",", ";", "\t"], relax_column_count: true, skip_empty_lines: true };
    const rows: string[][] = parse(text, { ...options, to: MOST_CASES + 2 });
    if (rows.length > MOST_CASES + 1)
      return { ok: false, message: `The file has more than ${MOST_CASES.toLocaleString("en-US")} cases.` };
    return baselineOfCases(rows, period);
  } catch (error) {
    if (error instanceof CsvError) return { ok: false, message: `The file is no CSV: ${error.message}` };
    throw error;
  }
}
