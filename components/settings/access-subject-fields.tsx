import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { TextArea } from "@/components/ui/text-area";
import { TextInput } from "@/components/ui/text-input";
import type { AccessSubjectRow } from "@/lib/core/workspaces/access-subject";

type AccessSubjectFieldsProps = {
  row: AccessSubjectRow;
  /** Its place among the rules, from 1. */
  number: number;
  /** Id of the list of agents to choose from. */
  handles: string;
  faultOf: (field: keyof AccessSubjectRow) => string | undefined;
  change: (part: Partial<AccessSubjectRow>) => void;
  remove: () => void;
  disabledReason?: string;
};

/** One rule: which subjects, and the agent they mean. */
export function AccessSubjectFields({
  row,
  number,
  handles,
  faultOf,
  change,
  remove,
  disabledReason,
}: AccessSubjectFieldsProps) {
  const id = (field: keyof AccessSubjectRow) => `access-${field}-${number}`;
  return (
    <fieldset className="grid gap-3 border-b border-hair pb-3">
      <legend className="font-medium">Rule {number}</legend>
      <div className="grid gap-3 sm:grid-cols-3">
        <Field label="Subject type" hint="For example workload." htmlFor={id("type")} error={faultOf("type")}>
          <TextInput
            id={id("type")}
            value={row.type}
            maxLength={200}
            onChange={({ target }) => change({ type: target.value })}
          />
        </Field>
        <Field label="Subject id" hint="Empty: every id of the type." htmlFor={id("id")} error={faultOf("id")}>
          <TextInput
            id={id("id")}
            value={row.id}
            maxLength={200}
            onChange={({ target }) => change({ id: target.value })}
          />
        </Field>
        <Field label="Agent" hint="The agent it means, by handle." htmlFor={id("agent")} error={faultOf("agent")}>
          <TextInput
            id={id("agent")}
            value={row.agent}
            maxLength={100}
            list={handles}
            onChange={({ target }) => change({ agent: target.value })}
          />
        </Field>
      </div>
      <Field
        label="Properties it must have"
        hint="One per line, as name = value. true, false and numbers are read as such; put quotes around text that looks like one."
        htmlFor={id("properties")}
        error={faultOf("properties")}
      >
        <TextArea
          id={id("properties")}
          rows={2}
          value={row.properties}
          onChange={({ target }) => change({ properties: target.value })}
        />
      </Field>
      <div>
        <Button
          type="button"
          size="sm"
          aria-label={`Remove rule ${number}`}
          onClick={remove}
          {...(disabledReason !== undefined && { disabledReason })}
        >
          Remove
        </Button>
      </div>
    </fieldset>
  );
}
