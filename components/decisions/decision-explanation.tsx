import { Alert } from "@/components/ui/alert";
import { JsonText } from "@/components/ui/json-text";
import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/section";
import type { DecisionDetail } from "@/lib/core/runs/decision";
import { spanRow } from "@/lib/core/runs/tell-events";
import { paths } from "@/lib/core/shared/paths";

import { CheckList } from "./check-list";
import { ContextTable } from "./context-table";
import { DecisionReasons } from "./decision-reasons";
import { DecisionEntry, DecisionRecord } from "./decision-record";
import { RiskFactors } from "./risk-factors";

/** Everything that explains one decision, the most important first; what the agent says of itself comes last. */
export function DecisionExplanation({ decision }: { decision: DecisionDetail }) {
  return (
    <>
      {decision.ran_otherwise !== null && (
        <Alert tone="error" title="Ran with other arguments than allowed">
          <p>
            A call that says or shows it is this one ran with arguments that differ from those below. It counts as
            ungoverned.{" "}
            <Link
              href={paths.run(
                decision.run_id,
                {},
                spanRow({ traceId: decision.ran_otherwise.trace_id, eventId: decision.ran_otherwise.span_id }),
              )}
              className="link"
            >
              See it in the run
            </Link>
          </p>
        </Alert>
      )}
      <Section title="Why">
        <DecisionReasons decision={decision} />
      </Section>
      <Section title="Checks" aside="in the order they ran; the strictest wins">
        <CheckList decision={decision} />
      </Section>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-2">
        <div className="grid min-w-0 content-start gap-6">
          <Section title="Arguments">
            <JsonText value={decision.args} label="Arguments of the call" />
          </Section>
          {decision.effect !== null && (
            <Section title="Effect" aside="the agent’s dry run">
              <JsonText value={decision.effect} label="Effect of the call" />
            </Section>
          )}
          <Section title="Context">
            <ContextTable context={decision.context} />
          </Section>
        </div>
        <div className="grid min-w-0 content-start gap-6">
          <Section title="Risk">
            <RiskFactors risk={decision.risk} />
          </Section>
          <Section title="Bound to, and what followed">
            <DecisionRecord decision={decision} />
          </Section>
          <Section title="In the ledger">
            <DecisionEntry decision={decision} />
          </Section>
        </div>
      </div>
      <details>
        <summary className="py-1 text-muted">Facts the engine had</summary>
        <JsonText value={decision.facts} label="Facts" />
      </details>
      {decision.rationale !== null && (
        <details>
          <summary className="py-1 text-muted">The agent’s own claim, unverified</summary>
          <JsonText value={decision.rationale} label="The agent’s own claim, unverified" />
        </details>
      )}
    </>
  );
}
