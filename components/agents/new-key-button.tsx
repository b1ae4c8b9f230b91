"use client";

import { useActionState, useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";

import { KeyOnce } from "./key-once";

/** A key just made. */
export type MadeKey = { readonly credential_id: string; readonly key: string; readonly expires_at: Date };

type NewKeyButtonProps = { agent: string; create: FormAction<MadeKey>; disabledReason?: string };

const DAYS = [30, 90, 180, 365].map((days) => ({ value: String(days), label: `${days} days` }));

/** Makes another key; the older ones go on, so that they can be exchanged without a gap. */
export function NewKeyButton({ agent, create, disabledReason }: NewKeyButtonProps) {
  const [round, setRound] = useState(0);
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    setRound(round + 1); // a new form each time: the last key must not come back
  };
  return (
    <>
      <Button
        size="sm"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        {...(disabledReason && { disabledReason })}
      >
        New key…
      </Button>
      <Dialog open={open} onClose={close} title={`New key for ${agent}`}>
        <NewKeyForm key={round} agent={agent} create={create} onClose={close} />
      </Dialog>
    </>
  );
}

type NewKeyFormProps = { agent: string; create: FormAction<MadeKey>; onClose: () => void };

function NewKeyForm({ agent, create, onClose }: NewKeyFormProps) {
  const [state, submit, pending] = useActionState(create, IDLE);
  if (state.status === "done" && state.data) {
    return (
      <div className="grid gap-4">
        <KeyOnce agentKey={state.data.key} expiresAt={state.data.expires_at} />
        <div className="flex justify-end">
          <Button variant="primary" onClick={onClose}>
            I have stored the key
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form action={submit} className="grid gap-4">
      <p>Put the new key where the agent reads it, see that it works, then revoke the old one.</p>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="agent" value={agent} />
      <Field label="Works for" htmlFor="key-days">
        <Select id="key-days" name="days" options={DAYS} defaultValue="90" />
      </Field>
      <div className="flex justify-end gap-2">
        <Button type="button" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" aria-busy={pending}>
          Make the key
        </Button>
      </div>
    </form>
  );
}
