import type { ReactNode } from "react";

import { EmptyState } from "@/components/ui/empty-state";
import { Alert } from "@/components/ui/alert";
import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { paths } from "@/lib/core/shared/paths";
import type { FoundTelemetry, SoughtDecision, ToCheck } from "@/lib/core/traces/found";
import type { Sought } from "@/lib/core/traces/sought";

import { FoundTraceView } from "./found-trace";

const SOUGHT_WORDS: Readonly<Record<Sought["kind"], string>> = {
  trace: "trace",
  span: "span",
  decision: "decision",
  run: "run",
};

/** What became of the telemetry that somebody looks for. */
export function FoundTelemetryView({ found }: { found: FoundTelemetry }) {
  const { sought, decision, traces, waiting, dead, check } = found;
  return (
    <>
      {decision !== null && <DecisionOfId decision={decision} />}
      {waiting.map(({ id, events, inlet, attempts, received_at: at, last_error: error }) => (
        <Alert key={id} tone="info" title="Received, and waiting to be written">
          <p>
            {events.toLocaleString("en-US")} {events === 1 ? "event" : "events"} by {inlet}, <Time at={at} />.{" "}
            {attempts === 0
              ? "That usually takes less than a second."
              : `Tried ${attempts} ${attempts === 1 ? "time" : "times"}. ${error ?? ""}`}
          </p>
        </Alert>
      ))}
      {dead.map(({ id, events, reason, received_at: at }) => (
        <Alert key={id} tone="warn" title="Received, but could not be written">
          <p>
            {events.toLocaleString("en-US")} {events === 1 ? "event" : "events"}, <Time at={at} />.{" "}
            <VisibleText text={reason} />{" "}
            <a href={`#letter-${id}`} className="link">
              Replay it below
            </a>
            .
          </p>
        </Alert>
      ))}
      {traces.map((trace) => (
        <FoundTraceView key={trace.trace_id} trace={trace} />
      ))}
      {check !== null && <NothingArrived sought={sought} decision={decision} check={check} />}
    </>
  );
}

function DecisionOfId({ decision: { decision_id: id, agent, tool, verdict } }: { decision: SoughtDecision }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3">
      <VerdictMark verdict={verdict} />
      <Link href={paths.decision(id)} className="link font-mono">
        <VisibleText text={tool} />
      </Link>
      <Link href={paths.agent(agent)} className="link">
        {agent}
      </Link>
    </p>
  );
}

type NothingProps = { sought: Sought; decision: SoughtDecision | null; check: ToCheck };

function NothingArrived({ sought, decision, check: { last, keys } }: NothingProps) {
  const what = SOUGHT_WORDS[sought.kind];
  const title =
    decision === null
      ? `Nothing with this ${what}${sought.kind === "run" ? "’s name" : " id"} arrived`
      : "No call names this decision";
  return (
    <>
      <EmptyState title={title}>
        <p>
          {decision !== null && decision.verdict !== "allow"
            ? "It did not allow its call, so nothing should have run."
            : sought.kind === "span"
              ? "Spans are looked for among the events of the last three days. Look for the trace to search all of them."
              : "What arrives is shown here within a second. Exporters often wait several seconds before they send."}
        </p>
      </EmptyState>
      <Section title="What to check">
        <ul className="divide-y divide-hair border-y border-hair bg-surface">
          <Check label="Last event of this workspace">
            {last === null ? (
              "None has arrived yet. Check the exporter’s address."
            ) : (
              <>
                <Time at={last.received_at} /> from{" "}
                <Link href={paths.agent(last.agent)} className="link">
                  {last.agent}
                </Link>
                {last.producer !== "" && (
                  <>
                    {" by "}
                    <VisibleText text={last.producer} />
                  </>
                )}
              </>
            )}
          </Check>
          {keys.length === 0 && (
            <Check label="Keys that may send telemetry">None works. Make a key with the scope ingest.</Check>
          )}
          {keys.map(({ agent, hint, last_received_at: at }) => (
            <Check key={`${agent} ${hint}`} label={<span className="font-mono text-xs">ilk_…{hint}</span>}>
              <Link href={paths.agent(agent)} className="link">
                {agent}
              </Link>{" "}
              {at === null ? (
                "may send telemetry and never did"
              ) : (
                <>
                  last sent <Time at={at} />
                </>
              )}
            </Check>
          ))}
        </ul>
      </Section>
    </>
  );
}

function Check({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <li className="grid gap-x-4 px-3 py-1.5 sm:grid-cols-[14rem_minmax(0,1fr)]">
      <span className="text-muted">{label}</span>
      <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
    </li>
  );
}
