import { TimeChart } from "@/components/charts/time-chart";
import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/section";
import { VisibleText } from "@/components/ui/visible-text";
import { invoiceChart, NOT_EXPLAINED } from "@/lib/core/charts/invoice-chart";
import { fileHead } from "@/lib/core/invoices/file";
import type { narrowToModel } from "@/lib/core/invoices/narrow";
import type { InvoicePage } from "@/lib/core/invoices/shown";
import { namesText } from "@/lib/core/invoices/words";
import { paths } from "@/lib/core/shared/paths";

type ExplainedDaysProps = { page: InvoicePage; narrowed: ReturnType<typeof narrowToModel> };

/** What was invoiced each day, and how much of it is explained. */
export function ExplainedDays({ page, narrowed: { days, model } }: ExplainedDaysProps) {
  const [seenAs, ...others] = model?.seen_as ?? [];
  // A list of runs takes one model's name; where telemetry has several, the day's runs are all of them.
  const query = seenAs !== undefined && others.length === 0 ? { model: seenAs } : {};
  const names = model === null ? null : namesText(model.names);
  return (
    <Section
      title="By day"
      id="days"
      aside={
        names === null ? (
          "every model"
        ) : (
          <>
            <VisibleText text={names} />{" "}
            <Link href={paths.invoice(page.invoice.id)} className="link inline-block min-h-6 leading-6">
              show every model
            </Link>
          </>
        )
      }
    >
      <TimeChart
        chart={invoiceChart(page.invoice, days)}
        open={{ query, by: null, tz: "UTC" }}
        file={[...fileHead(page), ...(names === null ? [] : [["model", names] as const])]}
        marked={NOT_EXPLAINED}
        zooms={false}
      />
    </Section>
  );
}
