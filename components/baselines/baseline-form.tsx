"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { Baseline } from "@/lib/core/baselines/schema";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type BaselineFormProps = {
  agent: string;
  record: FormAction;
  /** What is recorded now. */
  begin: Baseline | null;
  disabledReason?: string | undefined;
};

type FieldName = Exclude<keyof Baseline, "source">;

const FIELDS: readonly {
  readonly name: FieldName;
  readonly label: string;
  readonly hint: string;
  readonly type?: "date";
  readonly required?: true;
}[] = [
  { name: "from", label: "First day", hint: "Before the agent began.", type: "date", required: true },
  { name: "to", label: "Last day", hint: "The period ends with it.", type: "date", required: true },
  { name: "cases", label: "Cases", hint: "How many people handled in it.", required: true },
  { name: "succeeded", label: "Resolved cases", hint: "As you would count a run as a success." },
  { name: "incidents", label: "Cases with an incident", hint: "Where something went wrong that had to be put right." },
  { name: "mean_minutes", label: "Minutes a case, mean", hint: "From the first touch to the end." },
  { name: "sd_minutes", label: "Minutes, standard deviation", hint: "Gives the change its interval." },
  { name: "median_minutes", label: "Minutes a case, median", hint: "Where you know it." },
  { name: "mean_cost_usd", label: "Cost a case, mean, in dollars", hint: "Wages and tools, such as 4.20." },
  { name: "sd_cost_usd", label: "Cost, standard deviation", hint: "Gives the change its interval." },
];

/** Records how the work was done before the agent. */
export function BaselineForm({ agent, record, begin, disabledReason }: BaselineFormProps) {
  const { state, pending, form } = useFormAction(record);
  return (
    <Section title={begin === null ? "Record a baseline" : "Record another baseline"} id="baseline">
      <form {...form} className="grid max-w-4xl gap-4 border-y border-hair bg-surface p-3">
        {state.status === "refused" && (state.faults ?? []).length === 0 && <Alert tone="error">{state.message}</Alert>}
        <input type="hidden" name="agent" value={agent} />
        <div className="grid gap-3 sm:grid-cols-3">
          {FIELDS.map(({ name, label, hint, type, required = false }) => (
            <Field key={name} label={label} hint={hint} htmlFor={`baseline-${name}`} error={faultAt(state, `/${name}`)}>
              <TextInput
                id={`baseline-${name}`}
                name={name}
                type={type ?? "text"}
                {...(type === undefined && { inputMode: "decimal" as const })}
                required={required}
                maxLength={20}
                autoComplete="off"
                defaultValue={begin?.[name] ?? ""}
              />
            </Field>
          ))}
          <Field
            label="Source"
            hint="Where the figures are from."
            htmlFor="baseline-source"
            error={faultAt(state, "/source")}
          >
            <TextInput
              id="baseline-source"
              name="source"
              maxLength={500}
              autoComplete="off"
              defaultValue={begin?.source ?? ""}
            />
          </Field>
        </div>
        <p className="text-muted">Leave out what you do not know. It takes the place of what was recorded before.</p>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" variant="primary" aria-busy={pending} disabledReason={disabledReason}>
            {pending ? "Recording…" : "Record baseline"}
          </Button>
          <span role="status" className="text-muted">
            {state.status === "done" && "Recorded."}
          </span>
        </div>
      </form>
    </Section>
  );
}
