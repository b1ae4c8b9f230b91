"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";
import type { WorkspaceSettings } from "@/lib/core/workspaces/settings";

type AnswerRulesProps = { settings: WorkspaceSettings; change: FormAction; disabledReason?: string };

const TOKENS = [
  { value: "false", label: "Elevated" },
  { value: "true", label: "High" },
];
const FROM = [
  { value: "false", label: "Critical" },
  { value: "true", label: "High and Critical" },
];

/** What the workspace has set for answers on the desk: the code, the moment to take one back, and more time. */
export function AnswerRules({ settings, change, disabledReason }: AnswerRulesProps) {
  const { state, pending, form } = useFormAction(change);
  return (
    <Section title="Answers on the desk">
      <form
        {...form}
        key={JSON.stringify(settings)}
        className="grid max-w-2xl gap-4 border-y border-hair bg-surface p-3"
      >
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        <Field
          label="Approving asks for a code from an authenticator app at"
          hint="What asks for a code is approved on screen only, never by token."
          htmlFor="step-up"
        >
          <Select
            id="step-up"
            name="step_up_high"
            options={FROM}
            defaultValue={String(settings.step_up_high)}
            className="max-w-60"
          />
        </Field>
        <Field
          label="Approving by token goes up to"
          hint="High by token asks for what the screen asks for: every part read, time to look and a note."
          htmlFor="by-token"
        >
          <Select
            id="by-token"
            name="high_by_token"
            options={TOKENS}
            defaultValue={String(settings.high_by_token)}
            className="max-w-60"
          />
        </Field>
        <Field
          label="Seconds to take back an approval of a Low action"
          hint="0 to 30. Nothing runs before they are over."
          htmlFor="undo"
          error={faultAt(state, "/undo_seconds")}
        >
          <TextInput id="undo" name="undo_seconds" inputMode="numeric" required defaultValue={settings.undo_seconds} />
        </Field>
        <Field
          label="Minutes by which a reviewer may extend a request, once"
          hint="0 to 60. With 0 nobody can."
          htmlFor="extend"
          error={faultAt(state, "/extend_once_minutes")}
        >
          <TextInput
            id="extend"
            name="extend_once_minutes"
            inputMode="numeric"
            required
            defaultValue={settings.extend_once_minutes}
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
