"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

import { Button } from "@/components/ui/button";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

/** Takes back an approval as long as its call has not come. */
export function RevokeButton({ approvalId, revoke }: { approvalId: string; revoke: FormAction }) {
  const router = useRouter();
  const { state, pending, form } = useFormAction(revoke);
  useEffect(() => {
    if (state.status !== "idle") router.refresh();
  }, [state, router]);
  return (
    <form {...form} className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <input type="hidden" name="approval_id" value={approvalId} />
      <Button type="submit" size="sm" aria-busy={pending}>
        {pending ? "Taking it back…" : "Take the approval back"}
      </Button>
      {state.status === "refused" && <span role="alert">{state.message}</span>}
    </form>
  );
}
