"use client";

import Link from "next/link";
import { type FormEvent, useEffect, useId, useRef } from "react";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { TextInput } from "@/components/ui/text-input";
import { NOTE_CHARS } from "@/lib/core/approvals/gate";
import { paths } from "@/lib/core/shared/paths";

import { useReview } from "./review-context";
import { useEscape } from "./use-escape";

/** What approving takes in this band, and the second press that does it. */
export function ApprovePanel() {
  const { left, note, vote, openPanel } = useReview();
  useEscape(() => openPanel(null));
  const form = useRef<HTMLFormElement>(null);
  const leftId = useId();
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
      <WhatItTakes />
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" variant="primary" aria-describedby={leftId} {...(!ready && { "aria-disabled": true })}>
          Approve once <Kbd>Enter</Kbd>
        </Button>
        <Button variant="quiet" onClick={() => openPanel(null)}>
          Cancel <Kbd>Esc</Kbd>
        </Button>
        <span id={leftId} className="text-xs text-muted">
          {ready ? "Nothing is missing." : `Still missing: ${left.map((one) => one.words).join(", ")}`}
        </span>
      </div>
    </form>
  );
}

/** What is to be written before approving: what was checked, the count, the code. */
function WhatItTakes() {
  const { gate, note, setNote, typed, setTyped, enrolled } = useReview();
  const [noteId, countId] = [useId(), useId()];
  return (
    <>
      <div className="grid gap-2 sm:flex sm:flex-wrap sm:items-end">
        {gate.noteChars > 0 && (
          <div className="min-w-60 flex-1">
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
          </div>
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
        {gate.totp && enrolled && <CodeField />}
      </div>
      {gate.totp && !enrolled && (
        <p>
          Approving this takes a code from an authenticator app, and you have none.{" "}
          <Link href={paths.security()} className="link">
            Set one up in Settings
          </Link>
          , then come back. You can deny it now.
        </p>
      )}
    </>
  );
}

/** A code may be typed or pasted, with the space in the middle that apps show. */
function CodeField() {
  const { code, setCode } = useReview();
  const id = useId();
  return (
    <Field label="Code from your app" hint="Six digits, each good for one answer." htmlFor={id}>
      <TextInput
        id={id}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
    </Field>
  );
}
