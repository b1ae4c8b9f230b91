"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CopyBlock } from "@/components/ui/copy-block";
import { Dialog } from "@/components/ui/dialog";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { TextInput } from "@/components/ui/text-input";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import type { Callback } from "@/lib/core/agents/callback";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type CallbackSectionProps = {
  agent: string;
  callback: Callback | null;
  set: FormAction<{ readonly url: string; readonly secret: string }>;
  remove: FormAction;
  disabledReason?: string;
};

/** Where the agent is told what became of its requests, so that it need not wait for them. */
export function CallbackSection({ agent, callback, set, remove, disabledReason }: CallbackSectionProps) {
  const removal = useFormAction(remove);
  return (
    <Section title="Call-back">
      {callback === null ? (
        <p className="text-muted">
          None: the agent polls its requests. With a call-back it is told as soon as people have decided.
        </p>
      ) : (
        <p className="min-w-0 break-words">
          <VisibleText text={callback.url} />{" "}
          <span className="text-muted">
            since <Time at={callback.createdAt} mode="date" />
          </span>
        </p>
      )}
      {removal.state.status === "refused" && <Alert tone="error">{removal.state.message}</Alert>}
      <div className="flex flex-wrap gap-2">
        <SetButton agent={agent} isSet={callback !== null} set={set} {...(disabledReason && { disabledReason })} />
        {callback !== null && !disabledReason && (
          <form {...removal.form}>
            <input type="hidden" name="agent" value={agent} />
            <Button type="submit" size="sm" aria-busy={removal.pending}>
              {removal.pending ? "Recording…" : "Remove"}
            </Button>
          </form>
        )}
      </div>
    </Section>
  );
}

type SetButtonProps = Pick<CallbackSectionProps, "agent" | "set" | "disabledReason"> & { isSet: boolean };

function SetButton({ agent, isSet, set, disabledReason }: SetButtonProps) {
  const [round, setRound] = useState(0);
  const [open, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    setRound(round + 1); // a new form each time: the last secret must not come back
  };
  return (
    <>
      <Button
        size="sm"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        {...(disabledReason && { disabledReason })}
      >
        {isSet ? "Change…" : "Set…"}
      </Button>
      <Dialog open={open} onClose={close} title={`Call-back of ${agent}`}>
        <SetForm key={round} agent={agent} set={set} onClose={close} />
      </Dialog>
    </>
  );
}

function SetForm({ agent, set, onClose }: Pick<SetButtonProps, "agent" | "set"> & { onClose: () => void }) {
  const { state, pending, form } = useFormAction(set);
  if (state.status === "done" && state.data) {
    return (
      <div className="grid gap-4">
        <Alert tone="warn" title="Copy the secret now. It is shown this once.">
          <p>What is sent to {state.data.url} is signed with it (Standard Webhooks).</p>
        </Alert>
        <CopyBlock text={state.data.secret} label="call-back secret" />
        <div className="flex justify-end">
          <Button variant="primary" onClick={onClose}>
            I have stored the secret
          </Button>
        </div>
      </div>
    );
  }
  return (
    <form {...form} className="grid gap-4">
      <p>
        When people have decided, the request&apos;s state and note are sent there. Arguments never are. A new secret
        replaces any older one at once.
      </p>
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="agent" value={agent} />
      <Field
        label="Address"
        hint="https, reachable from the internet."
        htmlFor="callback-url"
        error={faultAt(state, "/url")}
      >
        <TextInput id="callback-url" name="url" type="url" required maxLength={2_000} autoComplete="off" autoFocus />
      </Field>
      <DialogButtons
        onCancel={onClose}
        pending={pending}
        submit="Set call-back"
        submitting="Recording…"
        variant="primary"
      />
    </form>
  );
}
