"use client";

import { Button } from "@/components/ui/button";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

type ExtendButtonProps = {
  approvalId: string;
  /** By how much; 0 where the workspace allows none, or it was used. */
  minutes: number;
  extend: FormAction<{ readonly expires_at: string }>;
};

/** More time for whoever needs it, once, where the workspace allows it. */
export function ExtendButton({ approvalId, minutes, extend }: ExtendButtonProps) {
  const { state, pending, form } = useFormAction(extend);
  if (minutes === 0) return null;
  return (
    <form {...form} className="flex items-center gap-2">
      <input type="hidden" name="approval_id" value={approvalId} />
      {state.status === "refused" && <span className="text-xs text-deny">{state.message}</span>}
      <Button type="submit" size="sm" aria-busy={pending}>
        {pending ? "Recording…" : `Add ${minutes} min, once`}
      </Button>
    </form>
  );
}
