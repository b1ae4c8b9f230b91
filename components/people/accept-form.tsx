"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { PasswordField } from "@/components/ui/password-field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { type FormAction, faultAt } from "@/lib/core/shared/action-state";

type AcceptFormProps = { action: FormAction; code: string; email: string };

/** A password of one's own. The address cannot be changed: it says whose account it is. */
export function AcceptForm({ action, code, email }: AcceptFormProps) {
  const { state, pending, form } = useFormAction(action);
  return (
    <form {...form} className="grid gap-4">
      {state.status === "refused" && !state.faults && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="code" value={code} />
      <Field label="E-mail address" htmlFor="email">
        <TextInput id="email" name="email" type="email" autoComplete="username" value={email} readOnly />
      </Field>
      <PasswordField
        label="Choose a password"
        hint="12 characters or more. Nobody else ever sees it."
        error={faultAt(state, "/password")}
        autoComplete="new-password"
        minLength={12}
        maxLength={200}
        autoFocus
      />
      <Button type="submit" variant="primary" aria-busy={pending} className="w-full">
        {pending ? "Setting up…" : "Set up my account"}
      </Button>
    </form>
  );
}
