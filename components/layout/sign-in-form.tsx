"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { PasswordField } from "@/components/ui/password-field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

/** E-mail address and password. Works before its script has loaded. */
export function SignInForm({ action, callbackUrl }: { action: FormAction; callbackUrl: string }) {
  const { state, pending, form } = useFormAction(action);

  return (
    <form {...form} className="grid gap-4">
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="callbackUrl" value={callbackUrl} />
      <Field label="E-mail address" htmlFor="email">
        <TextInput
          id="email"
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
        />
      </Field>
      <PasswordField label="Password" autoComplete="current-password" />
      <Button type="submit" variant="primary" aria-busy={pending} className="w-full">
        {pending ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
