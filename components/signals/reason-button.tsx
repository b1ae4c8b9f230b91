"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { useDialogAction } from "@/components/ui/use-dialog-action";
import { SILENCE_HOURS } from "@/lib/core/alerts/schema";
import type { FormAction } from "@/lib/core/shared/action-state";

type ReasonButtonProps = {
  alertId: string;
  kind: "silence" | "dismiss";
  action: FormAction;
  disabledReason?: string | undefined;
};

const HOUR_WORDS: Readonly<Record<(typeof SILENCE_HOURS)[number], string>> = {
  "1": "1 hour",
  "4": "4 hours",
  "24": "1 day",
  "168": "7 days",
};
const HOURS = SILENCE_HOURS.map((value) => ({ value, label: HOUR_WORDS[value] }));

const WORDS = {
  silence: {
    label: "Silence…",
    title: "Silence this alert",
    what: "Nobody is told until then. It still resolves by itself, and fires again afterwards if it has not.",
    submit: "Silence",
  },
  dismiss: {
    label: "Dismiss…",
    title: "Dismiss this alert",
    what: "It is closed. If its condition still holds, a new alert begins.",
    submit: "Dismiss",
  },
} as const;

/** Silences or dismisses an alert with a reason that goes into the ledger. */
export function ReasonButton({ alertId, kind, action, disabledReason }: ReasonButtonProps) {
  const { state, pending, form, isOpen, open, close } = useDialogAction(action);
  const { label, title, what, submit } = WORDS[kind];
  return (
    <>
      <Button onClick={open} aria-haspopup="dialog" {...(disabledReason !== undefined && { disabledReason })}>
        {label}
      </Button>
      <Dialog open={isOpen} onClose={close} title={title}>
        <form {...form} className="grid gap-4">
          <p>{what}</p>
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <input type="hidden" name="id" value={alertId} />
          {kind === "silence" && (
            <Field label="For" htmlFor="silence-hours">
              <Select id="silence-hours" name="hours" options={HOURS} defaultValue="4" />
            </Field>
          )}
          <Field label="Reason" hint="Goes into the ledger." htmlFor={`${kind}-reason`}>
            <TextInput id={`${kind}-reason`} name="reason" required maxLength={1_000} autoComplete="off" />
          </Field>
          <DialogButtons onCancel={close} pending={pending} submit={submit} submitting="Recording…" variant="primary" />
        </form>
      </Dialog>
    </>
  );
}
