"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

/** Begins a practice round. */
export function StartPractice({ start }: { start: FormAction }) {
  const { state, pending, form } = useFormAction(start);
  return (
    <form {...form} className="grid justify-items-start gap-2">
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <Button type="submit" variant="strong" aria-busy={pending}>
        {pending ? "Choosing actions…" : "Start a round of five"}
      </Button>
    </form>
  );
}
