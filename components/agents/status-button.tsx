"use client";

import { useActionState, useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { AgentStatus } from "@/lib/core/agents/schema";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";

type StatusButtonProps = {
  agent: string;
  to: Extract<AgentStatus, "active" | "retired">;
  update: FormAction;
  disabledReason?: string;
};

const WORDS = {
  active: {
    open: "Bring back…",
    title: "Bring this agent back",
    effect: "Its calls are decided by its manifest again from the moment this answers.",
    done: "Bring back",
  },
  retired: {
    open: "Retire…",
    title: "Retire this agent",
    effect: "Every later call is denied, for good: a retired agent is never brought back. Its history stays.",
    done: "Retire",
  },
} as const;

/** Brings an agent back or retires it, after saying what that means. */
export function StatusButton({ agent, to, update, disabledReason }: StatusButtonProps) {
  const [open, setOpen] = useState(false);
  const [state, submit, pending] = useActionState(update, IDLE);
  const words = WORDS[to];
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setOpen(true)} {...(disabledReason && { disabledReason })}>
        {words.open}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title={words.title}>
        <form action={submit} className="grid gap-4">
          <p>{words.effect}</p>
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <input type="hidden" name="agent" value={agent} />
          <input type="hidden" name="status" value={to} />
          <div className="flex justify-end gap-2">
            <Button type="button" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" variant="strong" aria-busy={pending}>
              {words.done}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
