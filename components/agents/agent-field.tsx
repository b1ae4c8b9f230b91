import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";

type AgentFieldProps = {
  /** Handles to choose from: as many as the page has read. */
  agents: readonly string[];
  /** The handle that is chosen; undefined for any agent. */
  chosen: string | undefined;
};

/** The agent that a list is narrowed to, as a field of its filter. One that is not among the choices keeps its place. */
export function AgentField({ agents, chosen }: AgentFieldProps) {
  const handles = chosen && !agents.includes(chosen) ? [chosen, ...agents] : agents;
  const options = [{ value: "", label: "Any" }, ...handles.map((handle) => ({ value: handle, label: handle }))];
  return (
    <div className="w-full sm:w-56">
      <Field label="Agent">
        <Select name="agent" options={options} defaultValue={chosen ?? ""} />
      </Field>
    </div>
  );
}
