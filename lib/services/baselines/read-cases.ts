import "server-only";

import { baselineOfCases, type CaseRow, type Period, type ReadCases } from "@/lib/core/baselines/cases";

import { CsvFault } from "@/lib/core/shared/csv-guard";

import { csvRows } from "../csv-rows";

const MOST_CASES = 50_000;

/** Reads a CSV file of cases. */
export async function readCases(text: string, period: Period): Promise<ReadCases> {
  const rows: CaseRow[] = [];
  try {
    for await (const row of csvRows(text)) {
      rows.push(row);
      if (rows.length > MOST_CASES + 1)
        return { ok: false, message: `The file has more than ${MOST_CASES.toLocaleString("en-US")} cases.` };
    }
  } catch (error) {
    if (error instanceof CsvFault) return { ok: false, message: `Line ${error.line}: ${error.message}` };
    throw error;
  }
  return baselineOfCases(rows, period);
}
