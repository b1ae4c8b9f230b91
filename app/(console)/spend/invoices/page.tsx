import type { Metadata } from "next";

import { InvoiceForm } from "@/components/invoices/invoice-form";
import { InvoiceList } from "@/components/invoices/invoice-list";
import { RefreshOn } from "@/components/layout/refresh-on";
import { PageHeader } from "@/components/ui/page-header";
import { MOST_INVOICE_BYTES } from "@/lib/core/invoices/schema";
import { canManageMembers } from "@/lib/core/workspaces/permission";
import { listInvoices } from "@/lib/services/invoices/list-invoices";
import { pageMember } from "@/lib/web/page-member";

import { importInvoiceAction } from "./actions";

export const metadata: Metadata = { title: "Invoices" };

export default async function InvoicesPage() {
  const { ctx, member } = await pageMember();
  const invoices = await listInvoices(ctx);
  const disabledReason = canManageMembers(member.roles) ? undefined : "This needs an administrator.";
  return (
    <>
      <RefreshOn topics={["invoice.import", "invoice.remove"]} />
      <PageHeader title="Invoices" meta={<span>What providers bill, beside what telemetry has seen</span>} />
      <InvoiceList invoices={invoices} now={ctx.now} />
      <InvoiceForm import={importInvoiceAction} mostBytes={MOST_INVOICE_BYTES} disabledReason={disabledReason} />
    </>
  );
}
