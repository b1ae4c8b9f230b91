"use client";

import { useState } from "react";

import { Alert } from "@/components/ui/alert";
import { Field } from "@/components/ui/field";
import { TextArea } from "@/components/ui/text-area";
import { TextInput } from "@/components/ui/text-input";
import { VisibleText } from "@/components/ui/visible-text";
import { countHidden } from "@/lib/core/shared/visible-text";
import type { ToolItem } from "@/lib/core/tools/item";

/** What is wrong with a field, by its place in what was sent. */
export type FaultAt = (path: string) => string | undefined;

type FieldsProps = { tool: ToolItem | null; faultAt: FaultAt };

const STARTER = { type: "object", properties: {}, required: [], additionalProperties: false };

const textOf = (schema: object | null | undefined) => (schema ? JSON.stringify(schema, null, 2) : "");

/** A tool's name, owner and description. Characters that cannot be seen are shown beside the field. */
export function NameFields({ tool, faultAt, name }: FieldsProps & { name: string }) {
  const [description, setDescription] = useState(tool?.description ?? "");
  return (
    <>
      <div className="grid gap-4 lg:grid-cols-2">
        <Field
          label="Name"
          hint="Exact to the byte: what the agent calls."
          error={faultAt("/name")}
          htmlFor="tool-name"
        >
          <TextInput
            id="tool-name"
            name="name"
            required
            maxLength={128}
            readOnly={tool !== null}
            defaultValue={tool?.name ?? name}
            className="font-mono"
            autoComplete="off"
          />
        </Field>
        <Field label="Owner" hint="Who knows what it does." htmlFor="tool-owner">
          <TextInput id="tool-owner" name="owner" maxLength={200} defaultValue={tool?.owner} />
        </Field>
      </div>
      <Field label="What it does" error={faultAt("/description")} htmlFor="tool-description">
        <TextArea
          id="tool-description"
          name="description"
          rows={2}
          maxLength={4_000}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
        />
      </Field>
      {countHidden(description) > 0 && (
        <Alert tone="warn" title="The description holds characters that cannot be seen">
          <VisibleText text={description} block />
        </Alert>
      )}
    </>
  );
}

/** The schemas of arguments and result, as JSON text, the argument a scope limits, and the system behind the tool. */
export function SchemaFields({ tool, faultAt }: FieldsProps) {
  const area = { rows: 14, className: "font-mono text-xs", spellCheck: false } as const;
  return (
    <>
      <div className="grid gap-4 lg:grid-cols-2">
        <Field
          label="Arguments, JSON Schema"
          hint="A call whose arguments do not fit is denied, with the place of each fault."
          error={faultAt("/args_schema")}
          htmlFor="tool-args"
        >
          <TextArea {...area} id="tool-args" name="args_schema" defaultValue={textOf(tool?.args_schema ?? STARTER)} />
        </Field>
        <Field
          label="Result, JSON Schema (optional)"
          hint="A result that does not fit counts as failed validation, whatever the agent says."
          error={faultAt("/result_schema")}
          htmlFor="tool-result"
        >
          <TextArea {...area} id="tool-result" name="result_schema" defaultValue={textOf(tool?.result_schema)} />
        </Field>
      </div>
      <div className="grid gap-4 lg:grid-cols-2">
        <Field
          label="Scope argument (optional)"
          hint="The argument a manifest’s scope limits; without one, scope or fields."
          htmlFor="tool-scope"
        >
          <TextInput
            id="tool-scope"
            name="scope_argument"
            maxLength={128}
            defaultValue={tool?.scope_argument ?? ""}
            className="max-w-72 font-mono"
          />
        </Field>
        <Field
          label="Depends on (optional)"
          hint="The system behind it, such as stripe.com. While it is down, calls of all its tools are refused."
          error={faultAt("/dependency")}
          htmlFor="tool-dependency"
        >
          <TextInput
            id="tool-dependency"
            name="dependency"
            maxLength={100}
            defaultValue={tool?.dependency ?? ""}
            className="max-w-72 font-mono"
            autoComplete="off"
          />
        </Field>
      </div>
    </>
  );
}
