import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { VisibleText } from "@/components/ui/visible-text";
import { momentWords } from "@/lib/core/charts/time-words";
import { amountText } from "@/lib/core/charts/units";
import type { SpendPage } from "@/lib/core/figures/spend";
import { paths } from "@/lib/core/shared/paths";

const HEAD = [
  "Run",
  { label: "Agent", className: "max-sm:hidden" },
  { label: "Began", className: "max-sm:hidden" },
  { label: "Events", numeric: true },
  { label: "Cost", numeric: true },
];

/** The runs of the range that cost most. */
export function TopRuns({ page }: { page: SpendPage }) {
  const { topRuns, range } = page;
  return (
    <Section title="Runs that cost most" aside={`${topRuns.length} of the range, ${range.zone}`}>
      <Table label="Runs that cost most" head={HEAD}>
        {topRuns.map(({ traceId, runId, name, agent, startedAt, events, costPicos }) => (
          <Row key={traceId}>
            <Cell header className="font-mono text-xs">
              <RowLink
                href={runId === null ? paths.trace(traceId) : paths.run(runId)}
                prefetch={false}
                className="max-w-40 truncate align-bottom sm:max-w-72"
              >
                <VisibleText text={name ?? `${traceId.slice(0, 12)}…`} />
              </RowLink>
            </Cell>
            <Cell className="max-sm:hidden">
              <RowLink href={paths.agent(agent)} prefetch={false}>
                {agent}
              </RowLink>
            </Cell>
            <Cell className="text-muted max-sm:hidden">{momentWords(startedAt, range.zone)}</Cell>
            <Cell numeric>{amountText("count", events)}</Cell>
            <Cell numeric>{amountText("usd", costPicos)}</Cell>
          </Row>
        ))}
      </Table>
    </Section>
  );
}
