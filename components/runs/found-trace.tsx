import type { ReactNode } from "react";

import { CopyText } from "@/components/ui/copy-text";
import { KeyValue } from "@/components/ui/key-value";
import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import { counted } from "@/lib/core/approvals/part";
import { UNPRICED_WORDS } from "@/lib/core/costs/schema";
import { paths } from "@/lib/core/shared/paths";
import type { FoundCall, FoundTrace, TraceTold } from "@/lib/core/traces/found";

/** One trace that arrived: how it came, what was taken from it, what it costs, and which decisions its calls met. */
export function FoundTraceView({ trace }: { trace: FoundTrace }) {
  const { told, calls, asked } = trace;
  return (
    <Section
      title="Received and written"
      aside={`${counted(trace.events, "event")}, ${counted(trace.errors, "error")}`}
    >
      <KeyValue
        items={[
          { label: "Trace", value: <CopyText value={trace.trace_id} label="trace id" /> },
          {
            label: "Agent",
            value: (
              <Link href={paths.agent(trace.agent)} className="link">
                {trace.agent}
              </Link>
            ),
          },
          { label: "Run", value: <RunOf trace={trace} /> },
          { label: "Began", value: <Time at={trace.first_at} /> },
          { label: "Received", value: <Time at={trace.received_at} /> },
          ...(told === null
            ? [{ label: "Events", value: "There are too many to be read here. The run’s page shows them." }]
            : factsOf(told)),
          {
            label: "Sent again",
            value:
              trace.conflicts === 0
                ? "No event came again with other content. An event that comes again unchanged adds nothing."
                : `${counted(trace.conflicts, "event")} came again with other content. The first version counts.`,
          },
        ]}
      />
      {calls.length > 0 && <Calls calls={calls} />}
      {asked.length > 0 && <AskedFromHere decisions={asked} />}
    </Section>
  );
}

function RunOf({ trace: { run, run_id: id, trace_id: trace } }: { trace: FoundTrace }): ReactNode {
  if (id === null)
    return (
      <>
        <Link href={paths.trace(trace)} className="link">
          {run === null ? "The trace is the run" : <VisibleText text={run} />}
        </Link>
        <span className="text-muted">, in which no call was decided</span>
      </>
    );
  return (
    <Link href={paths.run(id)} className="link font-mono">
      <VisibleText text={run ?? id} />
    </Link>
  );
}

function factsOf({ senders, redacted, costs, unpriced, out_of_window: late, claims_other: others }: TraceTold) {
  return [
    {
      label: "Sent by",
      value: (
        <ul>
          {senders.map(({ producer, dialect, credential_id: key, key_hint: hint, events }) => (
            <li key={`${producer} ${key}`}>
              <VisibleText text={producer ?? "an unnamed instrumentation"} />{" "}
              <span className="text-muted">
                read as {dialect.replaceAll("_", " ")}, with the key{" "}
                <span className="font-mono text-xs">{hint === null ? key : `ilk_…${hint}`}</span>,{" "}
                {counted(events, "event")}
              </span>
            </li>
          ))}
        </ul>
      ),
    },
    {
      label: "Redacted",
      value:
        redacted.length === 0
          ? "Nothing was found to redact in what is kept."
          : redacted.map(({ kind, count: times }) => `${kind.replaceAll("_", " ")} (${times})`).join(", "),
    },
    { label: "Price", value: <Price costs={costs} unpriced={unpriced} /> },
    ...(late > 0
      ? [
          {
            label: "Out of time",
            value: `${counted(late, "event")} arrived more than a day late or from the future. They are kept and do not count as evidence.`,
          },
        ]
      : []),
    ...(others > 0
      ? [
          {
            label: "Claims",
            value: `${counted(others, "event")} ${others === 1 ? "says" : "say"} to be another agent’s. The key decides.`,
          },
        ]
      : []),
  ];
}

function Price({ costs, unpriced }: Pick<TraceTold, "costs" | "unpriced">): ReactNode {
  const all = costs.given + costs.computed + costs.unpriced;
  if (all === 0) return "No event has usage to price.";
  const parts = [
    costs.computed > 0 ? `${counted(costs.computed, "call")} priced by the price table` : "",
    costs.given > 0 ? `${counted(costs.given, "call")} priced by the sender` : "",
    costs.unpriced > 0 ? `${counted(costs.unpriced, "call")} without a price` : "",
  ];
  return (
    <>
      <p>{parts.filter((part) => part !== "").join(", ")}</p>
      {unpriced.map(({ model, why, events }) => (
        <p key={`${model} ${why}`} className="text-muted">
          <VisibleText text={model} /> ({events}): {UNPRICED_WORDS[why]}
        </p>
      ))}
    </>
  );
}

function Calls({ calls }: { calls: readonly FoundCall[] }) {
  return (
    <Table label="Tool calls of this trace" head={["Tool call", "Decision"]} dense>
      {calls.map(({ event_id: id, tool, decision_id: decision, why }) => (
        <Row key={id}>
          <Cell header className="font-mono text-xs">
            <VisibleText text={tool} />
          </Cell>
          <Cell>
            {decision === null ? (
              <>
                <span className="font-medium text-del">No decision.</span> {why}
              </>
            ) : (
              <Link href={paths.decision(decision)} className="link font-mono text-xs">
                {decision}
              </Link>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function AskedFromHere({ decisions }: { decisions: FoundTrace["asked"] }) {
  return (
    <Table label="Decisions asked for from this trace" head={["Asked for here", "Agent", "Decision"]} dense>
      {decisions.map(({ decision_id: id, agent, tool, verdict }) => (
        <Row key={id}>
          <Cell header>
            <Link href={paths.decision(id)} className="link font-mono text-xs">
              <VisibleText text={tool} />
            </Link>
          </Cell>
          <Cell>{agent}</Cell>
          <Cell>
            <VerdictMark verdict={verdict} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
