"use client";

import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { useFormAction } from "@/components/ui/use-form-action";
import type { AuditAnswer } from "@/lib/core/approvals/audit";
import type { FormAction } from "@/lib/core/shared/action-state";

type AuditAnswersProps = {
  decisionId: string;
  given: AuditAnswer | null;
  /** Where the rule that let it run is changed. */
  ruleHref: string;
  action: FormAction;
};

/** What one thinks of a call that ran without anyone being asked. */
export function AuditAnswers({ decisionId, given, ruleHref, action }: AuditAnswersProps) {
  const { state, pending, form } = useFormAction(action);
  if (given !== null) {
    return (
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span>
          You said: <b>{given === "fine" ? "fine" : "should have asked"}</b>.
        </span>
        {given === "should_have_asked" && <ButtonLink href={ruleHref}>Change the rule</ButtonLink>}
      </p>
    );
  }
  return (
    <form {...form} className="flex flex-wrap items-center gap-2">
      <input type="hidden" name="decision_id" value={decisionId} />
      <Button type="submit" name="answer" value="fine" aria-busy={pending}>
        Fine
      </Button>
      <Button type="submit" name="answer" value="should_have_asked" aria-busy={pending}>
        Should have asked
      </Button>
      {state.status === "refused" && <span role="alert">{state.message}</span>}
    </form>
  );
}
