import Link from "next/link";

import { BandMark } from "@/components/ui/band-mark";
import { Chip } from "@/components/ui/chip";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import { paths } from "@/lib/core/shared/paths";
import type { DecisionItem } from "@/lib/core/traces/decision";

type DecisionTableProps = {
  decisions: readonly DecisionItem[];
  label?: string;
  /** Without the agent's column: on the agent's own page. */
  ofOneAgent?: boolean;
};

/** Decisions, one a line; the tool's name leads to the explanation. */
export function DecisionTable({ decisions, label = "Decisions, newest first", ofOneAgent = false }: DecisionTableProps) {
  return (
    <Table label={label} head={["Verdict", "Tool", ...(ofOneAgent ? [] : ["Agent"]), "Why", "Risk", "Outcome", "Run", "When"]}>
      {decisions.map((decision) => (
        <Row key={decision.id}>
          <Cell>
            <VerdictMark verdict={decision.verdict} />
          </Cell>
          <Cell header className="font-mono text-xs">
            <Link href={paths.decision(decision.id)} className="link">
              <VisibleText text={decision.tool} />
            </Link>
          </Cell>
          {!ofOneAgent && (
            <Cell>
              <Link href={paths.agent(decision.agent)} className="link">
                {decision.agent}
              </Link>{" "}
              {decision.demo && <Chip tone="demo">demo</Chip>}
            </Cell>
          )}
          <Cell wrap className="max-w-96">
            {decision.verdict === "allow" ? (
              <span className="font-mono text-xs text-muted">{decision.rule}</span>
            ) : (
              <VisibleText text={decision.reason ?? decision.rule ?? ""} />
            )}
          </Cell>
          <Cell>
            <BandMark band={decision.band} score={decision.score} quiet />
          </Cell>
          <Cell className="text-muted">{decision.outcome?.replaceAll("_", " ") ?? (decision.verdict === "allow" ? "not reported" : "—")}</Cell>
          <Cell className="max-w-40 truncate font-mono text-xs">
            <Link href={paths.run(decision.run_id)} className="link">
              <VisibleText text={decision.run} />
            </Link>{" "}
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
