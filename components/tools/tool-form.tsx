"use client";

import { useActionState, useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextArea } from "@/components/ui/text-area";
import { TextInput } from "@/components/ui/text-input";
import { VisibleText } from "@/components/ui/visible-text";
import { type ActionState, type FormAction, IDLE } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";
import { countHidden } from "@/lib/core/shared/visible-text";
import { BLAST_MEANINGS, REVERSIBILITY_MEANINGS } from "@/lib/core/tools/form";
import type { RegisteredTool, ToolItem } from "@/lib/core/tools/item";
import { BLAST_RADII, type BlastRadius, REVERSIBILITIES, type Reversibility } from "@/lib/core/tools/schema";

import { BLAST_WORDS, ClassVerdicts, REVERSIBILITY_WORDS } from "./tool-class";

type ToolFormProps = {
  /** The entry to change; null to add one. */
  tool: ToolItem | null;
  /** The name to begin with, when adding one that is known from elsewhere. */
  name: string;
  register: FormAction<RegisteredTool | undefined>;
  disabledReason?: string;
};

const REVERSIBILITY_OPTIONS = REVERSIBILITIES.map((value) => ({ value, label: REVERSIBILITY_WORDS[value] }));
const BLAST_OPTIONS = BLAST_RADII.map((value) => ({ value, label: BLAST_WORDS[value] }));

/** One catalogue entry. What is not said is taken as the strictest. */
export function ToolForm({ tool, name, register, disabledReason }: ToolFormProps) {
  const [state, submit, pending] = useActionState(register, IDLE);
  const [reversibility, setReversibility] = useState<Reversibility>(tool?.reversibility ?? "irreversible");
  const [blastRadius, setBlastRadius] = useState<BlastRadius>(tool?.blast_radius ?? "high");
  const [text, setText] = useState(() => textOf(tool, name));
  const edit = (key: keyof typeof text) => ({
    value: text[key],
    onChange: (event: { target: { value: string } }) => setText({ ...text, [key]: event.target.value }),
  });

  return (
    <form action={submit} className="grid max-w-5xl gap-6">
      <div className="grid gap-4 lg:grid-cols-2">
        <Field
          label="Name"
          hint="Exact to the byte: what the agent calls."
          error={faultAt(state, "/name")}
          htmlFor="tool-name"
        >
          <TextInput
            id="tool-name"
            name="name"
            required
            maxLength={128}
            readOnly={tool !== null}
            className="font-mono"
            autoComplete="off"
            {...edit("name")}
          />
        </Field>
        <Field label="Owner" hint="Who knows what it does." htmlFor="tool-owner">
          <TextInput id="tool-owner" name="owner" maxLength={200} {...edit("owner")} />
        </Field>
      </div>
      <Field label="What it does" error={faultAt(state, "/description")} htmlFor="tool-description">
        <TextArea id="tool-description" name="description" rows={2} maxLength={4_000} {...edit("description")} />
      </Field>
      {countHidden(text.description) > 0 && (
        <Alert tone="warn" title="The description holds characters that cannot be seen">
          <VisibleText text={text.description} block />
        </Alert>
      )}
      <fieldset className="grid gap-2">
        <legend className="mb-1 font-medium">Class</legend>
        <div className="grid gap-4 lg:grid-cols-2">
          <Field label="Undoing it" hint={REVERSIBILITY_MEANINGS[reversibility]} htmlFor="tool-reversibility">
            <Select
              id="tool-reversibility"
              name="reversibility"
              options={REVERSIBILITY_OPTIONS}
              value={reversibility}
              onChange={(event) =>
                setReversibility(REVERSIBILITIES.find((value) => value === event.target.value) ?? "irreversible")
              }
            />
          </Field>
          <Field label="Blast radius" hint={BLAST_MEANINGS[blastRadius]} htmlFor="tool-blast">
            <Select
              id="tool-blast"
              name="blast_radius"
              options={BLAST_OPTIONS}
              value={blastRadius}
              onChange={(event) => setBlastRadius(BLAST_RADII.find((value) => value === event.target.value) ?? "high")}
            />
          </Field>
        </div>
        <ClassVerdicts reversibility={reversibility} blastRadius={blastRadius} />
      </fieldset>
      <div className="grid gap-4 lg:grid-cols-2">
        <Field
          label="Arguments, JSON Schema"
          hint="A call whose arguments do not fit is denied, with the place of each fault."
          error={faultAt(state, "/args_schema")}
          htmlFor="tool-args"
        >
          <TextArea
            id="tool-args"
            name="args_schema"
            rows={14}
            className="font-mono text-xs"
            spellCheck={false}
            {...edit("args_schema")}
          />
        </Field>
        <Field
          label="Result, JSON Schema (optional)"
          hint="A result that does not fit counts as failed validation, whatever the agent says."
          error={faultAt(state, "/result_schema")}
          htmlFor="tool-result"
        >
          <TextArea
            id="tool-result"
            name="result_schema"
            rows={14}
            className="font-mono text-xs"
            spellCheck={false}
            {...edit("result_schema")}
          />
        </Field>
      </div>
      <Field
        label="Scope argument (optional)"
        hint="The argument a manifest’s scope limits; without one, scope or fields."
        htmlFor="tool-scope"
      >
        <TextInput
          id="tool-scope"
          name="scope_argument"
          maxLength={128}
          className="max-w-72 font-mono"
          {...edit("scope_argument")}
        />
      </Field>
      <ToolAnswer state={state} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" aria-busy={pending} {...(disabledReason && { disabledReason })}>
          {tool ? "Change definition" : "Add to catalogue"}
        </Button>
        <ButtonLink href={paths.tools()} variant="quiet">
          Back to the catalogue
        </ButtonLink>
      </div>
    </form>
  );
}

function ToolAnswer({ state }: { state: ActionState<RegisteredTool | undefined> }) {
  if (state.status === "refused") {
    return (
      <Alert tone="error" title="Not stored">
        <p className="whitespace-pre-line">{state.message}</p>
      </Alert>
    );
  }
  if (state.status !== "done" || !state.data) return null;
  const { name, created, changed, message } = state.data;
  const title = created
    ? `${name} is in the catalogue`
    : changed
      ? `${name} has a new definition`
      : `${name} was already defined so`;
  return (
    <div role="status">
      <Alert tone={message ? "warn" : "info"} title={title}>
        {message && <p>{message}</p>}
        {changed && !created && <p>Approvals that were open for the old definition are closed.</p>}
      </Alert>
    </div>
  );
}

function textOf(tool: ToolItem | null, name: string) {
  return {
    name: tool?.name ?? name,
    owner: tool?.owner ?? "",
    description: tool?.description ?? "",
    args_schema: JSON.stringify(tool?.args_schema ?? STARTER, null, 2),
    result_schema: tool?.result_schema ? JSON.stringify(tool.result_schema, null, 2) : "",
    scope_argument: tool?.scope_argument ?? "",
  };
}

const STARTER = { type: "object", properties: {}, required: [], additionalProperties: false };

function faultAt(state: ActionState<RegisteredTool | undefined>, path: string): string | undefined {
  return state.status === "refused" ? state.faults?.find((fault) => fault.path === path)?.message : undefined;
}
