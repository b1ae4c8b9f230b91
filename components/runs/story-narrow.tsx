import { Field } from "@/components/ui/field";
import { FilterForm } from "@/components/ui/filter-form";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import type { RunQuery } from "@/lib/core/runs/schema";

const ONLY = [
  { value: "", label: "Everything" },
  { value: "faults", label: "Faults" },
];

/** Narrows a run's timeline to rows that hold a text, or to those with a fault. */
export function StoryNarrow({ action, narrowed }: { action: string; narrowed: RunQuery }) {
  return (
    <FilterForm action={action} active={narrowed.find !== "" || narrowed.only !== null}>
      <div className="w-full sm:w-64">
        <Field label="Find in this run">
          <TextInput name="find" defaultValue={narrowed.find} placeholder="tool, model, document, error" />
        </Field>
      </div>
      <div className="w-full sm:w-36">
        <Field label="Show">
          <Select name="only" options={ONLY} defaultValue={narrowed.only ?? ""} />
        </Field>
      </div>
    </FilterForm>
  );
}
