import { TableCsv } from "@/components/charts/table-csv";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import type { Line } from "@/lib/core/baselines/compare";
import { changeText, isSure, lineText } from "@/lib/core/baselines/words";

type OutcomeTableProps = {
  lines: readonly Line[];
  isRecorded: boolean;
  /** What the table is of, for its file. */
  about: string;
  period: string;
};

/** What an agent's work came to beside what was recorded before it. */
export function OutcomeTable({ lines, isRecorded, about, period }: OutcomeTableProps) {
  const head = isRecorded ? ["", "Agent", "Before the agent", "Change"] : ["", "Agent"];
  const rows = lines.map((line) => [
    line.name,
    lineText(line.kind, line.agent),
    ...(isRecorded ? [line.before === null ? "" : lineText(line.kind, line.before), changeText(line)] : []),
  ]);
  const file = [
    ["Agent", about],
    ["Period", period],
    ["Intervals", "95 %"],
  ] as const;
  return (
    <Section title="Outcomes" aside={<TableCsv title={`Outcomes of ${about}`} head={file} rows={[head, ...rows]} />}>
      <Table
        label="Outcomes"
        head={isRecorded ? ["Measure", "Agent", "Before the agent", "Change"] : ["Measure", "Agent"]}
      >
        {lines.map((line) => (
          <Row key={line.name}>
            <Cell header>{line.name}</Cell>
            <Cell wrap>{lineText(line.kind, line.agent)}</Cell>
            {isRecorded && (
              <>
                <Cell wrap>
                  {line.before === null ? <span className="text-muted">–</span> : lineText(line.kind, line.before)}
                </Cell>
                <Cell
                  wrap
                  className={line.change === null ? "text-xs text-muted" : isSure(line) ? "font-semibold" : ""}
                >
                  {changeText(line)}
                  {line.change !== null && !isSure(line) && <span className="text-muted">, could be chance</span>}
                </Cell>
              </>
            )}
          </Row>
        ))}
      </Table>
      <p className="max-w-[80ch] text-xs text-muted">
        A case is a finished run. Intervals hold the true value in 95 of 100 such samples; runs that depend on each
        other make them too narrow. Cost is what telemetry priced, without the time of people. A change compares two
        periods and does not say what caused it.
      </p>
    </Section>
  );
}
