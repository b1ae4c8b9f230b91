"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { type FormAction, faultAt } from "@/lib/core/shared/action-state";
import { ROLES, type Role } from "@/lib/core/workspaces/schema";

import { SecretOnce } from "./secret-once";

export type AddedMember = { readonly member_id: string; readonly email: string; readonly token: string };

type AddMemberProps = { add: FormAction<AddedMember>; permitted: boolean };

const DUTIES: Record<Role, string> = {
  viewer: "sees everything, changes nothing",
  reviewer: "decides waiting actions",
  operator: "stops, suspends and resumes",
  policy_admin: "manifests, tools, guardrails",
  admin: "members and all of the above but reviewing",
};

/** Adds a person. Their first personal token is shown once. */
export function AddMember({ add, permitted }: AddMemberProps) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <div>
      <Button
        onClick={() => setOpen(true)}
        aria-haspopup="dialog"
        disabledReason={permitted ? undefined : "Only an administrator can add members."}
      >
        Add a member…
      </Button>
      <Dialog open={open} onClose={close} title="Add a member">
        <AddMemberForm add={add} onClose={close} />
      </Dialog>
    </div>
  );
}

function AddMemberForm({ add, onClose }: { add: FormAction<AddedMember>; onClose: () => void }) {
  const { state, pending, form } = useFormAction(add);
  if (state.status === "done" && state.data) return <Added member={state.data} onClose={onClose} />;
  return (
    <form {...form} className="grid gap-4">
      {state.status === "refused" && !state.faults && <Alert tone="error">{state.message}</Alert>}
      <Field label="E-mail address" error={faultAt(state, "/email")}>
        <TextInput
          name="email"
          type="email"
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
        />
      </Field>
      <Field label="Name" error={faultAt(state, "/name")}>
        <TextInput name="name" required maxLength={200} autoComplete="off" />
      </Field>
      <fieldset className="grid gap-1">
        <legend className="mb-1 font-medium">Roles</legend>
        {ROLES.map((role) => (
          <label
            key={role}
            className="flex min-h-6 items-baseline gap-2 pointer-coarse:min-h-11 pointer-coarse:items-center"
          >
            <input
              type="checkbox"
              name="roles[]"
              value={role}
              defaultChecked={role === "viewer"}
              className="size-4 self-center accent-accent"
            />
            <span>
              {role.replace("_", " ")} <span className="text-xs text-muted">{DUTIES[role]}</span>
            </span>
          </label>
        ))}
        {faultAt(state, "/roles") && <p className="text-xs font-medium text-deny">■ Choose at least one role.</p>}
      </fieldset>
      <Field
        label="Password"
        hint="Optional, 12 characters or more. Without one they sign in by single sign-on, or use their token."
        error={faultAt(state, "/password")}
      >
        <TextInput name="password" type="password" autoComplete="new-password" minLength={12} maxLength={200} />
      </Field>
      <div className="flex flex-wrap justify-end gap-2">
        <Button type="button" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" aria-busy={pending}>
          {pending ? "Adding…" : "Add"}
        </Button>
      </div>
    </form>
  );
}

function Added({ member, onClose }: { member: AddedMember; onClose: () => void }) {
  return (
    <div className="grid gap-4" role="status">
      <p>{member.email} is a member now.</p>
      <SecretOnce secret={member.token} title="Their first personal token" label="the new member's token" />
      <div className="flex justify-end">
        <Button onClick={onClose}>Close</Button>
      </div>
    </div>
  );
}
