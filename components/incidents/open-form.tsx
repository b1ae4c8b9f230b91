"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FailureClass, NewIncidentQuery } from "@/lib/core/incidents/schema";
import { FAILURE_CLASSES, FAILURE_WORDS } from "@/lib/core/incidents/failures";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type OpenFormProps = {
  agents: readonly string[];
  /** What the link to this form already knew. */
  given: NewIncidentQuery;
  open: FormAction;
  disabledReason?: string;
};

const CLASSES = FAILURE_CLASSES.map((failure) => ({ value: failure, label: FAILURE_WORDS[failure].name }));

/** Opens an incident by hand: whose, which kind of failure, and in which run. */
export function OpenForm({ agents, given, open, disabledReason }: OpenFormProps) {
  const { state, pending, form } = useFormAction(open);
  const [failure, setFailure] = useState<FailureClass>("rogue_action");
  const words = FAILURE_WORDS[failure];
  return (
    <form {...form} className="grid max-w-3xl gap-4">
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <Field label="What happened" hint="One line." htmlFor="incident-title" error={faultAt(state, "/title")}>
        <TextInput id="incident-title" name="title" required maxLength={200} autoComplete="off" />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Agent" hint="Whose run or action it was." htmlFor="incident-agent">
          <Select
            id="incident-agent"
            name="agent"
            options={agents.map((handle) => ({ value: handle, label: handle }))}
            defaultValue={given.agent}
          />
        </Field>
        <Field label="Run" hint="Its id, if it was one run." htmlFor="incident-run" error={faultAt(state, "/run")}>
          <TextInput id="incident-run" name="run" defaultValue={given.run ?? ""} autoComplete="off" />
        </Field>
      </div>
      <Field label="Class" htmlFor="incident-class">
        <Select
          id="incident-class"
          name="class"
          options={CLASSES}
          value={failure}
          onChange={(event) => setFailure(FAILURE_CLASSES.find((one) => one === event.target.value) ?? "rogue_action")}
        />
      </Field>
      <dl className="grid gap-1 text-muted">
        <dt className="sr-only">What it means</dt>
        <dd>{words.what}</dd>
        <dt className="font-medium">Infrastructure gap</dt>
        <dd>{words.gap}</dd>
        <dt className="font-medium">Control that prevents it</dt>
        <dd>{words.control}</dd>
      </dl>
      <div>
        <Button
          variant="primary"
          type="submit"
          aria-busy={pending}
          {...(disabledReason !== undefined && { disabledReason })}
        >
          {pending ? "Recording…" : "Open the incident"}
        </Button>
      </div>
    </form>
  );
}
