import { BandMark } from "@/components/ui/band-mark";
import { Mono } from "@/components/ui/mono";
import { Time } from "@/components/ui/time";
import { VerdictMark } from "@/components/ui/verdict-mark";
import { VisibleText } from "@/components/ui/visible-text";
import { asJson } from "@/lib/core/shared/as-json";
import { paths } from "@/lib/core/shared/paths";
import type { RunStep } from "@/lib/core/traces/schema";
import { ageText, argsSummary } from "@/lib/core/traces/words";

import { MessageText } from "./message-text";
import { RowLink } from "./row-link";

/** A run as it went, top to bottom: each call, our answer, and what became of it. */
export function StepList({ steps }: { steps: readonly RunStep[] }) {
  return (
    <ol aria-label="Steps of this run, in order" className="divide-y divide-hair border-y border-hair bg-surface">
      {steps.map((step) => (
        <li
          key={step.decision_id}
          className="grid gap-x-4 gap-y-1 px-3 py-2.5 sm:grid-cols-[2.5rem_9.5rem_minmax(0,1fr)_auto]"
        >
          <span className="text-right font-mono text-xs leading-5 text-muted max-sm:hidden">{step.step}</span>
          <div className="flex items-center gap-2 sm:items-start">
            <span className="font-mono text-xs leading-5 text-muted sm:hidden">{step.step}</span>
            <VerdictMark verdict={step.verdict} />
          </div>
          <div className="grid min-w-0 gap-0.5">
            <p>
              <RowLink href={paths.decision(step.decision_id)} className="font-mono font-medium">
                <VisibleText text={step.tool} />
              </RowLink>{" "}
              <span className="font-mono text-xs text-muted [overflow-wrap:anywhere]">
                <VisibleText text={argsSummary(asJson(step.args))} />
              </span>
            </p>
            {step.verdict !== "allow" && <StepReason step={step} />}
            <StepAfter step={step} />
          </div>
          <span className="text-xs leading-5 text-muted">
            <Time at={step.at} mode="clock" />
          </span>
        </li>
      ))}
    </ol>
  );
}

function StepReason({ step }: { step: RunStep }) {
  const [reason] = step.reasons;
  if (!reason) return null;
  return (
    <p>
      <MessageText text={reason.message} />
      {step.reasons.length > 1 && <span className="text-muted"> and {step.reasons.length - 1} more</span>}
    </p>
  );
}

/** Context, approval, outcome and risk, on one quiet line. */
function StepAfter({ step }: { step: RunStep }) {
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-xs text-muted">
      {step.context.map((use) => (
        <span key={use.source}>
          context{" "}
          <Mono>
            <VisibleText text={use.source} />
          </Mono>{" "}
          {use.age_seconds === null ? "of unknown age" : `${ageText(use.age_seconds)} old`}
        </span>
      ))}
      {step.band !== "low" && (
        <span className="inline-flex items-center gap-1">
          risk <BandMark band={step.band} score={step.score} quiet />
        </span>
      )}
      {step.approval && (
        <span className="inline-flex items-center gap-1">
          <RowLink href={paths.approval(step.approval.id)}>approval</RowLink>
          <VerdictMark verdict={step.approval.state} size="sm" />
        </span>
      )}
      <StepOutcome step={step} />
    </p>
  );
}

function StepOutcome({ step: { verdict, outcome } }: { step: RunStep }) {
  if (verdict !== "allow") return null;
  if (!outcome) return <span>no outcome reported</span>;
  const claimed =
    outcome.claimed === outcome.outcome ? "" : ` (the agent said ${outcome.claimed.replaceAll("_", " ")})`;
  return (
    <span>
      outcome {outcome.outcome.replaceAll("_", " ")}
      <VisibleText text={claimed} />
      {outcome.cost_usd !== null && ` · ${outcome.cost_usd} USD`}
      {outcome.latency_ms !== null && ` · ${outcome.latency_ms} ms`}
    </span>
  );
}
