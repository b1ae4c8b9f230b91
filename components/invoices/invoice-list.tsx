import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { rangeWords } from "@/lib/core/charts/time-words";
import type { ShownInvoice } from "@/lib/core/invoices/shown";
import { providerText, unitsText } from "@/lib/core/invoices/words";
import { paths } from "@/lib/core/shared/paths";
import { DAY_MS } from "@/lib/core/shared/time";

/** The imported invoices. */
export function InvoiceList({ invoices, now }: { invoices: readonly ShownInvoice[]; now: Date }) {
  return (
    <Section title="Imported">
      {invoices.length === 0 ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">
          None yet. Import what a provider bills you for, and see how much of it your agents’ telemetry explains, which
          models and keys it has never heard of, and what it has seen that is on no bill.
        </p>
      ) : (
        <Table
          label="Imported invoices"
          head={[
            "File",
            "Provider",
            { label: "Days (UTC)", className: "max-sm:hidden" },
            { label: "Invoiced", numeric: true },
            { label: "Rows", numeric: true, className: "max-md:hidden" },
            { label: "Imported", className: "max-md:hidden" },
          ]}
        >
          {invoices.map((invoice) => (
            <Row key={invoice.id}>
              <Cell header>
                <RowLink
                  href={paths.invoice(invoice.id)}
                  prefetch={false}
                  className="max-w-40 truncate align-bottom sm:max-w-80"
                >
                  <VisibleText text={invoice.name} />
                </RowLink>
              </Cell>
              <Cell>
                <VisibleText text={providerText(invoice.provider)} />
              </Cell>
              <Cell className="text-muted max-sm:hidden">{daysWords(invoice, now)}</Cell>
              <Cell numeric>{unitsText(invoice.measure, invoice.units)}</Cell>
              <Cell numeric className="max-md:hidden">
                {invoice.rows.toLocaleString("en-US")}
              </Cell>
              <Cell className="text-muted max-md:hidden">
                <Time at={invoice.created_at} /> by <VisibleText text={invoice.created_by} />
              </Cell>
            </Row>
          ))}
        </Table>
      )}
    </Section>
  );
}

/** The days of an invoice in words, as UTC has them. */
export const daysWords = ({ first_day: first, last_day: last }: ShownInvoice, now: Date): string =>
  rangeWords({ from: new Date(first), to: new Date(Date.parse(last) + DAY_MS) }, "UTC", now);
