"use client";

import { type FormEvent, useId } from "react";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { TextArea } from "@/components/ui/text-area";

import { useReview } from "./review-context";
import { useEscape } from "./use-escape";

const LEAST_CHARS = 3;

/** No, with something the agent can act on. */
export function ReturnPanel() {
  const { note, setNote, vote, openPanel } = useReview();
  useEscape(() => openPanel(null));
  const id = useId();
  const short = note.trim().length < LEAST_CHARS;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (!short) vote("return", note.trim());
  };
  return (
    <form role="group" aria-label="Return with note" onSubmit={submit} className="grid gap-2 border-b border-hair pb-3">
      <Field
        label="What should the agent do instead?"
        hint="The agent gets this text with the denial. The call does not run."
        htmlFor={id}
      >
        <TextArea
          id={id}
          rows={3}
          maxLength={2_000}
          autoFocus
          value={note}
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
          }}
        />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="strong" disabledReason={short ? "Write what the agent should do." : undefined}>
          Return with note <Kbd>Ctrl Enter</Kbd>
        </Button>
        <Button variant="quiet" onClick={() => openPanel(null)}>
          Cancel <Kbd>Esc</Kbd>
        </Button>
      </div>
    </form>
  );
}
