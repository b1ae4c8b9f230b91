"use client";

import { useActionState } from "react";

import { Button } from "@/components/ui/button";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";

type ReplayButtonProps = { letter: string; replay: FormAction; disabledReason?: string | undefined };

/** Has a batch that could not be written tried again. */
export function ReplayButton({ letter, replay, disabledReason }: ReplayButtonProps) {
  const [state, submit, pending] = useActionState(replay, IDLE);
  return (
    <form action={submit} className="grid justify-items-end gap-1">
      <input type="hidden" name="id" value={letter} />
      <Button type="submit" aria-busy={pending} {...(disabledReason !== undefined && { disabledReason })}>
        Replay
      </Button>
      {state.status === "refused" && (
        <p role="alert" className="text-xs text-deny">
          {state.message}
        </p>
      )}
    </form>
  );
}
