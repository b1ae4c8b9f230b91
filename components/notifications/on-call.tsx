"use client";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { useFormAction } from "@/components/ui/use-form-action";
import type { FormAction } from "@/lib/core/shared/action-state";

type OnCallProps = {
  members: readonly string[];
  now: string | null;
  people: readonly { readonly id: string; readonly name: string }[];
  save: FormAction;
  disabledReason?: string;
};

/** Who is called when the owners of an agent cannot answer, and who has the duty now. */
export function OnCall({ members, now, people, save, disabledReason }: OnCallProps) {
  const { state, pending, form } = useFormAction(save);
  const nobody = { value: "", label: "Nobody: everybody who may answer is told" };
  const named = people.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Section title="On call" id="on-call">
      <form
        {...form}
        key={`${members.join()} ${now ?? ""}`}
        className="grid max-w-2xl gap-4 border-y border-hair bg-surface p-3"
      >
        {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
        <fieldset>
          <legend className="mb-1 font-medium">Who takes turns</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-1">
            {people.map(({ id, name }) => (
              <label key={id} className="inline-flex min-h-6 items-center gap-2 pointer-coarse:min-h-11">
                <input
                  type="checkbox"
                  name="members[]"
                  value={id}
                  defaultChecked={members.includes(id)}
                  className="size-4 accent-accent"
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
        <Field label="On call now" hint="Must be one of those above." htmlFor="on-call-now">
          <Select id="on-call-now" name="now" options={[nobody, ...named]} defaultValue={now ?? ""} />
        </Field>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" aria-busy={pending} {...(disabledReason !== undefined && { disabledReason })}>
            {pending ? "Recording…" : "Save"}
          </Button>
          <span role="status" className="text-xs text-muted">
            {state.status === "done" && !pending ? "Saved." : ""}
          </span>
        </div>
      </form>
    </Section>
  );
}
