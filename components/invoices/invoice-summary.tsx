import { KeyValue } from "@/components/ui/key-value";
import { Section } from "@/components/ui/section";
import type { InvoicePage } from "@/lib/core/invoices/shown";
import type { ExplainedState } from "@/lib/core/invoices/state";
import { shareText, unitsText } from "@/lib/core/invoices/words";

const total = (units: readonly string[]): string => String(units.reduce((sum, each) => sum + BigInt(each), 0n));
const gap = ({ invoiced, explained }: { invoiced: string; explained: string }): string =>
  String(BigInt(invoiced) - BigInt(explained));

/** Why nothing of a model is explained. */
const REASONS: readonly (readonly [state: ExplainedState, why: string])[] = [
  ["past", "without any telemetry on those days"],
  ["unpriced", "whose calls were seen but have no price"],
  ["free", "whose calls were seen at $0"],
  ["uncounted", "whose calls were seen without tokens"],
];

/** How much of an invoice is explained, and what is known of the rest. */
export function InvoiceSummary({ page: { invoice, explained } }: { page: InvoicePage }) {
  const text = (units: string) => unitsText(invoice.measure, units);
  const namesModels = explained.models.some(({ model }) => model !== "");
  const models = (count: number) => (count === 1 ? "one model" : `${count} models`);
  const reasons = REASONS.flatMap(([state, why]) => {
    const found = explained.models.filter((model) => model.state === state);
    return found.length === 0 ? [] : [`${text(total(found.map(gap)))} for ${models(found.length)} ${why}`];
  });
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
            value: [text(gap(explained)), ...(reasons.length > 0 ? [`of which ${reasons.join(" and ")}`] : [])].join(
              ", ",
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
