import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import { runsHref } from "@/lib/core/charts/open-runs";
import type { UnitWords } from "@/lib/core/invoices/file";
import type { InvoicePage } from "@/lib/core/invoices/shown";

type SeenOnlyProps = { page: InvoicePage; words: UnitWords; range: { readonly from: string; readonly to: string } };

/** What telemetry has seen in the days of an invoice that it does not have. */
export function SeenOnly({ page, words, range }: SeenOnlyProps) {
  const { beyond } = page.explained;
  if (beyond.length === 0) return null;
  return (
    <Section title="Seen, not invoiced" aside={words.told("calls of the same days")}>
      <Table label="Seen, not invoiced" head={["Model", { label: "Seen beyond the invoice", numeric: true }]}>
        {beyond.map(({ model, seen_as: names, units }) => (
          <Row key={model}>
            <Cell header className="font-normal">
              <span className="block max-w-44 truncate sm:max-w-96">
                <VisibleText text={names.join(", ")} />
              </span>
            </Cell>
            <Cell numeric>
              {names.length === 1 ? (
                <RowLink
                  href={runsHref({ query: { model: names[0] }, by: null, tz: "UTC" }, range, null)}
                  prefetch={false}
                >
                  {words.text(units)}
                </RowLink>
              ) : (
                words.text(units)
              )}
            </Cell>
          </Row>
        ))}
      </Table>
    </Section>
  );
}
