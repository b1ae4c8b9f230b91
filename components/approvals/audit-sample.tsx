import { DecisionExplanation } from "@/components/decisions/decision-explanation";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { AuditAnswer } from "@/lib/core/approvals/audit";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import type { DecisionDetail } from "@/lib/core/runs/decision";

import { AuditAnswers } from "./audit-answers";

type AuditSampleProps = {
  calls: readonly { readonly decision: DecisionDetail; readonly answer: AuditAnswer | null }[];
  /** Draws other calls. */
  again: string;
  answer: FormAction;
};

/** Calls that ran under rules, each with everything that let it run, and what one thinks of it. */
export function AuditSample({ calls, again, answer }: AuditSampleProps) {
  if (calls.length === 0) {
    return (
      <EmptyState
        title="No call ran unasked in the last 24 hours"
        actions={<ButtonLink href={paths.desk()}>Back to the desk</ButtonLink>}
      >
        <p>Every call was refused, or people were asked about it.</p>
      </EmptyState>
    );
  }
  return (
    <div className="grid gap-6">
      {calls.map(({ decision, answer: given }, index) => (
        <section
          key={decision.id}
          aria-labelledby={`call-${index}`}
          className="grid min-w-0 gap-3 border-t border-hair pt-4"
        >
          <h2 id={`call-${index}`} className="text-lg break-words">
            {index + 1}. <VisibleText text={decision.tool} />
          </h2>
          <p className="text-muted">
            <Link href={paths.agent(decision.agent)} className="link">
              <VisibleText text={decision.agent} />
            </Link>{" "}
            · {decision.environment} · <Time at={decision.at} /> ·{" "}
            <Link href={paths.decision(decision.id)} className="link">
              open it
            </Link>
          </p>
          <AuditAnswers decisionId={decision.id} given={given} ruleHref={ruleHref(decision)} action={answer} />
          <details open={index === 0}>
            <summary className="min-h-8 leading-8 text-muted">What it did, and what let it run</summary>
            <div className="grid gap-6 py-2">
              <DecisionExplanation decision={decision} />
            </div>
          </details>
        </section>
      ))}
      <div>
        <ButtonLink href={again}>Draw others</ButtonLink>
      </div>
    </div>
  );
}

function ruleHref({ agent, manifest, line }: DecisionDetail): string {
  return manifest === null || line === null
    ? paths.proposeManifest(agent)
    : paths.proposeManifestAt(agent, manifest.version, line);
}
