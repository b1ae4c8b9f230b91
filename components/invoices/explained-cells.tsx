import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import { bucketWords } from "@/lib/core/charts/time-words";
import type { UnitWords } from "@/lib/core/invoices/file";
import type { InvoicePage, ShownExplained } from "@/lib/core/invoices/shown";
import { namesText } from "@/lib/core/invoices/words";

import { ExplainedShare } from "./explained-share";
import { InvoiceFile } from "./invoice-file";

const SHOWN = 50;
const HEAD = [
  "Day (UTC)",
  "Model",
  { label: "Invoiced", numeric: true, className: "max-sm:hidden" },
  { label: "Seen", numeric: true, className: "max-md:hidden" },
  { label: "Explained", numeric: true, className: "max-sm:hidden" },
  { label: "Not explained", numeric: true },
  { label: "Share", className: "max-sm:hidden" },
];

type ExplainedCellsProps = { page: InvoicePage; words: UnitWords; cells: ShownExplained["cells"] };

/** What was invoiced, seen and explained of each model on each day, the largest difference first. */
export function ExplainedCells({ page: { invoice, explained }, words, cells }: ExplainedCellsProps) {
  const named = new Map(explained.models.map(({ model, names }) => [model, namesText(names)]));
  return (
    <Section
      title="By day and model"
      aside={words.told(
        cells.length > SHOWN
          ? `the ${SHOWN} largest differences of ${cells.length.toLocaleString("en-US")}`
          : "the largest difference first",
      )}
    >
      <Table label="Invoiced by day and model" dense head={HEAD}>
        {cells.slice(0, SHOWN).map((cell) => (
          <Row key={`${cell.day} ${cell.model}`}>
            <Cell header className="font-normal">
              {bucketWords(new Date(cell.day), "day", "UTC")}
            </Cell>
            <Cell>
              <span className="block max-w-24 truncate sm:max-w-72">
                <VisibleText text={named.get(cell.model) ?? cell.model} />
              </span>
            </Cell>
            <Cell numeric className="max-sm:hidden">
              {words.text(cell.invoiced)}
            </Cell>
            <Cell numeric className="max-md:hidden">
              {words.text(cell.seen)}
            </Cell>
            <Cell numeric className="max-sm:hidden">
              {words.text(cell.explained)}
            </Cell>
            <Cell numeric>{words.gap(cell)}</Cell>
            <Cell className="max-sm:hidden">
              <ExplainedShare share={cell.share} />
            </Cell>
          </Row>
        ))}
      </Table>
      <InvoiceFile invoice={invoice} part="cells" />
    </Section>
  );
}
