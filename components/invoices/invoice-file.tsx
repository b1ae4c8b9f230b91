import { QUIET_BUTTON } from "@/components/charts/quiet-button";
import type { FilePart } from "@/lib/core/invoices/file";
import type { ShownInvoice } from "@/lib/core/invoices/shown";
import { paths } from "@/lib/core/shared/paths";

const NAMES: Readonly<Record<FilePart, string>> = {
  cells: "by day and model",
  models: "by model",
  keys: "by key",
};

/** Saves every row of a part of an invoice as CSV. */
export function InvoiceFile({ invoice, part }: { invoice: ShownInvoice; part: FilePart }) {
  return (
    <p className="flex justify-end text-xs text-muted">
      <a href={paths.invoiceFile(invoice.id, part)} download className={QUIET_BUTTON}>
        CSV<span className="sr-only">: invoiced {NAMES[part]}</span>
      </a>
    </p>
  );
}
