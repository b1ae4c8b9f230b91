import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { paths } from "@/lib/core/shared/paths";
import type { AgentTelemetry, UngovernedCall } from "@/lib/core/traces/feed";

import { TelemetrySnippets } from "./telemetry-snippets";

/** What feeds an agent, which keys of it are not read, and which calls ran without a decision. */
export function TelemetrySection({ telemetry }: { telemetry: AgentTelemetry }) {
  const { feeds, calls, ungoverned } = telemetry;
  if (feeds.length === 0)
    return (
      <Section title="Telemetry" aside="nothing has arrived">
        <p className="max-w-2xl">
          Send this agent’s traces, and its runs show model calls, tokens, cost and tool calls that never asked. Use a
          key of this agent with the scope <Mono>ingest</Mono>; this page changes when the first event arrives.
        </p>
        <TelemetrySnippets />
      </Section>
    );
  return (
    <Section title="Telemetry" aside={shareText(calls)}>
      <Table
        label="What feeds this agent"
        head={[
          "Instrumentation",
          "Last event",
          { label: "Events", numeric: true },
          { label: "Out of time", numeric: true },
          { label: "Claim another agent", numeric: true },
        ]}
        dense
      >
        {feeds.map((feed) => (
          <Row key={`${feed.producer} ${feed.credential_id}`}>
            <Cell header>
              <VisibleText text={feed.producer === "" ? "unnamed" : feed.producer} />{" "}
              <span className="text-muted">{feed.dialect.replaceAll("_", " ")}</span>
            </Cell>
            <Cell>
              <Time at={feed.last_received_at} />
            </Cell>
            <Cell numeric>{feed.events.toLocaleString("en-US")}</Cell>
            <Cell numeric>{feed.out_of_window.toLocaleString("en-US")}</Cell>
            <Cell numeric>{feed.claims_other.toLocaleString("en-US")}</Cell>
          </Row>
        ))}
      </Table>
      <UnreadKeys telemetry={telemetry} />
      {ungoverned.length > 0 && <UngovernedCalls calls={ungoverned} />}
    </Section>
  );
}

function shareText(calls: AgentTelemetry["calls"]): string {
  if (calls === null) return "no tool calls in the last 30 days";
  const all = calls.governed + calls.ungoverned;
  const share = Math.floor((1_000 * calls.governed) / all) / 10;
  return `${share} % of ${all.toLocaleString("en-US")} tool calls in 30 days were decided`;
}

function UnreadKeys({ telemetry: { unread, unreadKeys } }: { telemetry: AgentTelemetry }) {
  if (unreadKeys === 0) return null;
  return (
    <details>
      <summary className="cursor-pointer text-muted">
        {unreadKeys === 1 ? "1 attribute key is not read" : `${unreadKeys} attribute keys are not read`}
      </summary>
      <ul className="mt-1 grid gap-x-6 sm:grid-cols-2">
        {unread.map(({ producer, key, events }) => (
          <li key={`${producer} ${key}`} className="flex justify-between gap-3 border-b border-hair py-1">
            <Mono>
              <VisibleText text={key} />
            </Mono>
            <span className="text-muted">{events.toLocaleString("en-US")}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function UngovernedCalls({ calls }: { calls: readonly UngovernedCall[] }) {
  return (
    <div className="grid gap-1">
      <h3 className="text-sm font-semibold">Calls without a decision, latest first</h3>
      <Table label="Ungoverned calls" head={["Tool", "Run", "When"]} dense>
        {calls.map((call) => (
          <Row key={`${call.trace_id}/${call.event_id}`}>
            <Cell header className="font-mono text-xs">
              <VisibleText text={call.tool} />
            </Cell>
            <Cell className="font-mono text-xs">
              {call.run_id === null ? (
                <VisibleText text={call.run ?? call.trace_id} />
              ) : (
                <Link href={paths.run(call.run_id, {}, `span-${call.trace_id}-${call.event_id}`)} className="link">
                  <VisibleText text={call.run ?? call.trace_id} />
                </Link>
              )}
            </Cell>
            <Cell>
              <Time at={call.started_at} />
            </Cell>
          </Row>
        ))}
      </Table>
    </div>
  );
}
