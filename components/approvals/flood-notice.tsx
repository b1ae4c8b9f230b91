"use client";

import { useState } from "react";

import { StopButton } from "@/components/stops/stop-button";
import type { StopReceipt } from "@/components/stops/stop-form";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Link } from "@/components/ui/link";
import { Mono } from "@/components/ui/mono";
import { TextInput } from "@/components/ui/text-input";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import type { Flood } from "@/lib/core/approvals/flood";
import { floodText } from "@/lib/core/approvals/flood-text";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";

type DeniedWaiting = { readonly denied: number; readonly left: number };

export type FloodActions = {
  readonly letAsk: FormAction;
  readonly denyWaiting: FormAction<DeniedWaiting>;
  readonly stop: FormAction<StopReceipt>;
};

type FloodNoticeProps = {
  flood: Flood;
  actions: FloodActions;
  may: { readonly stop: boolean; readonly letAsk: boolean; readonly deny: boolean };
};

/** One card for all that an agent asked beyond what people can answer: stop it, let it ask again, or deny what waits. */
export function FloodNotice({ flood, actions, may }: FloodNoticeProps) {
  return (
    <Alert
      tone="warn"
      title={
        <>
          Flooding:{" "}
          <Link href={paths.agent(flood.agent)} className="link">
            <Mono>
              <VisibleText text={flood.agent} />
            </Mono>
          </Link>{" "}
          {floodText(flood)}
        </>
      }
    >
      <p>
        It may ask for nothing until <Time at={flood.pausedUntil} mode="clock" />, or until somebody lets it. What waits
        keeps waiting.
      </p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <StopButton
          target={{ scope: "agent", id: flood.agent }}
          action={actions.stop}
          permitted={may.stop}
          label="Stop agent…"
          size="sm"
        />
        <LetAsk agent={flood.agent} action={actions.letAsk} permitted={may.letAsk} />
        <DenyWaiting agent={flood.agent} waiting={flood.waiting} action={actions.denyWaiting} permitted={may.deny} />
      </div>
    </Alert>
  );
}

type LetAskProps = { agent: string; action: FormAction; permitted: boolean };

function LetAsk({ agent, action, permitted }: LetAskProps) {
  const { state, pending, form } = useFormAction(action);
  return (
    <form {...form} className="flex flex-wrap items-center gap-2">
      <input type="hidden" name="agent" value={agent} />
      <Button
        type="submit"
        size="sm"
        aria-busy={pending}
        {...(!permitted && { disabledReason: "A reviewer or an operator can." })}
      >
        {pending ? "Recording…" : "Let it ask again"}
      </Button>
      {state.status === "refused" && (
        <span role="alert" className="text-xs">
          {state.message}
        </span>
      )}
    </form>
  );
}

type DenyWaitingProps = {
  agent: string;
  waiting: number;
  action: FormAction<DeniedWaiting>;
  permitted: boolean;
};

function DenyWaiting({ agent, waiting, action, permitted }: DenyWaitingProps) {
  const [open, setOpen] = useState(false);
  const { state, pending, form } = useFormAction(action);
  const close = () => setOpen(false);
  const reason = waiting === 0 ? "Nothing waits." : permitted ? null : "A reviewer can.";
  return (
    <>
      <Button
        size="sm"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        {...(reason !== null && { disabledReason: reason })}
      >
        Deny all waiting…
      </Button>
      <Dialog open={open} onClose={close} title={`Deny what ${agent} has waiting`}>
        <form {...form} className="grid gap-4">
          {state.status !== "done" && (
            <p>
              {waiting === 1 ? "One request is" : `${Math.min(waiting, 25)} requests are`} denied, each on its own, with
              this reason. None of them runs.
            </p>
          )}
          {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
          {state.status === "done" && state.data && (
            <p role="status">
              {state.data.denied} denied{state.data.left > 0 && `, ${state.data.left} left as they were`}.
            </p>
          )}
          <input type="hidden" name="agent" value={agent} />
          <Field label="Reason" hint="The agent reads it." htmlFor={`deny-waiting-${agent}`}>
            <TextInput
              id={`deny-waiting-${agent}`}
              name="note"
              required
              maxLength={2_000}
              autoComplete="off"
              defaultValue="This agent asked for too much at once."
            />
          </Field>
          <div className="flex flex-wrap justify-end gap-2">
            <Button type="button" onClick={close}>
              {state.status === "done" ? "Close" : "Cancel"}
            </Button>
            <Button type="submit" variant="primary" aria-busy={pending}>
              {pending ? "Recording…" : "Deny all"}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  );
}
