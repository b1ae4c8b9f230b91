"use client";

import { useActionState, useEffect, useRef, useState } from "react";

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

import { ChangeList } from "./change-list";
import { CheckPanel } from "./check-panel";
import { keepFields } from "./keep-fields";
import { NoteList } from "./note-list";
import { useManifestCheck } from "./use-manifest-check";
import { YamlField, type YamlFieldHandle } from "./yaml-field";

type ProposeFormProps = {
  /** Whose manifest it is; empty for a document that is nobody's. */
  agent: string;
  /** The text to begin with. */
  initial: string;
  /** Where the cursor begins: the line of the rule that somebody came from. */
  line?: number;
  /** The text to offer when there is none. */
  example?: string;
  label?: string;
  /** What publishing does, by what the text changes; what is absent reads as for a manifest. */
  effects?: Partial<typeof EFFECTS>;
  cancelHref?: string;
  check: FormAction<CheckedManifest>;
  propose: FormAction;
  disabledReason?: string;
};

const EFFECTS = {
  first: "This is the first version. It takes effect at once.",
  narrowing: "It only takes away. It takes effect at once.",
  neutral: "It means the same as the version in force. It takes effect at once.",
  widening: "It lets the agent do more. It is stored and waits for a second policy administrator.",
};

/** A new version of a manifest: text, what the server makes of it while it is typed, and what publishing will do. */
export function ProposeForm({
  agent,
  initial,
  line,
  example = EXAMPLE_MANIFEST.replace("customer-support-agent-v3", agent),
  label: fieldLabel = "Manifest, YAML",
  effects = {},
  cancelHref = paths.agent(agent),
  check,
  propose,
  disabledReason,
}: ProposeFormProps) {
  const [state, submit, pending] = useActionState(propose, IDLE);
  const [text, setText] = useState(initial);
  const yaml = useRef<YamlFieldHandle>(null);
  const checked = useManifestCheck(agent, text, check);
  const goTo = (to: number) => yaml.current?.goTo(to);
  useEffect(() => {
    if (line !== undefined) yaml.current?.goTo(line);
  }, [line]);
  const result = checked.checked;
  const label = result?.change === "widening" ? "Propose to a second person" : "Publish";

  return (
    <form action={submit} onSubmit={keepFields(submit)} className="grid gap-4">
      <input type="hidden" name="agent" value={agent} />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Field label={fieldLabel} hint="Comments and order are kept as you write them." htmlFor="manifest">
          <YamlField
            ref={yaml}
            id="manifest"
            name="manifest"
            value={text}
            onChange={setText}
            notes={result?.notes ?? []}
            rows={32}
          />
          {initial === "" && (
            <div>
              <Button type="button" size="sm" onClick={() => setText(example)}>
                Start from the example
              </Button>
            </div>
          )}
        </Field>
        <div className="grid content-start gap-4">
          {result?.change && (
            <section aria-label="What it changes" className="grid gap-2">
              <p className="font-medium">{{ ...EFFECTS, ...effects }[result.change]}</p>
              {result.change !== "first" && <ChangeList changes={result.changes} />}
            </section>
          )}
          <CheckPanel check={checked} onGoTo={goTo} />
        </div>
      </div>
      {state.status === "refused" && (
        <Alert tone="error" title="Not stored">
          <p className="whitespace-pre-line">
            <MessageText text={state.message} />
          </p>
          {state.faults && result?.ok !== false && <NoteList notes={notesOfFaults(state.faults)} onGoTo={goTo} />}
        </Alert>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" aria-busy={pending} {...(disabledReason && { disabledReason })}>
          {pending ? "Storing…" : label}
        </Button>
        <ButtonLink href={cancelHref} variant="quiet">
          Cancel
        </ButtonLink>
      </div>
    </form>
  );
}
