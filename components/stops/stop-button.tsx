"use client";

import { useState } from "react";

import { useCommands } from "@/components/layout/commands";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import type { FormAction } from "@/lib/core/shared/action-state";

import { StopForm, type StopReceipt, type StopTarget } from "./stop-form";

type StopButtonProps = {
  target: StopTarget;
  action: FormAction<StopReceipt>;
  /** Whether this member may stop; others are told who may. */
  permitted: boolean;
  /** The button's words; "Stop…" in the top bar. */
  label?: string | undefined;
  size?: "sm" | "md" | undefined;
  /** The command that opens it too. */
  command?: "stop-agent" | undefined;
};

const TITLES = { workspace: "Stop this workspace", agent: "Stop this agent", run: "Stop this run" } as const;

/** The one solid red thing on any page: opens what stops a workspace, an agent or a run. */
export function StopButton({ target, action, permitted, label = "Stop…", size, command }: StopButtonProps) {
  const [open, setOpen] = useState(false);
  useCommands(command === undefined ? {} : { [command]: () => setOpen(true) });
  const close = () => setOpen(false);
  return (
    <>
      <Button variant="stop" size={size} onClick={() => setOpen(true)} aria-haspopup="dialog">
        {label}
      </Button>
      <Dialog open={open} onClose={close} title={TITLES[target.scope]}>
        {permitted ? (
          <StopForm target={target} action={action} onClose={close} />
        ) : (
          <p>
            You may look but not stop. A reviewer, an operator, a policy administrator or an administrator can; the
            members are listed in Settings.
          </p>
        )}
      </Dialog>
    </>
  );
}
