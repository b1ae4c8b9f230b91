import { FilterForm } from "@/components/ui/filter-form";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { paths } from "@/lib/core/shared/paths";

/** Which kind of entry to list. */
export function LedgerFilterForm({ kind, kinds }: { kind: string | undefined; kinds: readonly string[] }) {
  const options = [{ value: "", label: "Every kind" }, ...kinds.map((name) => ({ value: name, label: name }))];
  return (
    <FilterForm action={paths.ledger()} active={kind !== undefined}>
      <div className="w-full sm:w-56">
        <Field label="Kind">
          <Select name="kind" options={options} defaultValue={kind ?? ""} />
        </Field>
      </div>
    </FilterForm>
  );
}
