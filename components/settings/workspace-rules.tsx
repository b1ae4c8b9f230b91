"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";
import type { WorkspaceSettings } from "@/lib/core/workspaces/settings";

type WorkspaceRulesProps = { settings: WorkspaceSettings; change: FormAction; disabledReason?: string };

/** What the workspace has set for itself: when an outcome is overdue, and how it comes back from a stop. */
export function WorkspaceRules({ settings, change, disabledReason }: WorkspaceRulesProps) {
  const { state, pending, form } = useFormAction(change);
  return (
    <Section title="Outcomes, recovery and requests for people">
      <form
        {...form}
        key={JSON.stringify(settings)}
        className="grid max-w-2xl gap-4 border-y border-hair bg-surface p-3"
      >
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        <Field
          label="Minutes until an outcome is overdue"
          hint="After that an allowed call counts as unreported, or as unknown where it cannot be undone. A longer wall clock in a manifest counts instead."
          htmlFor="outcome-due"
          error={faultAt(state, "/outcome_due_minutes")}
        >
          <TextInput
            id="outcome-due"
            name="outcome_due_minutes"
            inputMode="numeric"
            required
            defaultValue={settings.outcome_due_minutes}
          />
        </Field>
        <Field
          label="Minutes of reads only after a stop"
          hint="Leave it empty, and the workspace runs fully only when a person confirms it."
          htmlFor="recovery"
          error={faultAt(state, "/recovery_minutes")}
        >
          <TextInput
            id="recovery"
            name="recovery_minutes"
            inputMode="numeric"
            defaultValue={settings.recovery_minutes ?? ""}
          />
        </Field>
        <Field
          label="Minutes for which a refused call is refused again"
          hint="The agent is told why, and nobody is asked. 0 asks people every time."
          htmlFor="repeat"
          error={faultAt(state, "/repeat_minutes")}
        >
          <TextInput
            id="repeat"
            name="repeat_minutes"
            inputMode="numeric"
            required
            defaultValue={settings.repeat_minutes}
          />
        </Field>
        <Field
          label="Requests of one agent that may wait at once"
          hint="At most 25. What it asks beyond is denied, and as many again pause it."
          htmlFor="pending-cap"
          error={faultAt(state, "/pending_cap")}
        >
          <TextInput
            id="pending-cap"
            name="pending_cap"
            inputMode="numeric"
            required
            defaultValue={settings.pending_cap}
          />
        </Field>
        <div>
          <Button type="submit" aria-busy={pending} {...(disabledReason !== undefined && { disabledReason })}>
            {pending ? "Recording…" : "Save"}
          </Button>
        </div>
      </form>
    </Section>
  );
}
