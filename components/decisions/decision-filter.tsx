import { AgentField } from "@/components/agents/agent-field";
import { FilterForm } from "@/components/ui/filter-form";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { verdictWord } from "@/components/ui/verdict-mark";
import { VERDICTS } from "@/lib/core/decisions/schema";
import { paths } from "@/lib/core/shared/paths";
import type { DecisionFilter } from "@/lib/core/runs/decision";

const VERDICT_OPTIONS = [
  { value: "", label: "Any" },
  ...VERDICTS.map((verdict) => ({ value: verdict, label: verdictWord(verdict) })),
];

/** Which decisions to list: by verdict, agent, tool and time, and those that a system’s failures refused. */
export function DecisionFilterForm({ filter, agents }: { filter: DecisionFilter; agents: readonly string[] }) {
  const active = Boolean(filter.verdict ?? filter.agent ?? filter.tool ?? filter.dependency ?? filter.from);
  return (
    <FilterForm action={paths.decisions()} active={active}>
      <div className="w-full sm:w-40">
        <Field label="Verdict">
          <Select name="verdict" options={VERDICT_OPTIONS} defaultValue={filter.verdict ?? ""} />
        </Field>
      </div>
      <AgentField agents={agents} chosen={filter.agent} />
      <div className="w-full sm:w-56">
        <Field label="Tool">
          <TextInput name="tool" defaultValue={filter.tool ?? ""} placeholder="exact name" />
        </Field>
      </div>
      {filter.dependency !== undefined && (
        <div className="w-full sm:w-56">
          <Field label="Refused because of">
            <TextInput name="dependency" defaultValue={filter.dependency} />
          </Field>
        </div>
      )}
      <div className="w-full sm:w-40">
        <Field label="Since (UTC day)">
          <TextInput type="date" name="from" defaultValue={filter.from?.toISOString().slice(0, 10) ?? ""} />
        </Field>
      </div>
    </FilterForm>
  );
}
