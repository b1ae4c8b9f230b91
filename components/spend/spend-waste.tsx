import { Delta } from "@/components/charts/delta";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { amountText } from "@/lib/core/charts/units";
import type { SpendPage, Waste } from "@/lib/core/figures/spend";

import { openRuns, RunsOf } from "./runs-of";
import { TermBar } from "./term-bar";

const KINDS: Readonly<Record<Waste["kind"], string>> = {
  retries: "Tried again",
  failed_validations: "Output failed validation",
  errors: "Ended in an error",
};

/** What narrows the runs to those with such events. */
const OUTCOMES: Readonly<Record<Waste["kind"], string>> = {
  retries: "retry",
  failed_validations: "failed_validation",
  errors: "error",
};

const HEAD = [
  "Kind",
  { label: "Events", numeric: true },
  { label: "Cost", numeric: true },
  { label: "Change", numeric: true, className: "max-sm:hidden" },
  { label: "Its size beside the others", hidden: true, className: "w-1/5 max-sm:hidden" },
];

/** What was spent without a result. */
export function SpendWaste({ page }: { page: SpendPage }) {
  const { waste, total } = page;
  const sum = waste.reduce((all, { now }) => all + BigInt(now), 0n);
  const spent = BigInt(total.now.costPicos);
  const share = spent === 0n ? null : amountText("share", String(Number((sum * 100_000n) / spent) / 100_000));
  const largest = Math.max(...waste.map(({ now }) => Number(now)), 1);
  const open = openRuns(page, "outcome");
  return (
    <Section
      title={`Wasted: ${amountText("usd", String(sum))}`}
      aside={share === null ? "nothing was spent" : `${share} of spend`}
    >
      <Table label="Spend without a result" head={HEAD}>
        {waste.map(({ kind, events, now, before }) => (
          <Row key={kind}>
            <Cell header className="font-normal">
              {KINDS[kind]}
            </Cell>
            <Cell numeric className={events === "0" ? "text-muted" : ""}>
              {events === "0" ? (
                "0"
              ) : (
                <RunsOf open={open} range={page.range.text} of={OUTCOMES[kind]}>
                  {amountText("count", events)}
                </RunsOf>
              )}
            </Cell>
            <Cell numeric className={now === "0" ? "text-muted" : ""}>
              {amountText("usd", now)}
            </Cell>
            <Cell numeric className="max-sm:hidden">
              <Delta unit="usd" now={now} before={before} />
            </Cell>
            <Cell className="max-sm:hidden">
              <TermBar value={Number(now)} largest={largest} zero="left" />
            </Cell>
          </Row>
        ))}
      </Table>
      <p className="text-xs text-muted">
        An event counts once: as tried again, else as failed validation, else as an error.
      </p>
    </Section>
  );
}
