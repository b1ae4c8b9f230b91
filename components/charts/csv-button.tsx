"use client";

import { saveCsv } from "@/components/ui/save-csv";

import { QUIET_BUTTON } from "./quiet-button";

type CsvButtonProps = {
  /** What is saved; part of the button's accessible name and the file's name. */
  title: string;
  text: () => string;
};

/** Saves what is shown as CSV, made here from what the page already has. */
export function CsvButton({ title, text }: CsvButtonProps) {
  const name = `interlock-${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.csv`;
  return (
    <button type="button" onClick={() => saveCsv(name, text())} className={QUIET_BUTTON}>
      CSV<span className="sr-only">: {title}</span>
    </button>
  );
}
