"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";
import { MOST_IN_BATCH, type WorkspaceSettings } from "@/lib/core/workspaces/settings";

type DeskRulesProps = { settings: WorkspaceSettings; change: FormAction; disabledReason?: string };

/** What the workspace has set for its decision desk. */
export function DeskRules({ settings, change, disabledReason }: DeskRulesProps) {
  const { state, pending, form } = useFormAction(change);
  return (
    <Section title="Decision desk">
      <form {...form} key={settings.batch_size} className="grid max-w-2xl gap-4 border-y border-hair bg-surface p-3">
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        <Field
          label="Actions in a batch"
          hint={`How many actions a reviewer takes at once, at most ${MOST_IN_BATCH}.`}
          htmlFor="batch-size"
          error={faultAt(state, "/batch_size")}
        >
          <TextInput
            id="batch-size"
            name="batch_size"
            inputMode="numeric"
            required
            defaultValue={settings.batch_size}
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
