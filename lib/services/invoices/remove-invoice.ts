import "server-only";

import type { InvoiceRef } from "@/lib/core/invoices/schema";
import { AppError } from "@/lib/core/shared/errors";
import { isUuid } from "@/lib/core/shared/page";
import { transact } from "@/lib/data/db";
import { endInvoice } from "@/lib/data/invoices";

import { requireRole, type ServiceContext } from "../context";
import { record } from "../ledger/record";
import { requireNow } from "../require-now";

/**
 * Removes an imported invoice with its sums; the ledger keeps that it was there.
 *
 * @throws {AppError} `forbidden` unless an administrator asks; `not_found`
 */
export async function removeInvoice(ctx: ServiceContext, { id }: InvoiceRef): Promise<void> {
  requireRole(ctx, "admin");
  await transact(ctx.db, async (tx) => {
    const { memberId } = await requireNow(tx, ctx, "admin");
    const digest = isUuid(id) ? await endInvoice(tx, ctx.workspaceId, id, memberId) : null;
    if (digest === null) throw new AppError("not_found", "There is no such invoice.");
    await record(tx, ctx, "invoice.remove", { invoice: id, digest });
  });
}
