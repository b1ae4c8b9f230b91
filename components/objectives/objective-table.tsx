import { Rate } from "@/components/charts/rate";
import { Sparkline } from "@/components/charts/sparkline";
import { TableCsv } from "@/components/charts/table-csv";
import { ConfirmButton } from "@/components/settings/confirm-button";
import { Chip } from "@/components/ui/chip";
import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { objectiveCells } from "@/lib/core/objectives/cells";
import type { ShownObjective } from "@/lib/core/objectives/shown";
import { burnText, MEASURE_WORDS, sayObjective } from "@/lib/core/objectives/words";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";

import { BudgetLeft } from "./budget-left";
import { ObjectiveState } from "./objective-state";

const WIDE = "hidden lg:table-cell";
const HEAD = [
  "Objective",
  "State",
  "Attained",
  "Error budget",
  { label: "Burn, 6 h", numeric: true, className: WIDE },
  { label: "1 day", numeric: true, className: WIDE },
  { label: "3 days", numeric: true, className: WIDE },
  { label: "Missed by day", className: WIDE },
  { label: "Remove", hidden: true },
];

type ObjectiveTableProps = {
  objectives: readonly ShownObjective[];
  remove: FormAction;
  /** Why the person may not remove an agent's; undefined where they may. */
  whyNot(agent: string): string | undefined;
};

/** The objectives in force and how each stands. */
export function ObjectiveTable({ objectives, remove, whyNot }: ObjectiveTableProps) {
  const file = [
    ["Days", "whole days of UTC, today as far as it has come"],
    ["Burn", "1 lasts exactly the window"],
  ] as const;
  return (
    <Section title="Objectives" aside={<TableCsv title="Objectives" head={file} rows={objectiveCells(objectives)} />}>
      <Table label="Objectives" head={HEAD}>
        {objectives.map((one) => (
          <ObjectiveRow key={one.id} objective={one} remove={remove} whyNot={whyNot(one.agent)} />
        ))}
      </Table>
    </Section>
  );
}

type ObjectiveRowProps = { objective: ShownObjective; remove: FormAction; whyNot: string | undefined };

function ObjectiveRow({ objective, remove, whyNot }: ObjectiveRowProps) {
  const { agent, measure, stand, burns, by_day, demo } = objective;
  const about = `${agent}: ${MEASURE_WORDS[measure].name.toLowerCase()}`;
  const worst = Math.max(0, ...by_day.map(({ good, total }) => total - good));
  return (
    <Row>
      <Cell header wrap>
        <RowLink href={paths.objective(objective.id)} className="font-mono text-xs">
          {agent}
        </RowLink>{" "}
        {demo && <Chip tone="demo">demo</Chip>}
        <span className="block min-w-52 text-xs font-normal text-muted">{sayObjective(objective)}</span>
      </Cell>
      <Cell>
        <ObjectiveState stand={stand} />
      </Cell>
      <Cell>
        <Rate hits={stand.attained.hits} n={stand.attained.n} />
      </Cell>
      <Cell>
        <BudgetLeft stand={stand} about={about} />
      </Cell>
      {burns.map((burn) => (
        <Cell key={burn.hours} numeric className={`${WIDE} ${burn.rate === null ? "text-muted" : ""}`}>
          {burnText(burn)}
        </Cell>
      ))}
      <Cell className={WIDE}>
        <Sparkline
          title={`Missed a day over ${objective.days} days, 0 to ${worst}`}
          values={by_day.map(({ good, total }) => (total === 0 ? null : total - good))}
        />
      </Cell>
      <Cell numeric>
        <ConfirmButton
          label="Remove…"
          about={`the objective ${about}`}
          title={`Remove the objective of ${about}`}
          confirm="Remove"
          action={remove}
          fields={{ agent, measure }}
          disabledReason={whyNot}
        >
          Nobody is told any more when its error budget burns, and its open alerts end. The ledger keeps that it was set
          and removed.
        </ConfirmButton>
      </Cell>
    </Row>
  );
}
