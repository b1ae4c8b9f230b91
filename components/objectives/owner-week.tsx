import { Delta } from "@/components/charts/delta";
import { Chip } from "@/components/ui/chip";
import { RowLink } from "@/components/ui/row-link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { counted } from "@/lib/core/approvals/part";
import { amountText } from "@/lib/core/charts/units";
import { type AgentWeek, type Compared, type OwnerWeek, sumCompared } from "@/lib/core/objectives/review";
import { MEASURE_WORDS } from "@/lib/core/objectives/words";
import { paths } from "@/lib/core/shared/paths";

import { MovedList } from "./moved-list";
import { ObjectiveState } from "./objective-state";

const WIDE = "hidden md:table-cell";
const HEAD = [
  "Agent",
  { label: "Cost", numeric: true },
  { label: "Runs", numeric: true, className: WIDE },
  { label: "Alerts", className: WIDE },
  "Objectives",
  "Due now",
];

type OwnerWeekProps = {
  week: OwnerWeek;
  /** The week, and until when it is shown, for links. */
  span: { readonly from: string; readonly to: string };
  isOver: boolean;
};

/** The week of the agents that one person answers for. */
export function OwnerWeekSection({ week, span, isOver }: OwnerWeekProps) {
  const { owner, agents, budgets } = week;
  const cost = sumCompared(agents.map((one) => one.cost));
  const moved = [...agents.flatMap((one) => one.moved), ...budgets].toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return (
    <Section
      title={owner.name}
      aside={
        <>
          {amountText("usd", cost.now)}, <Delta unit="usd" {...cost} full />
        </>
      }
    >
      <Table label={`Agents of ${owner.name}`} head={HEAD}>
        {agents.map((agent) => (
          <AgentRow key={agent.agent} week={agent} span={span} isOver={isOver} />
        ))}
      </Table>
      <MovedList moved={moved} />
    </Section>
  );
}

type AgentRowProps = Omit<OwnerWeekProps, "week"> & { week: AgentWeek };

function AgentRow({ week, span, isOver }: AgentRowProps) {
  const { agent, demo, level, cost, runs, unpriced, alerts, objectives, due } = week;
  return (
    <Row>
      <Cell header>
        <RowLink href={paths.agent(agent)} prefetch={false} className="font-mono text-xs">
          {agent}
        </RowLink>{" "}
        {demo && <Chip tone="demo">demo</Chip>}
        <span className="block text-xs font-normal text-muted">level {level}</span>
      </Cell>
      <Cell numeric>
        <Figure unit="usd" figure={cost} href={paths.spend({ agent, ...span, tz: "UTC" })} />
        {unpriced !== "0" && (
          <span className="block text-xs text-muted">{counted(BigInt(unpriced), "call")} without a price</span>
        )}
      </Cell>
      <Cell numeric className={WIDE}>
        <Figure unit="count" figure={runs} href={paths.runs({ agent, ...span, tz: "UTC" })} />
      </Cell>
      <Cell className={WIDE}>
        {alerts.fired === 0 ? (
          <span className="text-muted">none fired</span>
        ) : (
          <>
            <RowLink href={paths.signals({ agent })} prefetch={false}>
              {alerts.fired} fired
            </RowLink>
            <span className="block text-xs text-muted">
              {alerts.actedOn} acted on, {alerts.dismissed} dismissed, {alerts.open} open
            </span>
          </>
        )}
      </Cell>
      <Cell>
        {objectives.length === 0 ? (
          <RowLink href={paths.objectives({ agent })} prefetch={false} className="text-muted">
            {isOver ? "none set by then" : "none set"}
          </RowLink>
        ) : (
          <ul>
            {objectives.map((objective) => (
              <li key={objective.id}>
                <RowLink href={paths.objective(objective.id)} prefetch={false}>
                  {MEASURE_WORDS[objective.measure].name}
                </RowLink>{" "}
                <ObjectiveState stand={objective.stand} />
              </li>
            ))}
          </ul>
        )}
      </Cell>
      <Cell>
        {due.length === 0 ? (
          <span className="text-muted">nothing</span>
        ) : (
          <ul>
            {due.map(({ text, href }) => (
              <li key={text}>
                <RowLink href={href} prefetch={false}>
                  {text}
                </RowLink>
              </li>
            ))}
          </ul>
        )}
      </Cell>
    </Row>
  );
}

function Figure({ unit, figure, href }: { unit: "usd" | "count"; figure: Compared; href: string }) {
  return (
    <>
      <RowLink href={href} prefetch={false}>
        {amountText(unit, figure.now)}
      </RowLink>
      <span className="block text-xs text-muted">
        {figure.now === figure.before ? "as before" : <Delta unit={unit} {...figure} />}
      </span>
    </>
  );
}
