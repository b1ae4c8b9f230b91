import { Chip } from "@/components/ui/chip";
import { Link } from "@/components/ui/link";
import { RowLink } from "@/components/ui/row-link";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { type AlertItem, RESOLUTION_WORDS } from "@/lib/core/alerts/schema";
import { sayAlert } from "@/lib/core/alerts/words";
import { paths } from "@/lib/core/shared/paths";

import { AlertStateMark } from "./alert-state";

const WIDE = "hidden md:table-cell";

/** Alerts, newest first. Those of one cause name the first of them. */
export function AlertTable({ alerts }: { alerts: readonly AlertItem[] }) {
  return (
    <Table
      label="Alerts"
      head={["State", "Alert", { label: "Agent", className: WIDE }, "Since", { label: "Ended", className: WIDE }]}
    >
      {alerts.map((alert) => (
        <Row key={alert.id}>
          <Cell>
            <AlertStateMark state={alert.state} />
          </Cell>
          <Cell header wrap>
            <RowLink href={paths.signal(alert.id)}>
              <VisibleText text={titleOf(alert)} />
            </RowLink>{" "}
            {alert.demo && <Chip tone="demo">demo</Chip>}
            {alert.group_id !== alert.id && (
              <span className="block text-xs font-normal text-muted">
                Same cause as{" "}
                <Link href={paths.signal(alert.group_id)} className="underline">
                  an earlier alert
                </Link>
              </span>
            )}
          </Cell>
          <Cell className={`font-mono text-xs ${WIDE}`}>
            <Link href={paths.agent(alert.agent)} className="link">
              {alert.agent}
            </Link>
          </Cell>
          <Cell>
            <Time at={alert.began_at} />
          </Cell>
          <Cell className={WIDE}>
            {alert.resolved_at === null ? (
              <span className="text-muted">—</span>
            ) : (
              <>
                <Time at={alert.resolved_at} />{" "}
                <span className="text-xs text-muted">{alert.resolution && RESOLUTION_WORDS[alert.resolution]}</span>
              </>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

const titleOf = ({ why, agent, began_at }: AlertItem): string =>
  sayAlert({ why, agent, since: began_at.toISOString() }).title;
