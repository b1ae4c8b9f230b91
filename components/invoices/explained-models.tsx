import type { ReactNode } from "react";

import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import type { UnitWords } from "@/lib/core/invoices/file";
import type { InvoicePage, ShownExplained } from "@/lib/core/invoices/shown";
import { namesText } from "@/lib/core/invoices/words";
import { paths } from "@/lib/core/shared/paths";

import { ExplainedShare } from "./explained-share";
import { InvoiceFile } from "./invoice-file";
import { StateText } from "./state-text";

const SHOWN = 100;

type Model = ShownExplained["models"][number];
type ExplainedModelsProps = {
  page: InvoicePage;
  words: UnitWords;
  /** A figure that opens the runs of a model, where it is known which they are. */
  opened: (model: Model, text: string) => ReactNode;
};

/** What was invoiced of each model and how much of it is explained, what went past us first. */
export function ExplainedModels({ page, words, opened }: ExplainedModelsProps) {
  const { invoice, explained } = page;
  const { models } = explained;
  // Where the file names no models, one row would say what stands above.
  if (models.every(({ model }) => model === "")) return null;
  const aside =
    models.length > SHOWN ? `the first ${SHOWN} of ${models.length}; the file has all` : "what went past us first";
  return (
    <Section title="By model" aside={words.told(aside)}>
      <Table
        label="Invoiced by model"
        head={[
          "Model",
          { label: "State", hidden: true },
          { label: "Invoiced", numeric: true, className: "max-sm:hidden" },
          { label: "Explained", numeric: true, className: "max-sm:hidden" },
          { label: "Not explained", numeric: true },
          { label: "Share", className: "max-sm:hidden" },
        ]}
      >
        {models.slice(0, SHOWN).map((model) => (
          <Row key={model.model}>
            <Cell header>
              <RowLink
                href={`${paths.invoice(invoice.id, { model: model.model })}#days`}
                prefetch={false}
                title={namesText(model.names)}
                className="max-w-24 truncate align-bottom sm:max-w-72"
              >
                <VisibleText text={namesText(model.names)} />
              </RowLink>
            </Cell>
            <Cell>
              <StateText state={model.state} />
            </Cell>
            <Cell numeric className="max-sm:hidden">
              {words.text(model.invoiced)}
            </Cell>
            <Cell numeric className="max-sm:hidden">
              {opened(model, words.text(model.explained))}
            </Cell>
            <Cell numeric>{words.gap(model)}</Cell>
            <Cell className="max-sm:hidden">
              <ExplainedShare share={model.share} />
            </Cell>
          </Row>
        ))}
        <Row className="border-t border-edge font-semibold">
          <Cell header className="font-semibold">
            All
          </Cell>
          <Cell />
          <Cell numeric className="max-sm:hidden">
            {words.text(explained.invoiced)}
          </Cell>
          <Cell numeric className="max-sm:hidden">
            {words.text(explained.explained)}
          </Cell>
          <Cell numeric>{words.gap(explained)}</Cell>
          <Cell className="max-sm:hidden">
            <ExplainedShare share={explained.share} />
          </Cell>
        </Row>
      </Table>
      <InvoiceFile invoice={invoice} part="models" />
    </Section>
  );
}
