import Link from "next/link";

import { JsonText } from "@/components/ui/json-text";
import { CopyText } from "@/components/ui/copy-text";
import { KeyValue } from "@/components/ui/key-value";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import { differenceText } from "@/lib/core/approvals/effect-differs";
import { counted } from "@/lib/core/approvals/part";
import { shortDigest } from "@/lib/core/shared/digest";
import { usdOf } from "@/lib/core/shared/money";
import { paths } from "@/lib/core/shared/paths";
import type { DecisionDetail } from "@/lib/core/runs/decision";

/** What the decision is bound to and what followed from it. */
export function DecisionRecord({ decision }: { decision: DecisionDetail }) {
  const { manifest, guardrail, approval, outcome } = decision;
  return (
    <KeyValue
      items={[
        {
          label: "Action digest",
          value: (
            <CopyText
              value={decision.action_digest}
              short={shortDigest(decision.action_digest)}
              label="action digest"
            />
          ),
        },
        { label: "Tool definition", value: <ToolHash hash={decision.tool_hash} /> },
        {
          label: "Manifest",
          value: manifest ? (
            <span className="inline-flex flex-wrap items-center gap-2">
              <Link href={paths.manifest(decision.agent, manifest.version)} className="link">
                version {manifest.version}
              </Link>
              <CopyText value={manifest.hash} short={shortDigest(manifest.hash)} label="manifest hash" />
            </span>
          ) : (
            "none was published"
          ),
        },
        {
          label: "Guardrail",
          value: guardrail ? (
            <span className="inline-flex flex-wrap items-center gap-2">
              <Link href={paths.guardrails({ version: guardrail.version })} className="link">
                version {guardrail.version}
              </Link>
              <CopyText value={guardrail.hash} short={shortDigest(guardrail.hash)} label="guardrail hash" />
            </span>
          ) : (
            "none was in force"
          ),
        },
        {
          label: "Approval",
          value: approval ? (
            <span className="inline-flex flex-wrap items-center gap-2">
              <VerdictMark verdict={approval.state} />
              <Link href={paths.approval(approval.id)} className="link">
                open the request
              </Link>
            </span>
          ) : (
            "none"
          ),
        },
        {
          label: "Outcome",
          value: outcome ? (
            <OutcomeText outcome={outcome} />
          ) : decision.verdict === "allow" ? (
            <Unreported execution={decision.execution} />
          ) : (
            "did not run"
          ),
        },
        ...(decision.execution?.answer
          ? [{ label: "Did it run?", value: <Answer answer={decision.execution.answer} /> }]
          : []),
        ...(decision.ran_in === null ? [] : [{ label: "Ran in", value: <RanIn place={decision.ran_in} /> }]),
        ...(decision.asked_from === null
          ? []
          : [{ label: "Asked from", value: <AskedFrom place={decision.asked_from} /> }]),
        { label: "Left of the run", value: remainingText(decision.remaining) },
        { label: "Decision id", value: <CopyText value={decision.id} label="decision id" /> },
      ]}
    />
  );
}

const JOINED_WORDS = {
  decision_id: "its telemetry names this decision",
  traceparent: "by the traceparent the agent sent",
  call: "by run, call and arguments",
} as const;

function RanIn({ place }: { place: NonNullable<DecisionDetail["ran_in"]> }) {
  return (
    <span>
      <TraceLink id={place.trace_id} />, span <span className="font-mono text-xs">{place.span_id}</span>
      <span className="block text-muted">joined {JOINED_WORDS[place.joined_by]}</span>
    </span>
  );
}

/** What the header said. The trace may be anybody's: it is a claim until a span of it meets the decision. */
function AskedFrom({ place }: { place: NonNullable<DecisionDetail["asked_from"]> }) {
  return (
    <span>
      <TraceLink id={place.trace_id} />, span <span className="font-mono text-xs">{place.span_id}</span>
      <span className="block text-muted">
        as its traceparent claims{place.arrived ? "" : "; nothing of this trace has arrived"}
      </span>
    </span>
  );
}

function TraceLink({ id }: { id: string }) {
  return (
    <Link href={paths.findTelemetry(id)} className="link font-mono text-xs">
      {id}
    </Link>
  );
}

function ToolHash({ hash }: { hash: string }) {
  if (hash.length !== 64) return <span>not in the catalogue: treated as irreversible with high blast radius</span>;
  return <CopyText value={hash} short={shortDigest(hash)} label="tool definition hash" />;
}

function OutcomeText({ outcome }: { outcome: NonNullable<DecisionDetail["outcome"]> }) {
  return (
    <span>
      {outcome.outcome.replaceAll("_", " ")}
      {outcome.claimed !== outcome.outcome && (
        <>
          {" "}
          (the agent said <VisibleText text={outcome.claimed.replaceAll("_", " ")} />)
        </>
      )}
      {outcome.cost_usd !== null && ` · ${outcome.cost_usd} USD`}
      {outcome.tokens !== null && ` · ${counted(outcome.tokens, "token")}`}
      {outcome.latency_ms !== null && ` · ${outcome.latency_ms} ms`} · <Time at={outcome.at} />
      {outcome.effect?.differs.map((difference) => (
        <span key={difference.what} className="block text-deny">
          ■ {differenceText(difference, null)}
        </span>
      ))}
      {outcome.effect?.compared === false && (
        <span className="block text-muted">There was no dry run to hold the reported effect against.</span>
      )}
      {outcome.faults.map((fault, index) => (
        <span key={index} className="block text-deny">
          ■ <VisibleText text={`${fault.path} ${fault.message}`} />
        </span>
      ))}
    </span>
  );
}

/** What is said of a call whose outcome nobody has reported. */
function Unreported({ execution }: { execution: DecisionDetail["execution"] }) {
  if (execution?.state === "unreported") return "overdue: the agent never reported one";
  if (execution?.state !== "unknown") return "not reported yet";
  if (execution.answer) return "never reported";
  return (
    <span>
      unknown: nobody knows whether it ran ·{" "}
      <Link href={paths.desk({ state: "unknown" })} className="link">
        say whether it did
      </Link>
    </span>
  );
}

function Answer({ answer }: { answer: NonNullable<NonNullable<DecisionDetail["execution"]>["answer"]> }) {
  return (
    <span>
      {answer.ran ? "It ran" : "It did not run"}, says <VisibleText text={answer.by} />: “
      <VisibleText text={answer.note} />” · <Time at={answer.at} />
    </span>
  );
}

function remainingText({ steps, seconds, cost_micros }: DecisionDetail["remaining"]): string {
  const parts = [
    steps === null ? null : counted(steps, "step"),
    seconds === null ? null : `${seconds} s`,
    cost_micros === null ? null : `${usdOf(cost_micros)} USD`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "the manifest sets no bounds" : parts.join(" · ");
}

/** The ledger's entry of a decision: its place in the tree and exactly what is hashed. */
export function DecisionEntry({ decision }: { decision: DecisionDetail }) {
  const { entry } = decision;
  if (!entry) return <p className="text-muted">The ledger entry of this decision is not kept here.</p>;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <KeyValue
        items={[
          { label: "Index", value: entry.index ?? "not yet sequenced" },
          { label: "Leaf hash", value: entry.leaf_hash ? <CopyText value={entry.leaf_hash} label="leaf hash" /> : "—" },
        ]}
      />
      <details>
        <summary className="py-1 text-muted">What is in the ledger</summary>
        <JsonText value={entry.body} label="Ledger entry" />
      </details>
    </div>
  );
}
