"use client";

import { useActionState } from "react";

import { keepFields } from "@/components/manifests/keep-fields";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { type ActionState, type FormAction, IDLE } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import type { RegisteredTool, ToolItem } from "@/lib/core/tools/item";

import { ClassFields } from "./class-fields";
import { type FaultAt, NameFields, SchemaFields } from "./tool-fields";

type ToolFormProps = {
  /** The entry to change; null to add one. */
  tool: ToolItem | null;
  /** The name to begin with, when adding one that is known from elsewhere. */
  name: string;
  register: FormAction<RegisteredTool | undefined>;
  disabledReason?: string;
};

/** One catalogue entry. What is not said is taken as the strictest. */
export function ToolForm({ tool, name, register, disabledReason }: ToolFormProps) {
  const [state, submit, pending] = useActionState(register, IDLE);
  const initial = { reversibility: tool?.reversibility ?? "irreversible", blastRadius: tool?.blast_radius ?? "high" };
  const faultAt: FaultAt = (path) =>
    state.status === "refused" ? state.faults?.find((fault) => fault.path === path)?.message : undefined;

  return (
    <form action={submit} onSubmit={keepFields(submit)} className="grid max-w-5xl gap-6">
      <NameFields tool={tool} name={name} faultAt={faultAt} />
      <ClassFields initial={initial} />
      <SchemaFields tool={tool} faultAt={faultAt} />
      <ToolAnswer state={state} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" aria-busy={pending} {...(disabledReason && { disabledReason })}>
          {tool ? "Change definition" : "Add to catalogue"}
        </Button>
        <ButtonLink href={paths.tools()} variant="quiet">
          Back to the catalogue
        </ButtonLink>
      </div>
    </form>
  );
}

function ToolAnswer({ state }: { state: ActionState<RegisteredTool | undefined> }) {
  if (state.status === "refused") {
    return (
      <Alert tone="error" title="Not stored">
        <p className="whitespace-pre-line">{state.message}</p>
      </Alert>
    );
  }
  if (state.status !== "done" || !state.data) return null;
  const { name, created, changed, needs_second_person: waits, message } = state.data;
  const title = created
    ? `${name} is in the catalogue`
    : waits
      ? `${name} waits for a second person`
      : changed
        ? `${name} has a new definition`
        : `${name} is saved, with the definition it had`;
  return (
    <div role="status">
      <Alert tone={message ? "warn" : "info"} title={title}>
        {message && <p>{message}</p>}
        {changed && !created && <p>Approvals that were open for the old definition are closed.</p>}
      </Alert>
    </div>
  );
}
