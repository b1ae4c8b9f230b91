import "server-only";

import { z } from "zod";

import type { InvoiceEntry } from "@/lib/core/invoices/schema";
import { ShownInvoice } from "@/lib/core/invoices/shown";
import type { MemberId, WorkspaceId } from "@/lib/core/shared/brand";

import type { Db, Tx } from "./db";
import { Prisma } from "./generated/client";

/** The imported files, the latest first, or the one with an id or digest. */
export async function listInvoices(
  on: Db,
  workspaceId: WorkspaceId,
  { id, digest }: { readonly id?: string; readonly digest?: string } = {},
): Promise<readonly ShownInvoice[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT i.id, i.name, i.digest, i.provider, i.measure, i.columns, i.rows, i.first_day::text, i.last_day::text,
      i.units::text, m.name AS created_by, i.created_at
    FROM invoices i JOIN members m ON m.id = i.created_by
    WHERE i.workspace_id = ${workspaceId}::uuid AND i.removed_at IS NULL
      ${id === undefined ? Prisma.empty : Prisma.sql`AND i.id = ${id}::uuid`}
      ${digest === undefined ? Prisma.empty : Prisma.sql`AND i.digest = ${digest}`}
    ORDER BY i.id DESC`;
  return ShownInvoice.array().parse(rows);
}

/** Stores a file's sums. */
export async function insertInvoice(
  tx: Tx,
  workspaceId: WorkspaceId,
  invoice: Omit<ShownInvoice, "created_by" | "created_at">,
  entries: readonly InvoiceEntry[],
  by: MemberId,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO invoices (id, workspace_id, name, digest, provider, measure, columns, rows, first_day, last_day, units,
      created_by)
    VALUES (${invoice.id}::uuid, ${workspaceId}::uuid, ${invoice.name}, ${invoice.digest}, ${invoice.provider},
      ${invoice.measure}, ${JSON.stringify(invoice.columns)}::jsonb, ${invoice.rows}, ${invoice.first_day}::date,
      ${invoice.last_day}::date, ${invoice.units}::numeric, ${by}::uuid)`;
  await tx.$executeRaw`
    INSERT INTO invoice_entries (workspace_id, invoice_id, day, model, key, units)
    SELECT ${workspaceId}::uuid, ${invoice.id}::uuid, u.day::date, u.model, u.key, u.units::numeric
    FROM unnest(${entries.map(({ day }) => day)}::text[], ${entries.map(({ model }) => model)}::text[],
      ${entries.map(({ key }) => key)}::text[], ${entries.map(({ units }) => String(units))}::text[])
      AS u (day, model, key, units)`;
}

const EntryRow = z.object({ day: z.string(), model: z.string(), key: z.string(), units: z.string() });

/** The sums of a file by day, model and key. */
export async function listInvoiceEntries(
  on: Db,
  workspaceId: WorkspaceId,
  id: string,
): Promise<readonly InvoiceEntry[]> {
  const rows = await on.$queryRaw<unknown[]>`
    SELECT e.day::text, e.model, e.key, e.units::text FROM invoice_entries e
    WHERE e.workspace_id = ${workspaceId}::uuid AND e.invoice_id = ${id}::uuid ORDER BY e.day, e.model, e.key`;
  return EntryRow.array()
    .parse(rows)
    .map((row) => ({ ...row, units: BigInt(row.units) }));
}

/** Takes a file's sums away. @returns its digest; null when there is no such file */
export async function endInvoice(tx: Tx, workspaceId: WorkspaceId, id: string, by: MemberId): Promise<string | null> {
  const rows = await tx.$queryRaw<{ digest: string }[]>`
    UPDATE invoices SET removed_at = clock_timestamp(), removed_by = ${by}::uuid
    WHERE workspace_id = ${workspaceId}::uuid AND id = ${id}::uuid AND removed_at IS NULL RETURNING digest`;
  await tx.$executeRaw`
    DELETE FROM invoice_entries WHERE workspace_id = ${workspaceId}::uuid AND invoice_id = ${id}::uuid`;
  return rows[0]?.digest ?? null;
}
