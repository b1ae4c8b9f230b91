import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { usdText } from "@/lib/core/charts/units";
import type { UndecidedTrace } from "@/lib/core/runs/schema";
import { paths } from "@/lib/core/shared/paths";

const HEAD = [
  "Trace",
  "Run",
  "Agent",
  { label: "Events", numeric: true },
  { label: "Errors", numeric: true },
  { label: "Reported cost", numeric: true },
  "Began",
];

/** What agents did in runs that never asked for a decision, as their telemetry tells it. */
export function UndecidedTraces({ traces }: { traces: readonly UndecidedTrace[] }) {
  return (
    <Section title="Telemetry without a decided call" aside="the latest first">
      <Table label="Traces in whose run no call was decided" head={HEAD}>
        {traces.map(({ trace_id: id, run, agent, events, errors, cost_picos: cost, first_at: began }) => (
          <Row key={id}>
            <Cell header className="font-mono text-xs">
              <RowLink href={paths.trace(id)} prefetch={false}>
                {id.slice(0, 12)}…
              </RowLink>
            </Cell>
            <Cell className="max-w-56 truncate font-mono text-xs">
              {run === null ? <span className="font-sans text-muted">not named</span> : <VisibleText text={run} />}
            </Cell>
            <Cell>
              <RowLink href={paths.agent(agent)} prefetch={false}>
                {agent}
              </RowLink>
            </Cell>
            <Cell numeric>{events.toLocaleString("en-US")}</Cell>
            <Cell numeric className={errors === 0 ? "text-muted" : ""}>
              {errors.toLocaleString("en-US")}
            </Cell>
            <Cell numeric>{usdText(BigInt(cost))}</Cell>
            <Cell>
              <Time at={began} />
            </Cell>
          </Row>
        ))}
      </Table>
    </Section>
  );
}
