"use client";

import { CsvButton } from "@/components/charts/csv-button";
import { type FileHead, tableCsv } from "@/lib/core/charts/chart";

type TableFileProps = { title: string; head: FileHead; rows: readonly (readonly (string | number | null)[])[] };

/** Saves the rows of a table as CSV. */
export function TableFile({ title, head, rows }: TableFileProps) {
  return (
    <p className="flex justify-end text-xs text-muted">
      <CsvButton title={title} text={() => tableCsv(title, head, rows)} />
    </p>
  );
}
