"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { DialogButtons } from "@/components/ui/dialog-buttons";
import { Field } from "@/components/ui/field";
import { KeyValue } from "@/components/ui/key-value";
import { Mono } from "@/components/ui/mono";
import { TextInput } from "@/components/ui/text-input";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

export type StopTarget =
  | { readonly scope: "workspace" }
  | { readonly scope: "agent"; readonly id: string }
  | { readonly scope: "run"; readonly id: string; readonly label: string };

/** When the stop was asked for and when it held. */
export type StopReceipt = { readonly stop_id: string; readonly requested_at: string; readonly confirmed_at: string };

type StopFormProps = { target: StopTarget; action: FormAction<StopReceipt>; onClose: () => void };

const EFFECTS = {
  workspace:
    "Every decision in this workspace becomes halt from the moment this answers. Nothing that already ran is undone. Going on takes two people.",
  agent:
    "Every call of this agent is refused from the moment this answers, and its status becomes suspended. Other agents go on. Bringing it back takes two people.",
  run: "Every further call of this run is halted until two people resume it. The agent may start a new one.",
} as const;

/** Says what stopping will do, takes one line of reason, and then says when it held. */
export function StopForm({ target, action, onClose }: StopFormProps) {
  const { state, pending, form } = useFormAction(action);
  if (state.status === "done" && state.data) return <Stopped receipt={state.data} onClose={onClose} />;

  return (
    <form {...form} className="grid gap-4">
      <p>{EFFECTS[target.scope]}</p>
      {target.scope === "agent" && <Mono>{target.id}</Mono>}
      {target.scope === "run" && <Mono className="[overflow-wrap:anywhere]">{target.label}</Mono>}
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      <input type="hidden" name="scope" value={target.scope} />
      {target.scope !== "workspace" && <input type="hidden" name="id" value={target.id} />}
      <Field
        label="Reason"
        hint="One line. It goes into the ledger and on the banner that everyone sees."
        htmlFor="stop-reason"
      >
        <TextInput id="stop-reason" name="reason" required maxLength={1_000} autoComplete="off" autoFocus />
      </Field>
      <DialogButtons onCancel={onClose} pending={pending} submit="Stop now" submitting="Stopping…" variant="stop" />
    </form>
  );
}

function Stopped({ receipt, onClose }: { receipt: StopReceipt; onClose: () => void }) {
  const took = Math.max(0, Date.parse(receipt.confirmed_at) - Date.parse(receipt.requested_at));
  return (
    <div className="grid gap-4" role="status">
      <p className="font-semibold">
        Stopped. No decision made since {receipt.confirmed_at.slice(11, 23)} UTC can get past it.
      </p>
      <KeyValue
        items={[
          { label: "Requested", value: <Time at={receipt.requested_at} mode="clock" /> },
          { label: "Confirmed", value: <Time at={receipt.confirmed_at} mode="clock" /> },
          { label: "Took", value: `${took} ms` },
        ]}
      />
      <div className="flex justify-end">
        <Button onClick={onClose} autoFocus>
          Close
        </Button>
      </div>
    </div>
  );
}
