"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import type { DestinationKind } from "@/lib/core/notifications/schema";
import { EVENT_WORDS, NOTICE_EVENTS } from "@/lib/core/notifications/notice-words";
import { type ActionState, faultAt, type FormAction } from "@/lib/core/shared/action-state";

import { Secret } from "./secret";

export type AddDestinationProps = {
  add: FormAction<{ readonly destination: string; readonly secret: string | null }>;
  agents: readonly string[];
  /** Whether this server can send e-mail at all. */
  mail: boolean;
};

const KINDS: readonly { readonly value: DestinationKind; readonly label: string }[] = [
  { value: "webhook", label: "Webhook" },
  { value: "slack", label: "Slack channel" },
  { value: "email", label: "E-mail address" },
];
const BANDS = [
  { value: "low", label: "Low and above" },
  { value: "elevated", label: "Elevated and above" },
  { value: "high", label: "High and above" },
  { value: "critical", label: "Critical only" },
];
const USUAL = new Set(["approval.waiting", "approval.unseen", "incident.opened", "workspace.stopped"]);

/** The form of a new destination; what it asks for depends on the kind. */
export function AddDestination({ add, agents, mail }: AddDestinationProps) {
  const [kind, setKind] = useState<DestinationKind>("webhook");
  const { state, pending, form } = useFormAction(add);
  const made = state.status === "done" ? state.data : undefined;
  return (
    <>
      {made?.secret && <Secret secret={made.secret} />}
      <form {...form} className="grid max-w-2xl gap-4 border-y border-hair bg-surface p-3">
        <h3 className="font-semibold">Add a destination</h3>
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        <fieldset>
          <legend className="mb-1 font-medium">Kind</legend>
          <div className="flex flex-wrap gap-x-5">
            {KINDS.map(({ value, label }) => (
              <label key={value} className="inline-flex min-h-6 items-center gap-2 pointer-coarse:min-h-11">
                <input
                  type="radio"
                  name="kind"
                  value={value}
                  checked={kind === value}
                  onChange={() => setKind(value)}
                  className="size-4 accent-accent"
                />
                {label}
              </label>
            ))}
          </div>
        </fieldset>
        <Field label="Name" error={faultAt(state, "/name")}>
          <TextInput name="name" required maxLength={80} autoComplete="off" placeholder="Desk channel" />
        </Field>
        <Where key={kind} kind={kind} state={state} mail={mail} />
        <What state={state} agents={agents} />
        <div>
          <Button type="submit" aria-busy={pending}>
            {pending ? "Recording…" : "Add destination"}
          </Button>
        </div>
      </form>
    </>
  );
}

function Where({ kind, state, mail }: { kind: DestinationKind; state: ActionState; mail: boolean }) {
  const error = faultAt(state, "/address");
  if (kind === "webhook")
    return (
      <Field
        label="Address"
        hint="https, on the public internet. Signed as Standard Webhooks says; redirects are not followed."
        htmlFor="destination-address"
        error={error}
      >
        <TextInput
          id="destination-address"
          name="address"
          type="url"
          required
          placeholder="https://example.com/hooks/interlock"
        />
      </Field>
    );
  if (kind === "email")
    return (
      <Field
        label="E-mail address"
        hint={
          mail
            ? "One plain address. Low ones come in one list an hour."
            : "This server has no SMTP_URL yet; nothing can be sent."
        }
        htmlFor="destination-address"
        error={error}
      >
        <TextInput id="destination-address" name="address" type="email" required placeholder="oncall@example.com" />
      </Field>
    );
  return (
    <>
      <Field
        label="Channel id"
        hint="In Slack: the channel’s details, at the very bottom."
        htmlFor="destination-address"
        error={error}
      >
        <TextInput id="destination-address" name="address" required placeholder="C0123456789" autoComplete="off" />
      </Field>
      <Field
        label="Bot token"
        hint="Of your Slack app, with the scope chat:write, after inviting it to the channel. Kept sealed, never shown again."
        htmlFor="bot-token"
        error={faultAt(state, "/bot_token")}
      >
        <TextInput id="bot-token" name="bot_token" type="password" required placeholder="xoxb-…" autoComplete="off" />
      </Field>
      <Field
        label="Signing secret"
        hint="Of the same app. Its interactivity address is /api/v1/slack/interactions on this server."
        htmlFor="signing-secret"
        error={faultAt(state, "/signing_secret")}
      >
        <TextInput id="signing-secret" name="signing_secret" type="password" required autoComplete="off" />
      </Field>
    </>
  );
}

function What({ state, agents }: { state: ActionState; agents: readonly string[] }) {
  const all = [{ value: "", label: "All agents" }, ...agents.map((agent) => ({ value: agent, label: agent }))];
  const error = faultAt(state, "/events");
  return (
    <>
      <fieldset>
        <legend className="mb-1 font-medium">Tell it of</legend>
        <ul className="grid gap-1">
          {NOTICE_EVENTS.map((event) => (
            <li key={event}>
              <label className="flex min-h-6 items-start gap-2 pointer-coarse:min-h-11">
                <input
                  type="checkbox"
                  name="events[]"
                  value={event}
                  defaultChecked={USUAL.has(event)}
                  className="mt-1 size-4 shrink-0 accent-accent"
                />
                <span>
                  {EVENT_WORDS[event].name} <span className="text-xs text-muted">{EVENT_WORDS[event].hint}</span>
                </span>
              </label>
            </li>
          ))}
        </ul>
        {error && <p className="text-xs font-medium text-deny">■ {error}</p>}
      </fieldset>
      <div className="flex flex-wrap gap-3">
        <div className="min-w-48 flex-1">
          <Field label="From which risk on">
            <Select name="least_band" options={BANDS} defaultValue="low" />
          </Field>
        </div>
        <div className="min-w-48 flex-1">
          <Field label="Of which agent" error={faultAt(state, "/agent")}>
            <Select name="agent" options={all} defaultValue="" />
          </Field>
        </div>
      </div>
    </>
  );
}
