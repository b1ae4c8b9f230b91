import { KeyValue } from "@/components/ui/key-value";
import { Section } from "@/components/ui/section";
import type { InvoicePage } from "@/lib/core/invoices/shown";
import { shareText, unitsText } from "@/lib/core/invoices/words";

const total = (units: readonly string[]): string => String(units.reduce((sum, each) => sum + BigInt(each), 0n));
const gap = ({ invoiced, explained }: { invoiced: string; explained: string }): string =>
  String(BigInt(invoiced) - BigInt(explained));

/** How much of an invoice is explained, and what is known of the rest. */
export function InvoiceSummary({ page: { invoice, explained } }: { page: InvoicePage }) {
  const text = (units: string) => unitsText(invoice.measure, units);
  const namesModels = explained.models.some(({ model }) => model !== "");
  const past = explained.models.filter(({ state }) => state === "past");
  const unpriced = explained.models.filter(({ state }) => state === "unpriced");
  const models = (count: number) => (count === 1 ? "one model" : `${count} models`);
  return (
    <Section
      title={
        explained.share === null ? "Nothing is invoiced" : `${shareText(explained.share)} of the invoice is explained`
      }
      aside="days are UTC, on both sides"
    >
      <KeyValue
        items={[
          { label: "Invoiced", value: text(explained.invoiced) },
          {
            label: "Explained",
            value: `${text(explained.explained)}: ${namesModels ? "on the same day, of the same model" : "on the same day; the file names no models"}`,
          },
          {
            label: "Not explained",
            value: (
              <>
                {text(gap(explained))}
                {past.length > 0 &&
                  `, of which ${text(total(past.map(gap)))} for ${models(past.length)} without any telemetry`}
                {unpriced.length > 0 &&
                  `${past.length > 0 ? " and" : ", of which"} ${text(total(unpriced.map(gap)))} for ${models(unpriced.length)} whose calls were seen but have no price`}
              </>
            ),
          },
          {
            label: "Seen, not invoiced",
            value:
              explained.beyond.length === 0 ? (
                <span className="text-muted">Telemetry has seen nothing that the invoice does not have.</span>
              ) : (
                `${text(total(explained.beyond.map(({ units }) => units)))}: it explains nothing here`
              ),
          },
        ]}
      />
    </Section>
  );
}
