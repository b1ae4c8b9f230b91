"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";
import { usdOf } from "@/lib/core/shared/money";
import type { Consent, Resumed } from "@/lib/core/workspaces/stop";

type ResumeButtonProps = {
  stopId: string;
  scope: "workspace" | "agent" | "run";
  /** What will go on: "this workspace", an agent's handle, a run's name. */
  what: string;
  consents: readonly Consent[];
  action: FormAction<Resumed>;
  /** Why the person looking may not consent; null when they may. */
  refusal: string | null;
};

const EFFECTS = {
  workspace:
    "After two people, tools that read may run again. Everything else is denied until a person confirms that as well.",
  agent: "After two people, its calls are decided by its manifest again. Runs that were halted stay halted.",
  run: "After two people, the run goes on. A bound it has met halts it again at once, unless both give it the same more.",
} as const;

/** One person's consent to end a stop, with a note for the ledger. The second person's ends it. */
export function ResumeButton({ refusal, what, ...rest }: ResumeButtonProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        size="sm"
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        {...(refusal !== null && { disabledReason: refusal })}
      >
        Resume…
      </Button>
      <Dialog open={open} onClose={close} title={`Resume ${what}`}>
        <ResumeForm {...rest} onClose={close} />
      </Dialog>
    </>
  );
}

type ResumeFormProps = Omit<ResumeButtonProps, "refusal" | "what"> & { onClose: () => void };

function ResumeForm({ stopId, scope, consents, action, onClose }: ResumeFormProps) {
  const { state, pending, form } = useFormAction(action);
  if (state.status === "done" && state.data?.resumed === false) return <Kept onClose={onClose} />;
  const first = consents.find((consent) => consent.counts);
  return (
    <form {...form} className="grid gap-4">
      <p>{EFFECTS[scope]}</p>
      <p className="font-medium">
        {first ? `${first.name} has consented. Yours is the second.` : "Yours is the first of two consents."}
      </p>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="stop_id" value={stopId} />
      {scope === "run" && <AllowanceFields first={first} />}
      <Field label="What was found, and why it is safe to go on" hint="Goes into the ledger." htmlFor="resume-note">
        <TextInput id="resume-note" name="note" required maxLength={1_000} autoComplete="off" autoFocus />
      </Field>
      <DialogButtons
        onCancel={onClose}
        pending={pending}
        submit={first ? "Resume" : "Consent"}
        submitting="Recording…"
        variant="primary"
      />
    </form>
  );
}

function AllowanceFields({ first }: { first: Consent | undefined }) {
  return (
    <fieldset className="grid gap-2 sm:grid-cols-3">
      <legend className="mb-1 font-medium">More than its bounds, the same by both people</legend>
      <Field label="Steps">
        <TextInput name="extra_steps" inputMode="numeric" pattern="\d*" defaultValue={first?.extra_steps ?? 0} />
      </Field>
      <Field label="Seconds">
        <TextInput name="extra_seconds" inputMode="numeric" pattern="\d*" defaultValue={first?.extra_seconds ?? 0} />
      </Field>
      <Field label="USD">
        <TextInput
          name="extra_cost_usd"
          inputMode="decimal"
          pattern="\d*(\.\d{1,6})?"
          defaultValue={first ? usdOf(first.extra_cost_micros) : 0}
        />
      </Field>
    </fieldset>
  );
}

function Kept({ onClose }: { onClose: () => void }) {
  return (
    <div className="grid gap-4" role="status">
      <p className="font-semibold">Your consent is recorded. A second person has to consent as well.</p>
      <p>Nothing goes on yet. Only another operator, who does not answer for the agent, can be the second.</p>
      <div className="flex justify-end">
        <Button onClick={onClose} autoFocus>
          Close
        </Button>
      </div>
    </div>
  );
}
