import { RowLink } from "@/components/ui/row-link";
import { Chip } from "@/components/ui/chip";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { IncidentItem } from "@/lib/core/incidents/schema";
import { FAILURE_WORDS } from "@/lib/core/incidents/failures";
import { paths } from "@/lib/core/shared/paths";

import { IncidentStateMark } from "./incident-state";

/** Incidents, newest first. */
export function IncidentTable({ incidents }: { incidents: readonly IncidentItem[] }) {
  return (
    <Table label="Incidents" head={["State", "Incident", "Class", "Agent", "Run", "Rule", "Opened"]}>
      {incidents.map((incident) => (
        <Row key={incident.id}>
          <Cell>
            <IncidentStateMark state={incident.state} />
          </Cell>
          <Cell header wrap>
            <RowLink href={paths.incident(incident.id)}>
              <VisibleText text={incident.title} />
            </RowLink>{" "}
            {incident.demo && <Chip tone="demo">demo</Chip>}
          </Cell>
          <Cell>{FAILURE_WORDS[incident.class].name}</Cell>
          <Cell className="font-mono text-xs">
            <Link href={paths.agent(incident.agent)} className="link">
              {incident.agent}
            </Link>
          </Cell>
          <Cell className="font-mono text-xs">
            {incident.run_id === null ? (
              <span className="text-muted">—</span>
            ) : (
              <Link href={paths.run(incident.run_id)} className="link">
                <VisibleText text={incident.run ?? incident.run_id} />
              </Link>
            )}
          </Cell>
          <Cell>{incident.rule === "person" ? "opened by hand" : <Mono>{incident.rule}</Mono>}</Cell>
          <Cell>
            <Time at={incident.opened_at} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
