import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";

/** A rule as it is being written. */
export type RuleDraft = {
  readonly where: string;
  readonly detector: string;
  readonly action: string;
  /** Empty for all agents. */
  readonly agent: string;
};

type Option = { readonly value: string; readonly label: string };

type RuleFieldsProps = {
  rule: RuleDraft;
  /** Its place among the rules, from 1. */
  number: number;
  detectors: readonly Option[];
  actions: readonly Option[];
  error?: string | undefined;
  change: (part: Partial<RuleDraft>) => void;
  remove: () => void;
  disabledReason?: string | undefined;
};

/** One rule: what is found where, and what happens to it. */
export function RuleFields({
  rule,
  number,
  detectors,
  actions,
  error,
  change,
  remove,
  disabledReason,
}: RuleFieldsProps) {
  const id = (field: keyof RuleDraft) => `redaction-${field}-${number}`;
  return (
    <fieldset className="grid gap-3 border-b border-hair pb-3">
      <legend className="font-medium">Rule {number}</legend>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <Field label="What" htmlFor={id("detector")}>
          <Select
            id={id("detector")}
            options={detectors}
            value={rule.detector}
            onChange={({ target }) => change({ detector: target.value })}
          />
        </Field>
        <Field label="Where" htmlFor={id("where")}>
          <TextInput
            id={id("where")}
            value={rule.where}
            maxLength={300}
            placeholder="tool.args.customer.*"
            onChange={({ target }) => change({ where: target.value })}
          />
        </Field>
        <Field label="Action" htmlFor={id("action")}>
          <Select
            id={id("action")}
            options={actions}
            value={rule.action}
            onChange={({ target }) => change({ action: target.value })}
          />
        </Field>
        <Field label="Agent" htmlFor={id("agent")}>
          <TextInput
            id={id("agent")}
            value={rule.agent}
            maxLength={200}
            placeholder="all agents"
            onChange={({ target }) => change({ agent: target.value })}
          />
        </Field>
      </div>
      {error !== undefined && <span className="text-xs font-medium text-deny">■ {error}</span>}
      <div>
        <Button
          type="button"
          size="sm"
          aria-label={`Remove rule ${number}`}
          onClick={remove}
          disabledReason={disabledReason}
        >
          Remove
        </Button>
      </div>
    </fieldset>
  );
}
