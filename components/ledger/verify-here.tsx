"use client";

import { type FormEvent, useId } from "react";

import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { LiveRegion } from "@/components/ui/live-region";
import { Meter } from "@/components/ui/meter";
import { TextInput } from "@/components/ui/text-input";

import { useVerify, type VerifyFaults } from "./use-verify";
import type { VerifyProgress } from "./verify-log";
import { VerifyFailure, VerifyResult } from "./verify-result";

/** Rebuilds the log on the reader's machine and holds the server to what it signed. */
export function VerifyHere({ signedSize }: { signedSize: number }) {
  const { state, faults, verify, cancel } = useVerify();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (state.kind === "busy") return;
    const form = new FormData(event.currentTarget);
    const [key, entry] = [form.get("key"), form.get("entry")].map((value) => String(value ?? "").trim());
    void verify({ key: key ?? "", entry: entry ?? "" });
  };
  const busy = state.kind === "busy";
  return (
    <div className="grid gap-3">
      <form onSubmit={submit} className="grid gap-3 border-y border-hair bg-surface px-3 py-3" noValidate>
        <VerifyFields faults={faults} signedSize={signedSize} />
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" {...(busy && { disabledReason: progressText(state.progress) })}>
            Verify in this browser
          </Button>
          {busy && (
            <Button variant="quiet" onClick={cancel}>
              Cancel
            </Button>
          )}
        </div>
        {busy && state.progress && (
          <Meter value={state.progress.done} max={Math.max(1, state.progress.of)} label="Entries hashed" />
        )}
      </form>
      <LiveRegion>{busy ? "Verifying the log." : state.kind === "done" ? "Verifying has ended." : ""}</LiveRegion>
      {state.kind === "failed" && <VerifyFailure>{state.sentence}</VerifyFailure>}
      {state.kind === "done" && <VerifyResult report={state.report} ms={state.ms} />}
    </div>
  );
}

function VerifyFields({ faults, signedSize }: { faults: VerifyFaults; signedSize: number }) {
  const id = useId();
  return (
    <div className="grid gap-x-6 gap-y-3 lg:grid-cols-[minmax(0,1fr)_14rem]">
      <Field
        label="Key you kept"
        hint="Left empty, the key this page names is used. It comes from the server it should check, so it proves less."
        htmlFor={`${id}-key`}
        error={faults.key}
      >
        <TextInput
          id={`${id}-key`}
          name="key"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={faults.key !== undefined}
          className="font-mono"
        />
      </Field>
      <Field label="Entry to prove" hint="Its index; empty for none." htmlFor={`${id}-entry`} error={faults.entry}>
        <TextInput
          id={`${id}-entry`}
          name="entry"
          inputMode="numeric"
          autoComplete="off"
          defaultValue={signedSize > 0 ? String(signedSize - 1) : ""}
          aria-invalid={faults.entry !== undefined}
          className="font-mono"
        />
      </Field>
    </div>
  );
}

function progressText(progress: VerifyProgress | null): string {
  return progress === null ? "Asking for checkpoints …" : `${progress.done} of ${progress.of} entries hashed`;
}
