"use client";

import { useActionState, useRef, useState } from "react";

import { CheckPanel } from "@/components/manifests/check-panel";
import { keepFields } from "@/components/manifests/keep-fields";
import { NoteList } from "@/components/manifests/note-list";
import { useManifestCheck } from "@/components/manifests/use-manifest-check";
import { YamlField, type YamlFieldHandle } from "@/components/manifests/yaml-field";
import { MessageText } from "@/components/ui/message-text";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { Field } from "@/components/ui/field";
import type { CheckedManifest } from "@/lib/core/manifests/check";
import { EXAMPLE_MANIFEST } from "@/lib/core/manifests/example";
import { notesOfFaults } from "@/lib/core/manifests/notes";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";

import { IdentityFields, type MemberChoice } from "./identity-fields";
import { LevelChoice } from "./level-choice";
import { RegisteredAgent, type RegisteredKey } from "./registered-agent";

type RegisterFormProps = {
  /** Members who may answer for an agent. */
  members: readonly MemberChoice[];
  /** Who is asking; offered first. */
  self: string;
  check: FormAction<CheckedManifest>;
  register: FormAction<RegisteredKey>;
  disabledReason?: string;
};

/** Registers an agent: who it is, who answers for it, what it may do. Ends with its key, shown once. */
export function RegisterForm({ members, self, check, register, disabledReason }: RegisterFormProps) {
  const [state, submit, pending] = useActionState(register, IDLE);
  const [handle, setHandle] = useState("");
  const [text, setText] = useState("");
  const yaml = useRef<YamlFieldHandle>(null);
  const checked = useManifestCheck(handle, text, check);
  if (state.status === "done" && state.data) return <RegisteredAgent registered={state.data} />;

  const startFromExample = () =>
    setText(handle === "" ? EXAMPLE_MANIFEST : EXAMPLE_MANIFEST.replace("customer-support-agent-v3", handle));
  const goTo = (line: number) => yaml.current?.goTo(line);
  const notes = checked.checked?.notes ?? [];
  // The same faults, already listed beside the text.
  const faulty = notes.some((note) => note.severity === "error");

  return (
    <form action={submit} onSubmit={keepFields(submit)} className="grid gap-6">
      <div className="grid gap-4 lg:grid-cols-2">
        <IdentityFields members={members} self={self} state={state} handle={handle} onHandle={setHandle} />
        <LevelChoice />
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Field
          label="Manifest, YAML"
          hint="What it may do; all else is denied. Leave it empty to register a draft."
          htmlFor="agent-manifest"
        >
          <YamlField ref={yaml} id="agent-manifest" name="manifest" value={text} onChange={setText} notes={notes} />
        </Field>
        {text === "" ? <EmptyManifest onStart={startFromExample} /> : <CheckPanel check={checked} onGoTo={goTo} />}
      </div>
      {state.status === "refused" && (
        <Alert tone="error" title="Not registered">
          <p className="whitespace-pre-line">
            <MessageText text={state.message} />
          </p>
          {!faulty && state.faults?.some((fault) => fault.line !== undefined) && (
            <NoteList notes={notesOfFaults(state.faults)} onGoTo={goTo} />
          )}
        </Alert>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" aria-busy={pending} {...(disabledReason && { disabledReason })}>
          {pending ? "Registering…" : "Register agent"}
        </Button>
        <ButtonLink href={paths.agents()} variant="quiet">
          Cancel
        </ButtonLink>
      </div>
    </form>
  );
}

function EmptyManifest({ onStart }: { onStart: () => void }) {
  return (
    <div className="grid content-start gap-3 lg:pt-11">
      <p className="max-w-[60ch] text-muted">
        Name each tool the agent may use and on what terms. While you type, faults appear here with their lines, beside
        the rules in plain words.
      </p>
      <div>
        <Button onClick={onStart} type="button">
          Start from the example
        </Button>
      </div>
    </div>
  );
}
