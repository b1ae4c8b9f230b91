"use client";

import { useActionState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { VisibleText } from "@/components/ui/visible-text";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";
import type { ToolItem } from "@/lib/core/tools/item";

type AcceptToolProps = {
  tool: Pick<ToolItem, "name" | "hash">;
  /** The tool it can be taken for. */
  twin: string | null;
  accept: FormAction;
  disabledReason?: string;
};

/** A quarantined tool: why it is held, and the one way to take it into use. */
export function AcceptTool({ tool, twin, accept, disabledReason }: AcceptToolProps) {
  const [state, submit, pending] = useActionState(accept, IDLE);
  return (
    <Alert tone="warn" title="Quarantined: every call of this tool is denied">
      <form action={submit} className="grid gap-2">
        <p>Its name reads like that of another tool. Accept it only if two tools with such names are really meant.</p>
        <p className="grid font-mono text-base">
          <VisibleText text={tool.name} />
          {twin && <VisibleText text={twin} />}
        </p>
        {state.status === "refused" && <p className="font-medium text-deny">■ {state.message}</p>}
        <input type="hidden" name="name" value={tool.name} />
        <input type="hidden" name="hash" value={tool.hash} />
        <div>
          <Button type="submit" aria-busy={pending} {...(disabledReason && { disabledReason })}>
            Accept this definition
          </Button>
        </div>
      </form>
    </Alert>
  );
}
