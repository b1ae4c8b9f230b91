"use client";

import { type FileHead, tableCsv } from "@/lib/core/charts/chart";

import { CsvButton } from "./csv-button";

type TableCsvProps = {
  title: string;
  head: FileHead;
  rows: readonly (readonly (string | number | null)[])[];
};

/** Saves a table that the server made as CSV, below lines that say what it is of. */
export function TableCsv({ title, head, rows }: TableCsvProps) {
  return <CsvButton title={title} text={() => tableCsv(title, head, rows)} />;
}
