import { MessageText } from "@/components/ui/message-text";
import { RowLink } from "@/components/ui/row-link";
import { BandMark } from "@/components/ui/band-mark";
import { Chip } from "@/components/ui/chip";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import { paths } from "@/lib/core/shared/paths";
import type { DecisionItem } from "@/lib/core/runs/decision";

type DecisionTableProps = {
  decisions: readonly DecisionItem[];
  label?: string;
  /** Without the agent's column: on the agent's own page. */
  ofOneAgent?: boolean;
};

/** Decisions, one a line; the tool's name leads to the explanation. */
export function DecisionTable({
  decisions,
  label = "Decisions, newest first",
  ofOneAgent = false,
}: DecisionTableProps) {
  return (
    <Table
      label={label}
      head={["Verdict", "Tool", ...(ofOneAgent ? [] : ["Agent"]), "Why", "Risk", "Outcome", "Run", "When"]}
    >
      {decisions.map((decision) => (
        <Row key={decision.id}>
          <Cell>
            <VerdictMark verdict={decision.verdict} />
          </Cell>
          <Cell header className="font-mono text-xs">
            <RowLink href={paths.decision(decision.id)}>
              <VisibleText text={decision.tool} />
            </RowLink>
          </Cell>
          {!ofOneAgent && (
            <Cell>
              <RowLink href={paths.agent(decision.agent)}>{decision.agent}</RowLink>{" "}
              {decision.demo && <Chip tone="demo">demo</Chip>}
            </Cell>
          )}
          <Cell wrap className="max-w-96">
            {decision.verdict === "allow" ? (
              <span className="font-mono text-xs text-muted">{decision.rule}</span>
            ) : (
              <MessageText text={decision.reason ?? decision.rule ?? ""} />
            )}
          </Cell>
          <Cell>
            <BandMark band={decision.band} score={decision.score} quiet />
          </Cell>
          <Cell className="text-muted">
            {decision.outcome?.replaceAll("_", " ") ?? (decision.verdict === "allow" ? "not reported" : "—")}
          </Cell>
          <Cell className="max-w-40 truncate font-mono text-xs">
            <RowLink href={paths.run(decision.run_id)}>
              <VisibleText text={decision.run} />
            </RowLink>{" "}
            <span className="text-muted">step {decision.step}</span>
          </Cell>
          <Cell>
            <Time at={decision.at} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
