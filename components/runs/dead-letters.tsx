import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { FormAction } from "@/lib/core/shared/action-state";
import type { DeadLetter } from "@/lib/core/traces/dead-letter";

import { ReplayButton } from "./replay-button";

type DeadLettersProps = { letters: readonly DeadLetter[]; replay: FormAction; disabledReason?: string };

/** Batches that could not be written, each to be tried again. */
export function DeadLetters({ letters, replay, disabledReason }: DeadLettersProps) {
  return (
    <Table
      label="Batches that could not be written"
      head={[
        "Received",
        "Inlet",
        { label: "Events", numeric: true },
        { label: "Attempts", numeric: true },
        "Reason",
        { label: "Replay", hidden: true },
      ]}
    >
      {letters.map(({ id, inlet, events, attempts, reason, received_at: at }) => (
        <Row key={id} id={`letter-${id}`}>
          <Cell header>
            <Time at={at} />
          </Cell>
          <Cell>{inlet}</Cell>
          <Cell numeric>{events.toLocaleString("en-US")}</Cell>
          <Cell numeric>{attempts}</Cell>
          <Cell>
            <VisibleText text={reason} />
          </Cell>
          <Cell>
            <ReplayButton letter={id} replay={replay} disabledReason={disabledReason} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
