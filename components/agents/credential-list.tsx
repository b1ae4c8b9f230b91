"use client";

import { useActionState, useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import type { CredentialItem } from "@/lib/core/agents/item";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";

type CredentialListProps = {
  agent: string;
  credentials: readonly CredentialItem[];
  revoke: FormAction;
  disabledReason?: string;
};

/** An agent's keys: what is left to recognise them by, how long they work, and the button that ends one at once. */
export function CredentialList({ agent, credentials, revoke, disabledReason }: CredentialListProps) {
  if (credentials.length === 0) return <p className="text-muted">This agent has no keys. It cannot call.</p>;
  return (
    <Table
      label={`Keys of ${agent}`}
      head={["Key", "State", "Made", "Expires", { label: "Actions", hidden: true }]}
      dense
    >
      {credentials.map((credential) => (
        <Row key={credential.id}>
          <Cell header className="font-mono text-xs">
            ilk_…{credential.hint}
          </Cell>
          <Cell>{stateOf(credential)}</Cell>
          <Cell>
            <Time at={credential.created_at} mode="date" />
          </Cell>
          <Cell>
            <Time at={credential.revoked_at ?? credential.expires_at} mode="date" />
          </Cell>
          <Cell className="whitespace-normal">
            {credential.usable && (
              <RevokeButton
                agent={agent}
                credential={credential}
                revoke={revoke}
                {...(disabledReason && { disabledReason })}
              />
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function stateOf(credential: CredentialItem) {
  if (credential.usable) return <span>Works</span>;
  return <span className="text-muted">{credential.revoked_at ? "Revoked" : "Expired"}</span>;
}

type RevokeButtonProps = { agent: string; credential: CredentialItem; revoke: FormAction; disabledReason?: string };

function RevokeButton({ agent, credential, revoke, disabledReason }: RevokeButtonProps) {
  const [open, setOpen] = useState(false);
  const [state, submit, pending] = useActionState(revoke, IDLE);
  return (
    <>
      <Button
        size="sm"
        aria-haspopup="dialog"
        aria-label={`Revoke key ending in ${credential.hint}…`}
        onClick={() => setOpen(true)}
        {...(disabledReason && { disabledReason })}
      >
        Revoke…
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title="Revoke this key">
        <form action={submit} className="grid gap-4 whitespace-normal">
          <p>
            From the moment this answers, nothing is decided for{" "}
            <span className="font-mono">ilk_…{credential.hint}</span>. Other keys of {agent} go on. It cannot be undone;
            a new key can be made.
          </p>
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          <input type="hidden" name="agent" value={agent} />
          <input type="hidden" name="credential_id" value={credential.id} />
          <div className="flex justify-end gap-2">
            <Button type="button" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button type="submit" variant="strong" aria-busy={pending} autoFocus>
              Revoke key
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
