"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

type RegretFormProps = { decisionId: string; mark: FormAction; permitted: boolean };

/** For an approved call: a person says that it should not have been made, and why. */
export function RegretForm({ decisionId, mark, permitted }: RegretFormProps) {
  const { state, pending, form } = useFormAction(mark);
  return (
    <form {...form} className="grid max-w-xl gap-3">
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="decision_id" value={decisionId} />
      <Field
        label="Why it should not have been approved"
        hint="Goes into the ledger. This tool's calls by this agent are rated riskier for 30 days; nothing is undone."
        htmlFor="regret-note"
      >
        <TextInput id="regret-note" name="note" required maxLength={2_000} autoComplete="off" />
      </Field>
      <div>
        <Button
          type="submit"
          aria-busy={pending}
          disabledReason={permitted ? undefined : "Only a reviewer or an operator can say so."}
        >
          {pending ? "Marking…" : "Mark as regretted"}
        </Button>
      </div>
    </form>
  );
}
