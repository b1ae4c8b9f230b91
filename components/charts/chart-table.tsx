import { RowLink } from "@/components/ui/row-link";
import { Cell, Row, Table } from "@/components/ui/table";
import { type Chart, columnsOf } from "@/lib/core/charts/chart";
import { amountText } from "@/lib/core/charts/units";
import { visibleString } from "@/lib/core/shared/visible-text";

type ChartTableProps = { chart: Chart; hrefOf: (place: number, line: string | null) => string };

/** What a chart shows, as a table, the latest first. The amounts of its lines open their runs. */
export function ChartTable({ chart, hrefOf }: ChartTableProps) {
  const columns = columnsOf(chart);
  const lineOf = new Map(chart.lines.map((line) => [line.amounts, line]));
  const head = [chart.bucketName, ...columns.map(({ name }) => ({ label: visibleString(name), numeric: true }))];
  return (
    <div className="max-h-80 overflow-y-auto">
      <Table label={chart.title} head={head} dense>
        {chart.buckets
          .map(({ at, words }, place) => (
            <Row key={at}>
              <Cell header>{words}</Cell>
              {columns.map(({ name, amounts }) => {
                const amount = amounts[place] ?? null;
                const line = lineOf.get(amounts);
                const text = amount === null ? "–" : amountText(chart.unit, amount);
                return (
                  <Cell key={name} numeric {...(amount === null && { className: "text-muted" })}>
                    {line && amount !== null && Number(amount) !== 0 ? (
                      <RowLink href={hrefOf(place, line.role === "part" ? line.key : null)} prefetch={false}>
                        {text}
                      </RowLink>
                    ) : (
                      text
                    )}
                  </Cell>
                );
              })}
            </Row>
          ))
          .toReversed()}
      </Table>
    </div>
  );
}
