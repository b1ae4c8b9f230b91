import { AgentField } from "@/components/agents/agent-field";
import { FilterForm } from "@/components/ui/filter-form";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { VisibleText } from "@/components/ui/visible-text";
import { SPLIT_NAMES } from "@/lib/core/figures/split-names";
import { eventFilters, runQuery } from "@/lib/core/runs/filter";
import type { EventFilter, RunFilter } from "@/lib/core/runs/schema";
import { paths } from "@/lib/core/shared/paths";

const STATES = [
  { value: "", label: "Any" },
  { value: "running", label: "Running" },
  { value: "halted", label: "Halted" },
  { value: "ended", label: "Ended" },
];

/** The filters that have a field of their own; the others come with a link and are named in a line. */
const WITH_FIELD = new Set(["agent", "session", "state", "model", "tool"]);

type RunFilterFormProps = {
  filter: RunFilter;
  agents: readonly string[];
  /** The range in words; null where the list is not narrowed to one. */
  range: string | null;
};

/** Which runs to list: by agent, session, state, model and tool, in the range that a link brought. */
export function RunFilterForm({ filter, agents, range }: RunFilterFormProps) {
  const query = runQuery(filter);
  const hidden = Object.entries(query).filter(([name]) => !WITH_FIELD.has(name));
  const told = eventFilters(filter).filter(([name]) => !WITH_FIELD.has(name));
  return (
    <>
      <FilterForm action={paths.runs()} active={Object.keys(query).length > 0}>
        {hidden.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <AgentField agents={agents} chosen={filter.agent} />
        <div className="w-full sm:w-48">
          <Field label="Session">
            <TextInput name="session" defaultValue={filter.session ?? ""} placeholder="exact id" />
          </Field>
        </div>
        <div className="w-full sm:w-32">
          <Field label="State">
            <Select name="state" options={STATES} defaultValue={filter.state ?? ""} />
          </Field>
        </div>
        <div className="w-[calc(50%-0.375rem)] sm:w-44">
          <Field label="Model">
            <TextInput name="model" defaultValue={filter.model ?? ""} placeholder="exact name" />
          </Field>
        </div>
        <div className="w-[calc(50%-0.375rem)] sm:w-44">
          <Field label="Tool">
            <TextInput name="tool" defaultValue={filter.tool ?? ""} placeholder="exact name" />
          </Field>
        </div>
      </FilterForm>
      {(range !== null || told.length > 0) && (
        <p className="text-muted">
          {range !== null && `Active ${range}. `}
          {told.map(([name, value]) => (
            <span key={name}>
              {nameOf(name)} <VisibleText text={value} />.{" "}
            </span>
          ))}
        </p>
      )}
    </>
  );
}

/** Each filter by the name that figures are split by. */
const nameOf = (name: EventFilter): string => (name === "outcome" ? "With an event that ended as" : SPLIT_NAMES[name]);
