import "server-only";

import type { ShownInvoice } from "@/lib/core/invoices/shown";
import { listInvoices as readInvoices } from "@/lib/data/invoices";

import { requireMember, type ServiceContext } from "../context";

/** The imported invoices, the latest first; for any member. */
export async function listInvoices(ctx: ServiceContext): Promise<readonly ShownInvoice[]> {
  requireMember(ctx);
  return readInvoices(ctx.db, ctx.workspaceId);
}
