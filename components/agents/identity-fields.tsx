"use client";

import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextArea } from "@/components/ui/text-area";
import { TextInput } from "@/components/ui/text-input";
import type { ActionState } from "@/lib/core/shared/action-state";

/** A member who may answer for an agent. */
export type MemberChoice = { readonly id: string; readonly label: string };

type IdentityFieldsProps = {
  members: readonly MemberChoice[];
  self: string;
  state: ActionState;
  handle: string;
  onHandle: (handle: string) => void;
};

const ENVIRONMENTS = [
  { value: "development", label: "Development" },
  { value: "staging", label: "Staging" },
  { value: "production", label: "Production" },
];

/** Who an agent is, what it is for, who answers for it and where it acts. */
export function IdentityFields({ members, self, state, handle, onHandle }: IdentityFieldsProps) {
  const options = members.map(({ id, label }) => ({ value: id, label }));
  return (
    <div className="grid content-start gap-4">
      <Field
        label="Handle"
        hint="What people and URLs call it; the agent.id of its manifest. It cannot be changed later."
        error={faultAt(state, "/id")}
        htmlFor="agent-id"
      >
        <TextInput
          id="agent-id"
          name="id"
          required
          value={handle}
          onChange={(event) => onHandle(event.target.value)}
          maxLength={100}
          pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
          title="Letters, digits, dot, underscore and hyphen, beginning with a letter or digit"
          className="font-mono"
          autoComplete="off"
        />
      </Field>
      <Field
        label="Task"
        hint="One specific statement of what it is for. Reviewers see it beside every action."
        error={faultAt(state, "/task")}
        htmlFor="agent-task"
      >
        <TextArea id="agent-task" name="task" required rows={3} maxLength={2_000} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="DRI" hint="The one person who answers for it." error={faultAt(state, "/dri")} htmlFor="agent-dri">
          <Select id="agent-dri" name="dri" defaultValue={self} options={options} />
        </Field>
        <Field label="Environment" hint="Where its tools act." htmlFor="agent-environment">
          <Select id="agent-environment" name="environment" defaultValue="production" options={ENVIRONMENTS} />
        </Field>
      </div>
    </div>
  );
}

function faultAt(state: ActionState, path: string): string | undefined {
  return state.status === "refused" ? state.faults?.find((fault) => fault.path === path)?.message : undefined;
}
