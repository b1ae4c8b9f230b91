"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

type ResumeButtonProps = {
  stopId: string;
  /** What will go on: "this workspace", an agent's handle. */
  what: string;
  action: FormAction;
  permitted: boolean;
};

/** Ends one stop, with a note for the ledger. */
export function ResumeButton({ stopId, what, action, permitted }: ResumeButtonProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        size="sm"
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        disabledReason={permitted ? undefined : "Only an operator can resume."}
      >
        Resume…
      </Button>
      <Dialog open={open} onClose={close} title={`Resume ${what}`}>
        <ResumeForm stopId={stopId} action={action} onClose={close} />
      </Dialog>
    </>
  );
}

function ResumeForm({ stopId, action, onClose }: { stopId: string; action: FormAction; onClose: () => void }) {
  const { state, pending, form } = useFormAction(action);
  return (
    <form {...form} className="grid gap-4">
      <p>Calls are decided by their manifests again from the moment this answers. Runs that were halted stay halted.</p>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="stop_id" value={stopId} />
      <Field label="What was found, and why it is safe to go on" hint="Goes into the ledger." htmlFor="resume-note">
        <TextInput id="resume-note" name="note" required maxLength={1_000} autoComplete="off" autoFocus />
      </Field>
      <div className="flex flex-wrap justify-end gap-2">
        <Button type="button" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="primary" type="submit" aria-busy={pending}>
          {pending ? "Resuming…" : "Resume"}
        </Button>
      </div>
    </form>
  );
}
