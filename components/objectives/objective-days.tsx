import { Rate } from "@/components/charts/rate";
import { TableCsv } from "@/components/charts/table-csv";
import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import type { ShownObjective } from "@/lib/core/objectives/shown";
import { sayObjective } from "@/lib/core/objectives/words";
import { paths } from "@/lib/core/shared/paths";
import { DAY_MS } from "@/lib/core/shared/time";

/** Each day of an objective's window, the latest first; a day opens its runs or decisions. */
export function ObjectiveDays({ objective }: { objective: ShownObjective }) {
  const { agent, by_day, measure } = objective;
  const hrefOf = (day: string) => {
    const to = new Date(Date.parse(day) + DAY_MS).toISOString();
    if (measure === "denials") return paths.decisions({ agent, from: day });
    return paths.runs({ agent, from: new Date(day).toISOString(), to, tz: "UTC" });
  };
  const rows = [["day", "good", "of"], ...by_day.map(({ day, good, total }) => [day, good, total])];
  const file = [
    ["Objective", `${agent}: ${sayObjective(objective)}`],
    ["Days", "UTC"],
  ] as const;
  return (
    <Section title="By day, UTC" aside={<TableCsv title={`Objective of ${agent} by day`} head={file} rows={rows} />}>
      <div className="max-h-96 overflow-y-auto">
        <Table dense label="By day" head={["Day", { label: "Missed", numeric: true }, "Attained"]}>
          {by_day
            .map(({ day, good, total }) => (
              <Row key={day}>
                <Cell header>
                  <RowLink href={hrefOf(day)} prefetch={false}>
                    {day}
                  </RowLink>
                </Cell>
                <Cell numeric>{(total - good).toLocaleString("en-US")}</Cell>
                <Cell>
                  <Rate hits={good} n={total} />
                </Cell>
              </Row>
            ))
            .toReversed()}
        </Table>
      </div>
    </Section>
  );
}
