"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { hasLimit, Measure, MEASURES, WINDOW_DAYS } from "@/lib/core/objectives/schema";
import { MEASURE_WORDS } from "@/lib/core/objectives/words";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type ObjectiveFormProps = {
  set: FormAction;
  /** The agents the person may set objectives for. */
  agents: readonly string[];
  chosen: string | undefined;
  disabledReason?: string | undefined;
};

const CHOICES = MEASURES.map((measure) => {
  const { name, counts, good } = MEASURE_WORDS[measure];
  return { value: measure, label: `${name}: ${counts} ${hasLimit(measure) ? `${good} …` : `that ${good}`}` };
});
const DAYS = WINDOW_DAYS.map((days) => ({ value: String(days), label: `${days} days` }));

/** Sets an objective of an agent. */
export function ObjectiveForm({ set, agents, chosen, disabledReason }: ObjectiveFormProps) {
  const { state, pending, form } = useFormAction(set);
  const [measure, setMeasure] = useState<Measure>("success");
  const seconds = measure === "time";
  return (
    <Section title="Set an objective" id="set">
      <form {...form} className="grid max-w-3xl gap-4 border-y border-hair bg-surface p-3">
        {state.status === "refused" && (state.faults ?? []).length === 0 && <Alert tone="error">{state.message}</Alert>}
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Agent" htmlFor="objective-agent">
            <Select
              id="objective-agent"
              name="agent"
              defaultValue={chosen}
              options={agents.map((agent) => ({ value: agent, label: agent }))}
            />
          </Field>
          <Field label="Measure" htmlFor="objective-measure">
            <Select
              id="objective-measure"
              name="measure"
              value={measure}
              onChange={(event) => setMeasure(Measure.catch("success").parse(event.target.value))}
              options={CHOICES}
            />
          </Field>
          <Field
            label="At least, in percent"
            hint="99 leaves 1 in 100 as the error budget."
            htmlFor="objective-target"
            error={faultAt(state, "/target_percent")}
          >
            <TextInput
              id="objective-target"
              name="target_percent"
              type="number"
              min={0.01}
              max={99.99}
              step={0.01}
              required
              defaultValue="95"
            />
          </Field>
          <Field label="Over" hint="Whole days of UTC, today among them." htmlFor="objective-days">
            <Select id="objective-days" name="days" defaultValue="28" options={DAYS} />
          </Field>
          {hasLimit(measure) && (
            <Field
              label={seconds ? "A run takes at most, in seconds" : "A run costs at most, in dollars"}
              hint={seconds ? "90, or 2.5." : "0.25. Runs with calls that have no price are left out."}
              htmlFor="objective-limit"
              error={faultAt(state, "/at_most")}
            >
              <TextInput id="objective-limit" name="at_most" required inputMode="decimal" maxLength={20} />
            </Field>
          )}
        </div>
        <p className="text-muted">
          It takes the place of the agent’s objective of the same measure. When its error budget goes too fast, the
          agent’s owners are told.
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" variant="primary" aria-busy={pending} disabledReason={disabledReason}>
            {pending ? "Counting…" : "Set objective"}
          </Button>
          <span role="status" className="text-muted">
            {state.status === "done" && "Set."}
          </span>
        </div>
      </form>
    </Section>
  );
}
