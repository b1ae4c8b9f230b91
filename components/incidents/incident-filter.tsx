import { AgentField } from "@/components/agents/agent-field";
import { FilterForm } from "@/components/ui/filter-form";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { IncidentFilter } from "@/lib/core/incidents/schema";
import { FAILURE_CLASSES, FAILURE_WORDS } from "@/lib/core/incidents/failures";
import { paths } from "@/lib/core/shared/paths";

const STATES = [
  { value: "", label: "Any" },
  { value: "open", label: "Open" },
  { value: "resolved", label: "Resolved" },
];
const CLASSES = [
  { value: "", label: "Any" },
  ...FAILURE_CLASSES.map((failure) => ({ value: failure, label: FAILURE_WORDS[failure].name })),
];

/** Which incidents to list: by state, class and agent. */
export function IncidentFilterForm({ filter, agents }: { filter: IncidentFilter; agents: readonly string[] }) {
  return (
    <FilterForm action={paths.incidents()} active={Boolean(filter.state ?? filter.class ?? filter.agent)}>
      <div className="w-full sm:w-40">
        <Field label="State">
          <Select name="state" options={STATES} defaultValue={filter.state ?? ""} />
        </Field>
      </div>
      <div className="w-full sm:w-56">
        <Field label="Class">
          <Select name="class" options={CLASSES} defaultValue={filter.class ?? ""} />
        </Field>
      </div>
      <AgentField agents={agents} chosen={filter.agent} />
    </FilterForm>
  );
}
