import { Field } from "@/components/ui/field";
import { FilterForm } from "@/components/ui/filter-form";
import { TextInput } from "@/components/ui/text-input";
import { paths } from "@/lib/core/shared/paths";

/** Which people to list: by a part of their name or e-mail address. */
export function PeopleFilter({ q }: { q: string | undefined }) {
  return (
    <FilterForm action={paths.people()} active={q !== undefined}>
      <div className="w-full sm:w-72">
        <Field label="Name or e-mail">
          <TextInput name="q" defaultValue={q ?? ""} maxLength={256} autoComplete="off" />
        </Field>
      </div>
    </FilterForm>
  );
}
