"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { useDialogAction } from "@/components/ui/use-dialog-action";
import type { Rule } from "@/lib/core/alerts/rules";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type RuleButtonProps = {
  rule: Pick<Rule, "id" | "title" | "kind" | "on" | "factor" | "forMinutes">;
  action: FormAction;
  disabledReason?: string | undefined;
};

const STATES = [
  { value: "on", label: "On" },
  { value: "off", label: "Off" },
];

/** Changes a rule for every agent that has no change of its own. */
export function RuleButton({ rule, action, disabledReason }: RuleButtonProps) {
  const { state, pending, form, isOpen, open, close } = useDialogAction(action);
  const isBurn = rule.kind === "burn" || rule.kind === "objective";
  return (
    <>
      <Button
        size="sm"
        onClick={open}
        aria-haspopup="dialog"
        aria-label={`Change the rule ${rule.title}`}
        {...(disabledReason !== undefined && { disabledReason })}
      >
        Change…
      </Button>
      <Dialog open={isOpen} onClose={close} title={rule.title}>
        <form {...form} className="grid gap-4">
          <p>Holds for every agent that has no change of its own.</p>
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <input type="hidden" name="rule" value={rule.id} />
          <Field label="State" htmlFor={`${rule.id}-on`}>
            <Select id={`${rule.id}-on`} name="on" options={STATES} defaultValue={rule.on ? "on" : "off"} />
          </Field>
          <Field
            label={isBurn ? "Times the pace that lasts" : "Times the usual"}
            hint="From 1 to 100."
            htmlFor={`${rule.id}-factor`}
            error={faultAt(state, "/factor")}
          >
            <TextInput id={`${rule.id}-factor`} name="factor" inputMode="decimal" defaultValue={String(rule.factor)} />
          </Field>
          <Field
            label="For how many minutes"
            hint="How long it must hold before anybody is told."
            htmlFor={`${rule.id}-for`}
            error={faultAt(state, "/for_minutes")}
          >
            <TextInput
              id={`${rule.id}-for`}
              name="for_minutes"
              inputMode="numeric"
              defaultValue={String(rule.forMinutes)}
            />
          </Field>
          <Field label="Reason" hint="Optional. Goes into the ledger." htmlFor={`${rule.id}-reason`}>
            <TextInput id={`${rule.id}-reason`} name="reason" maxLength={1_000} autoComplete="off" />
          </Field>
          <DialogButtons
            onCancel={close}
            pending={pending}
            submit="Change the rule"
            submitting="Recording…"
            variant="primary"
          />
        </form>
      </Dialog>
    </>
  );
}
