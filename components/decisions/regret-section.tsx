import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { FormAction } from "@/lib/core/shared/action-state";
import type { DecisionDetail, Regret } from "@/lib/core/runs/decision";

import { RegretForm } from "./regret-form";

const CAUSES: Readonly<Record<Regret["cause"], string>> = {
  failed: "It was approved, and then it failed.",
  rolled_back: "It was approved, and then it was rolled back.",
  person: "A person says it should not have been approved.",
};

type RegretSectionProps = {
  decision: Pick<DecisionDetail, "id" | "verdict" | "approval" | "regret">;
  mark: FormAction;
  permitted: boolean;
};

/** Why an approved call counts as regretted, or the way to say so; nothing for calls nobody approved. */
export function RegretSection({ decision, mark, permitted }: RegretSectionProps) {
  const { regret } = decision;
  if (decision.verdict !== "allow" || decision.approval === null) return null;
  return (
    <Section title="Regret" aside="raises the risk of later calls">
      {regret === null ? (
        <RegretForm decisionId={decision.id} mark={mark} permitted={permitted} />
      ) : (
        <p>
          {CAUSES[regret.cause]} {regret.note !== null && <VisibleText text={`“${regret.note}”`} />}{" "}
          <Time at={regret.at} />
        </p>
      )}
    </Section>
  );
}
