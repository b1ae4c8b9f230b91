import { AgentField } from "@/components/agents/agent-field";
import { Field } from "@/components/ui/field";
import { FilterForm } from "@/components/ui/filter-form";
import { Select } from "@/components/ui/select";
import type { SignalsQuery } from "@/lib/core/alerts/schema";
import { paths } from "@/lib/core/shared/paths";

const STATES = [
  { value: "", label: "Fired or open" },
  { value: "open", label: "Open" },
  { value: "firing", label: "Firing" },
  { value: "acknowledged", label: "Acknowledged" },
  { value: "silenced", label: "Silenced" },
  { value: "resolved", label: "Resolved" },
];

/** Which agent's signals to show, and which alerts to list. */
export function SignalFilterForm({ filter, agents }: { filter: SignalsQuery; agents: readonly string[] }) {
  return (
    <FilterForm action={paths.signals()} active={Boolean(filter.state ?? filter.agent)}>
      <AgentField agents={agents} chosen={filter.agent} />
      <div className="w-full sm:w-44">
        <Field label="Alerts">
          <Select name="state" options={STATES} defaultValue={filter.state ?? ""} />
        </Field>
      </div>
      {filter.from !== "now-24h" && <input type="hidden" name="from" value={filter.from} />}
    </FilterForm>
  );
}
