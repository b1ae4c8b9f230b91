"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { JsonText } from "@/components/ui/json-text";
import { Mono } from "@/components/ui/mono";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { TextArea } from "@/components/ui/text-area";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import type { RedactionTrial } from "@/lib/core/redaction/settings";
import { TRIAL_PLACE_WORDS } from "@/lib/core/redaction/trial-places";
import { faultAt, type FormAction } from "@/lib/core/shared/action-state";

type RedactionTryProps = {
  /** The settings as they stand in the form, as JSON. */
  settings: string;
  trial: FormAction<RedactionTrial>;
  disabledReason?: string | undefined;
};

const PLACES = Object.entries(TRIAL_PLACE_WORDS).map(([value, label]) => ({ value, label }));

/** Shows what would be stored of a text by the settings above, saved or not. */
export function RedactionTry({ settings, trial, disabledReason }: RedactionTryProps) {
  const { state, pending, form } = useFormAction(trial);
  // Held here, because a form is emptied when it is done and a second try is of the same text.
  const [text, setText] = useState("");
  const [place, setPlace] = useState("tool.args");
  const [agent, setAgent] = useState("");
  return (
    <Section title="Try it" id="try">
      <form {...form} className="grid gap-4 border-y border-hair bg-surface p-3">
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        <input type="hidden" name="settings" value={settings} />
        <Field
          label="What an agent sends"
          hint="JSON or text. Nothing of it is stored or logged."
          htmlFor="trial-text"
          error={faultAt(state, "/text")}
        >
          <TextArea
            id="trial-text"
            name="text"
            rows={6}
            spellCheck={false}
            className="font-mono"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </Field>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="Where it stands" htmlFor="trial-place">
            <Select
              id="trial-place"
              name="place"
              options={PLACES}
              value={place}
              onChange={({ target }) => setPlace(target.value)}
            />
          </Field>
          <Field label="From the agent (optional)" htmlFor="trial-agent">
            <TextInput
              id="trial-agent"
              name="agent"
              maxLength={200}
              value={agent}
              onChange={({ target }) => setAgent(target.value)}
            />
          </Field>
        </div>
        <div>
          <Button type="submit" aria-busy={pending} disabledReason={disabledReason}>
            {pending ? "Trying…" : "Try the settings above"}
          </Button>
        </div>
      </form>
      <div role="status">{state.status === "done" && state.data && <Outcome trial={state.data} />}</div>
    </Section>
  );
}

function Outcome({ trial: { is_kept, stored, findings } }: { trial: RedactionTrial }) {
  if (!is_kept) return <p>Nothing would be stored: content is not kept.</p>;
  return (
    <div className="grid gap-2">
      <p className="font-medium">{findings.length === 0 ? "Stored as it is" : "Stored as"}</p>
      <JsonText value={stored} label="What would be stored" />
      {findings.length > 0 && (
        <ul className="text-muted">
          {findings.map(({ detector, service, place, count }) => (
            <li key={`${detector} ${service} ${place}`}>
              {count} × {service ?? detector.replaceAll("_", " ")} at{" "}
              <Mono>
                <VisibleText text={place} />
              </Mono>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
