import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Section } from "@/components/ui/section";
import { Select } from "@/components/ui/select";
import { recentMonths } from "@/lib/core/figures/showback";
import { paths } from "@/lib/core/shared/paths";

/** Saves what each owner's agents cost in a month, to be passed on to who pays. Works without a script. */
export function ShowbackForm({ zone, now }: { zone: string; now: Date }) {
  const months = recentMonths(now, zone);
  return (
    <Section title="Showback" aside={`months of ${zone}`}>
      <form
        method="get"
        action={paths.showback()}
        className="flex flex-wrap items-end gap-x-4 gap-y-3 border-y border-hair bg-surface p-3"
      >
        <input type="hidden" name="tz" value={zone} />
        <input type="hidden" name="format" value="csv" />
        <Field label="Month" htmlFor="showback-month">
          <Select
            id="showback-month"
            name="month"
            options={months.map((month, at) => ({ value: month, label: at === 0 ? `${month}, so far` : month }))}
          />
        </Field>
        <Button type="submit">Save CSV</Button>
        <p className="basis-full text-muted">
          By who answers for the agents now: cost, runs, cost per successful run and tokens of each agent, by model and
          tool. Filters do not narrow it.
        </p>
      </form>
    </Section>
  );
}
