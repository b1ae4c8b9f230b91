"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

type OneClickProps = {
  fields: Readonly<Record<string, string>>;
  action: FormAction;
  label: string;
  busy: string;
  variant?: "primary" | "plain";
  disabledReason?: string | undefined;
};

/** One click in a safe direction: acknowledges an alert, lowers an agent. What was refused is said beside it. */
export function OneClick({ fields, action, label, busy, variant = "plain", disabledReason }: OneClickProps) {
  const { state, pending, form } = useFormAction(action);
  return (
    <form {...form} className="grid gap-1">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button
        type="submit"
        variant={variant}
        aria-busy={pending}
        {...(disabledReason !== undefined && { disabledReason })}
      >
        {pending ? busy : label}
      </Button>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
    </form>
  );
}
