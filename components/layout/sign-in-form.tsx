"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

/** E-mail address and password. Works before its script has loaded; paste and password managers are welcome. */
export function SignInForm({ action, callbackUrl }: { action: FormAction; callbackUrl: string }) {
  const { state, pending, form } = useFormAction(action);
  const [shown, setShown] = useState(false);

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
      <Field label="Password" htmlFor="password">
        <TextInput
          id="password"
          name="password"
          type={shown ? "text" : "password"}
          autoComplete="current-password"
          required
        />
      </Field>
      <label className="flex min-h-6 items-center gap-2">
        <input
          type="checkbox"
          checked={shown}
          onChange={(event) => setShown(event.target.checked)}
          className="size-4 accent-accent"
        />
        Show what I type
      </label>
      <Button type="submit" variant="primary" aria-busy={pending} className="w-full">
        {pending ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}
