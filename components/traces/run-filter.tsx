import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { paths } from "@/lib/core/shared/paths";
import type { RunFilter } from "@/lib/core/traces/schema";

import { FilterForm } from "./filter-form";

const STATES = [
  { value: "", label: "Any" },
  { value: "running", label: "Running" },
  { value: "halted", label: "Halted" },
  { value: "ended", label: "Ended" },
];

/** Which runs to list: by agent, session and state. */
export function RunFilterForm({ filter, agents }: { filter: RunFilter; agents: readonly string[] }) {
  const active = Boolean(filter.agent ?? filter.session ?? filter.state);
  const options = [{ value: "", label: "Any" }, ...agents.map((handle) => ({ value: handle, label: handle }))];
  return (
    <FilterForm action={paths.runs()} active={active}>
      <div className="w-full sm:w-56">
        <Field label="Agent">
          <Select name="agent" options={options} defaultValue={filter.agent ?? ""} />
        </Field>
      </div>
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
    </FilterForm>
  );
}
