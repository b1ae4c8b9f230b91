"use client";

import { type FormEvent, useEffect, useId, useRef } from "react";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { TextInput } from "@/components/ui/text-input";
import { NOTE_CHARS } from "@/lib/core/approvals/gate";

import { useReview } from "./review-context";
import { useEscape } from "./use-escape";

/** What approving takes in this band, and the second press that does it. */
export function ApprovePanel() {
  const { gate, left, note, setNote, typed, setTyped, vote, openPanel } = useReview();
  useEscape(() => openPanel(null));
  const form = useRef<HTMLFormElement>(null);
  const [noteId, countId] = [useId(), useId()];
  const ready = left.length === 0;
  useEffect(() => {
    // The first thing there is to do here; with nothing to type, the button that does it.
    form.current?.querySelector<HTMLElement>("input, button[type=submit]")?.focus();
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) vote("approve", note.trim());
  };

  return (
    <form
      ref={form}
      role="group"
      aria-label="Approve once"
      onSubmit={submit}
      className="grid gap-2 border-b border-hair pb-3"
    >
      <p>
        <b>Approve once:</b> this call only, with exactly these arguments, until it expires.
      </p>
      <div className="grid gap-2 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-end">
        {gate.noteChars > 0 && (
          <Field
            label="What did you check?"
            hint={`At least ${NOTE_CHARS} characters; kept with the decision.`}
            htmlFor={noteId}
          >
            <TextInput
              id={noteId}
              maxLength={2_000}
              autoComplete="off"
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </Field>
        )}
        {gate.typed !== null && (
          <Field
            label={`How many ${gate.typed.unit} are affected?`}
            hint="The number is printed in the effect."
            htmlFor={countId}
          >
            <TextInput
              id={countId}
              inputMode="numeric"
              autoComplete="off"
              pattern="[0-9]*"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          type="submit"
          variant="primary"
          aria-describedby={`${noteId}-left`}
          {...(!ready && { "aria-disabled": true })}
        >
          Approve once <Kbd>Enter</Kbd>
        </Button>
        <Button variant="quiet" onClick={() => openPanel(null)}>
          Cancel <Kbd>Esc</Kbd>
        </Button>
        <span id={`${noteId}-left`} className="text-xs text-muted">
          {ready ? "Nothing is missing." : `Still missing: ${left.map((one) => one.words).join(", ")}`}
        </span>
      </div>
    </form>
  );
}
