import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import type { UnitWords } from "@/lib/core/invoices/file";
import type { InvoicePage, ShownExplained } from "@/lib/core/invoices/shown";
import { paths } from "@/lib/core/shared/paths";

import { ExplainedShare } from "./explained-share";
import { InvoiceFile } from "./invoice-file";
import { StateText } from "./state-text";

const SHOWN = 100;

type Key = ShownExplained["keys"][number];

/** What was invoiced on each key, and how much of it can be explained at most. */
export function ExplainedKeys({ page, words }: { page: InvoicePage; words: UnitWords }) {
  const { invoice, explained } = page;
  if (explained.keys.length === 0) return null;
  const { keys } = explained;
  return (
    <Section
      title="By key"
      aside={words.told(
        keys.length > SHOWN ? `the first ${SHOWN} of ${keys.length}; the file has all` : "what went past us first",
      )}
    >
      <Table
        label="Invoiced by key"
        head={[
          "Key",
          { label: "State", hidden: true },
          { label: "Invoiced", numeric: true, className: "max-sm:hidden" },
          { label: "Explained at most", numeric: true, className: "max-sm:hidden" },
          { label: "Not explained", numeric: true },
          { label: "Share at most", className: "max-sm:hidden" },
        ]}
      >
        {keys.slice(0, SHOWN).map((key) => (
          <Row key={key.key}>
            <Cell header>
              <KeyName of={key} />
            </Cell>
            <Cell>
              <StateText state={key.state} />
            </Cell>
            <Cell numeric className="max-sm:hidden">
              {words.text(key.invoiced)}
            </Cell>
            <Cell numeric className="max-sm:hidden">
              {words.text(key.explained)}
            </Cell>
            <Cell numeric>{words.gap(key)}</Cell>
            <Cell className="max-sm:hidden">
              <ExplainedShare share={key.share} />
            </Cell>
          </Row>
        ))}
      </Table>
      <p className="text-xs text-muted">
        Telemetry does not say with which key a call was made. A key named like an agent, in whatever capitals, is
        explained by that agent’s calls alone. Any other is explained at most by every call of its models and days,
        which several keys can share, so these rows do not add up.
      </p>
      <InvoiceFile invoice={invoice} part="keys" />
    </Section>
  );
}

function KeyName({ of: { key, agent } }: { of: Key }) {
  if (key === "") return <span className="font-normal text-muted">no key named</span>;
  const text = <VisibleText text={key} />;
  if (agent === null) return <span className="block max-w-24 truncate sm:max-w-72">{text}</span>;
  return (
    <RowLink href={paths.agent(agent)} prefetch={false} className="max-w-24 truncate align-bottom sm:max-w-72">
      {text}
    </RowLink>
  );
}
