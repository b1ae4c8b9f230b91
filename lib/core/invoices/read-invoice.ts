import { DAY_MS } from "@/lib/core/shared/time";

import { type ColumnPlan, readHeader } from "./columns";
import { readLine } from "./read-line";
import {
  type InvoiceEntry,
  type LineFault,
  MOST_INVOICE_DAYS,
  MOST_INVOICE_ENTRIES,
  MOST_INVOICE_ROWS,
  type ReadInvoice,
} from "./schema";

/** What became of a file: its invoice, or the first lines that cannot be read. */
export type InvoiceReading =
  | { readonly ok: true; readonly invoice: ReadInvoice }
  | { readonly ok: false; readonly faults: readonly LineFault[] };

type InvoiceReader = {
  /** Takes the cells of a line. @returns whether another is wanted */
  take(cells: readonly string[], line: number): boolean;
  done(): InvoiceReading;
};

const MOST_FAULTS = 10;

/**
 * Reads the lines of a provider's export, or of a plain table of day, model, key and amount or tokens, one by one: the
 * header first, whose names say what each column is. Adds up by day, model and key.
 */
export function invoiceReader(): InvoiceReader {
  const faults: LineFault[] = [];
  const entries = new Map<string, InvoiceEntry>();
  let plan: ColumnPlan | null = null;
  let rows = 0;

  /** @returns whether to go on */
  const refuse = (line: number, message: string): boolean => {
    faults.push({ line, message });
    return faults.length < MOST_FAULTS;
  };
  const stop = (line: number, message: string): false => {
    faults.length = 0;
    faults.push({ line, message });
    return false;
  };

  const take = (cells: readonly string[], line: number): boolean => {
    if (plan === null) {
      const read = readHeader(cells);
      if (typeof read === "string") return stop(line, read);
      plan = read;
      return true;
    }
    rows += 1;
    if (rows > MOST_INVOICE_ROWS) return stop(line, "the file has more than 200,000 rows. Split it by month.");
    const entry = readLine(plan, cells);
    if (entry === null) return true;
    if (typeof entry === "string") return refuse(line, entry);
    const name = JSON.stringify([entry.day, entry.model, entry.key]);
    const known = entries.get(name);
    entries.set(name, known === undefined ? entry : { ...known, units: known.units + entry.units });
    if (entries.size <= MOST_INVOICE_ENTRIES) return true;
    return stop(line, "the file has more than 20,000 different days, models and keys together. Split it by month.");
  };

  const done = (): InvoiceReading => {
    if (faults.length > 0) return { ok: false, faults };
    if (plan === null) return { ok: false, faults: [{ line: 1, message: "the file is empty." }] };
    if (entries.size === 0)
      return { ok: false, faults: [{ line: 1, message: "below the header, nothing is invoiced." }] };
    const { provider, measure, columns } = plan;
    const sorted = [...entries.values()].toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    const [firstDay, lastDay] = [sorted[0]?.day ?? "", sorted.at(-1)?.day ?? ""];
    if (daysBetween(firstDay, lastDay) > MOST_INVOICE_DAYS) {
      const message = `the days reach from ${firstDay} to ${lastDay}. A file may be of at most ${MOST_INVOICE_DAYS} days.`;
      return { ok: false, faults: [{ line: 1, message }] };
    }
    return { ok: true, invoice: { provider, measure, columns, rows, firstDay, lastDay, entries: sorted } };
  };
  return { take, done };
}

const nameOf = ({ day, model, key }: InvoiceEntry): string => [day, model, key].join("\0");

/** How many days there are from the first to the last, both counted. */
const daysBetween = (first: string, last: string): number => (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
