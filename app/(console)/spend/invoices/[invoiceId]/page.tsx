import type { Metadata } from "next";

import { ExplainedCells } from "@/components/invoices/explained-cells";
import { ExplainedDays } from "@/components/invoices/explained-days";
import { ExplainedKeys } from "@/components/invoices/explained-keys";
import { ExplainedModels } from "@/components/invoices/explained-models";
import { InvoiceColumns } from "@/components/invoices/invoice-columns";
import { daysWords } from "@/components/invoices/invoice-list";
import { InvoiceSummary } from "@/components/invoices/invoice-summary";
import { SeenOnly } from "@/components/invoices/seen-only";
import { ConfirmButton } from "@/components/settings/confirm-button";
import { PageHeader } from "@/components/ui/page-header";
import { RowLink } from "@/components/ui/row-link";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { runsHref } from "@/lib/core/charts/open-runs";
import { unitWords } from "@/lib/core/invoices/file";
import { InvoiceQuery } from "@/lib/core/invoices/forms";
import { narrowToModel } from "@/lib/core/invoices/narrow";
import type { ShownInvoice } from "@/lib/core/invoices/shown";
import { providerText } from "@/lib/core/invoices/words";
import { paths } from "@/lib/core/shared/paths";
import { DAY_MS } from "@/lib/core/shared/time";
import { canManageMembers } from "@/lib/core/workspaces/permission";
import { showInvoice } from "@/lib/services/invoices/show-invoice";
import { orNotFound } from "@/lib/web/or-not-found";
import { pageMember } from "@/lib/web/page-member";

import { removeInvoiceAction } from "../actions";

export const metadata: Metadata = { title: "Invoice" };

export default async function InvoicePage({ params, searchParams }: PageProps<"/spend/invoices/[invoiceId]">) {
  const [{ ctx, member }, { invoiceId }, query] = await Promise.all([pageMember(), params, searchParams]);
  const page = await orNotFound(showInvoice(ctx, { id: invoiceId }));
  const { model } = InvoiceQuery.parse(query);
  const { invoice } = page;
  const narrowed = narrowToModel(page, model);
  const words = unitWords(invoice.measure);
  const range = rangeOf(invoice);
  const disabledReason = canManageMembers(member.roles) ? undefined : "This needs an administrator.";
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Invoices", href: paths.invoices() }]}
        title={<VisibleText text={invoice.name} />}
        meta={
          <>
            <VisibleText text={providerText(invoice.provider)} />
            <span>{daysWords(invoice, ctx.now)}, UTC</span>
            <span>
              imported <Time at={invoice.created_at} /> by <VisibleText text={invoice.created_by} />
            </span>
          </>
        }
        actions={
          <ConfirmButton
            label="Remove…"
            about="this invoice"
            title="Remove this invoice?"
            confirm="Remove it"
            action={removeInvoiceAction}
            fields={{ id: invoice.id }}
            disabledReason={disabledReason}
          >
            Its sums are removed and this page with them. The ledger keeps that it was imported. Importing the file
            again brings it back.
          </ConfirmButton>
        }
      />
      <InvoiceSummary page={page} />
      <ExplainedModels
        page={page}
        words={words}
        opened={({ explained, seen_as: [name, ...others] }, text) =>
          name === undefined || others.length > 0 || explained === "0" ? (
            text
          ) : (
            <RowLink href={runsHref({ query: { model: name }, by: null, tz: "UTC" }, range, null)} prefetch={false}>
              {text}
            </RowLink>
          )
        }
      />
      <ExplainedDays page={page} narrowed={narrowed} />
      <ExplainedCells page={page} words={words} cells={narrowed.cells} />
      <ExplainedKeys page={page} words={words} />
      <SeenOnly page={page} words={words} range={range} />
      <InvoiceColumns invoice={invoice} />
    </>
  );
}

/** The days of an invoice as the list of runs takes a range. */
const rangeOf = ({ first_day: first, last_day: last }: ShownInvoice) => ({
  from: new Date(first).toISOString(),
  to: new Date(Date.parse(last) + DAY_MS).toISOString(),
});
