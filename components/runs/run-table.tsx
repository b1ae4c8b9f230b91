import { Chip } from "@/components/ui/chip";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { paths } from "@/lib/core/shared/paths";
import { visibleString } from "@/lib/core/shared/visible-text";
import type { RunItem } from "@/lib/core/runs/schema";

import { RowLink } from "@/components/ui/row-link";
import { RunStateMark } from "./run-state";

const HEAD = [
  "Session",
  "Run",
  "Agent",
  "State",
  { label: "Steps", numeric: true },
  { label: "Allowed", numeric: true },
  { label: "Asked", numeric: true },
  { label: "Refused", numeric: true },
  { label: "Cost, USD", numeric: true },
  "Last call",
];

/** Runs under their sessions: a session's name stands once, beside the first of its runs. */
export function RunTable({ runs }: { runs: readonly RunItem[] }) {
  return (
    <Table label="Runs, newest first" head={HEAD}>
      {runs.map((run, index) => (
        <Row key={run.id}>
          <Cell className="max-w-56 truncate font-mono text-xs">
            {runs[index - 1]?.session_id === run.session_id ? (
              <span className="text-muted" title={visibleString(run.session)}>
                ″
              </span>
            ) : (
              <RowLink href={paths.runs({ agent: run.agent, session: run.session })} title="Every run of this session">
                <VisibleText text={run.session} />
              </RowLink>
            )}
          </Cell>
          <Cell header className="max-w-56 truncate font-mono text-xs">
            <RowLink href={paths.run(run.id)}>
              <VisibleText text={run.run} />
            </RowLink>
          </Cell>
          <Cell>
            <RowLink href={paths.agent(run.agent)}>{run.agent}</RowLink> {run.demo && <Chip tone="demo">demo</Chip>}
          </Cell>
          <Cell>
            <RunStateMark run={run} />
          </Cell>
          <Cell numeric>{run.steps}</Cell>
          <Cell numeric>{run.allowed}</Cell>
          <Cell numeric>{run.asked}</Cell>
          <Cell numeric>{run.refused}</Cell>
          <Cell numeric>{run.cost_usd}</Cell>
          <Cell>
            <Time at={run.last_at} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
