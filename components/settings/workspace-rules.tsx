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

type Rule =
  | "outcome_due_minutes"
  | "run_idle_minutes"
  | "recovery_minutes"
  | "repeat_minutes"
  | "pending_cap"
  | "dependency_failures"
  | "dependency_cool_down_seconds";

const RULES: readonly {
  readonly name: Rule;
  readonly label: string;
  readonly hint: string;
  readonly optional?: true;
}[] = [
  {
    name: "outcome_due_minutes",
    label: "Minutes until an outcome is overdue",
    hint: "After that an allowed call counts as unreported, or as unknown where it cannot be undone. A longer wall clock in a manifest counts instead.",
  },
  {
    name: "run_idle_minutes",
    label: "Minutes without anything new until a run has ended",
    hint: "At least 5. A run that waits for a person does not end, and a later call opens it again.",
  },
  {
    name: "recovery_minutes",
    label: "Minutes of reads only after a stop",
    hint: "Leave it empty, and the workspace runs fully only when a person confirms it.",
    optional: true,
  },
  {
    name: "repeat_minutes",
    label: "Minutes for which a refused call is refused again",
    hint: "The agent is told why, and nobody is asked. 0 asks people every time.",
  },
  {
    name: "pending_cap",
    label: "Requests of one agent that may wait at once",
    hint: "At most 25. What it asks beyond is denied, and as many again pause it.",
  },
  {
    name: "dependency_failures",
    label: "Failed calls in a row that hold back a shared system",
    hint: "3 to 1,000, of two agents or more together. Tools name the system that they depend on.",
  },
  {
    name: "dependency_cool_down_seconds",
    label: "Seconds for which calls to that system are refused",
    hint: "5 to 3,600. Then one call tries; a success lets all through.",
  },
];

/** What the workspace has set for itself: when outcomes are overdue and runs have ended, recovery, what agents may ask, and when systems are held back. */
export function WorkspaceRules({ settings, change, disabledReason }: WorkspaceRulesProps) {
  const { state, pending, form } = useFormAction(change);
  return (
    <Section title="Outcomes, runs, recovery, requests and shared systems">
      <form
        {...form}
        key={JSON.stringify(settings)}
        className="grid max-w-2xl gap-4 border-y border-hair bg-surface p-3"
      >
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        {RULES.map(({ name, label, hint, optional }) => (
          <Field key={name} label={label} hint={hint} htmlFor={`rule-${name}`} error={faultAt(state, `/${name}`)}>
            <TextInput
              id={`rule-${name}`}
              name={name}
              inputMode="numeric"
              required={optional !== true}
              defaultValue={settings[name] ?? ""}
            />
          </Field>
        ))}
        <div>
          <Button type="submit" aria-busy={pending} {...(disabledReason !== undefined && { disabledReason })}>
            {pending ? "Recording…" : "Save"}
          </Button>
        </div>
      </form>
    </Section>
  );
}
