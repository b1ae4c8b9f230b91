"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";
import type { WorkspaceSettings } from "@/lib/core/workspaces/settings";

type CalibrationFormProps = { settings: WorkspaceSettings; change: FormAction; disabledReason?: string };

/** Whether past refusals come up again among real actions. Everybody who reviews is told. */
export function CalibrationForm({ settings, change, disabledReason }: CalibrationFormProps) {
  const { state, pending, form } = useFormAction(change);
  return (
    <Section title="Calibration items">
      <form
        {...form}
        key={JSON.stringify(settings)}
        className="grid max-w-2xl gap-4 border-y border-hair bg-surface p-3"
      >
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        <p className="text-muted">
          Past actions that people denied, returned or regretted come up again among real ones, with today's date.
          Nothing can carry one out. Whoever answers is told at once what it was. None comes while an incident that a
          person opened is unresolved, or the workspace is stopped.
        </p>
        <label className="flex min-h-6 items-center gap-2">
          <input
            type="checkbox"
            name="calibration"
            defaultChecked={settings.calibration}
            className="size-4 accent-accent"
          />
          Mix calibration items into the desk
        </label>
        <Field
          label="One item for about so many decisions"
          hint="From 5 to 500. The distance varies, so that nobody can count it out."
          htmlFor="calibration-one-in"
          error={faultAt(state, "/calibration_one_in")}
        >
          <TextInput
            id="calibration-one-in"
            name="calibration_one_in"
            inputMode="numeric"
            required
            defaultValue={settings.calibration_one_in}
          />
        </Field>
        <Field
          label="Days an action must be past"
          hint="So that whoever decided it does not remember it."
          htmlFor="calibration-days"
          error={faultAt(state, "/calibration_source_days")}
        >
          <TextInput
            id="calibration-days"
            name="calibration_source_days"
            inputMode="numeric"
            required
            defaultValue={settings.calibration_source_days}
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
