import "server-only";

import { createHash } from "node:crypto";

import { v7 as uuidv7 } from "uuid";

import { providerId } from "@/lib/core/costs/names";
import {
  type ImportInvoiceInput,
  type LineFault,
  MOST_INVOICE_BYTES,
  MOST_INVOICES,
  type ReadInvoice,
} from "@/lib/core/invoices/schema";
import { AppError } from "@/lib/core/shared/errors";
import { transact } from "@/lib/data/db";
import { insertInvoice, listInvoices } from "@/lib/data/invoices";
import { findSettings } from "@/lib/data/workspaces";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";
import { readFile } from "./read-file";

/**
 * Reads a provider's usage file and keeps its sums, not the file. The same file again is the one that is there.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `invalid_input` with the lines that cannot be read;
 * `conflict` when there are too many
 */
export async function importInvoice(
  ctx: ServiceContext,
  { csv, name, provider }: ImportInvoiceInput,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  requireRole(ctx, "admin");
  if (Buffer.byteLength(csv) > MOST_INVOICE_BYTES)
    throw unreadable([{ line: 1, message: "the file is larger than 10 MB." }]);
  const digest = createHash("sha256").update(csv).digest("hex");
  const [known] = await listInvoices(ctx.db, ctx.workspaceId, { digest });
  if (known) return { id: known.id, isNew: false };
  const reading = await readFile(csv);
  if (!reading.ok) throw unreadable(reading.faults);
  const { entries, ...read } = reading.invoice;
  const invoice = {
    id: uuidv7(),
    name: name || "invoice.csv",
    digest,
    provider: read.provider ?? (provider === "" ? null : providerId(provider)),
    measure: read.measure,
    columns: [...read.columns],
    rows: read.rows,
    first_day: read.firstDay,
    last_day: read.lastDay,
    units: String(unitsOf(entries)),
  };
  return transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx, "admin");
    await findSettings(tx, ctx.workspaceId, { lock: true }); // one at a time: two would not see each other's
    const kept = await listInvoices(tx, ctx.workspaceId);
    const same = kept.find((other) => other.digest === digest);
    if (same) return { id: same.id, isNew: false };
    if (kept.length >= MOST_INVOICES) {
      throw new AppError("conflict", `A workspace has at most ${MOST_INVOICES} invoices. Remove one first.`, {
        reason: "too_many_invoices",
      });
    }
    await insertInvoice(tx, ctx.workspaceId, invoice, entries, memberId);
    const { columns: _columns, ...said } = invoice;
    await record(tx, ctx, "invoice.import", { invoice: said });
    return { id: invoice.id, isNew: true };
  });
}

const unitsOf = (entries: ReadInvoice["entries"]): bigint => entries.reduce((sum, { units }) => sum + units, 0n);

function unreadable(faults: readonly LineFault[]): AppError {
  const [first] = faults;
  const message = first ? sentenceOf(first) : "The file cannot be read.";
  return new AppError("invalid_input", message, {
    reason: "unreadable_invoice",
    faults: faults.map((fault) => ({
      code: "unreadable_line",
      path: "/csv",
      message: sentenceOf(fault),
      line: fault.line,
    })),
  });
}

const sentenceOf = ({ line, message }: LineFault): string => `Line ${line}: ${message}`;
