import { SearchField } from "@/components/layout/search-field";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { TextInput } from "@/components/ui/text-input";
import { verdictWord } from "@/components/ui/verdict-mark";
import { APPROVAL_STATES, type DeskQuery } from "@/lib/core/approvals/schema";
import { paths } from "@/lib/core/shared/paths";

const STATES = [
  { value: "history", label: "Everything that is over" },
  { value: "mine", label: "Decided by me" },
  ...APPROVAL_STATES.filter((state) => state !== "waiting").map((state) => ({
    value: state,
    label: verdictWord(state),
  })),
];
const BANDS = [
  { value: "", label: "Any band" },
  { value: "critical", label: "Critical" },
  { value: "high", label: "High" },
  { value: "elevated", label: "Elevated" },
  { value: "low", label: "Low" },
];

/** Narrows the history. A plain form, so every view of it has an address. */
export function HistoryFilter({ query }: { query: DeskQuery }) {
  return (
    <form
      key={JSON.stringify(query)} // its fields begin as the address says, also when only the address changes
      action={paths.desk()}
      method="get"
      role="search"
      aria-label="History"
      className="flex flex-wrap items-end gap-2"
    >
      <div className="w-64 max-sm:w-full">
        <SearchField name="text" label="Words or an id" initial={query.text ?? ""} />
      </div>
      <div className="w-52">
        <Select name="state" aria-label="State" options={STATES} defaultValue={query.state} />
      </div>
      <div className="w-36">
        <Select name="band" aria-label="Band" options={BANDS} defaultValue={query.band ?? ""} />
      </div>
      <div className="w-44">
        <TextInput name="agent" aria-label="Agent" placeholder="Agent" defaultValue={query.agent ?? ""} />
      </div>
      <div className="w-44">
        <TextInput name="tool" aria-label="Tool" placeholder="Tool" defaultValue={query.tool ?? ""} />
      </div>
      <div className="w-44">
        <TextInput name="person" aria-label="Decided by" placeholder="Decided by" defaultValue={query.person ?? ""} />
      </div>
      <DayField name="from" label="From" initial={query.from} />
      <DayField name="to" label="To" initial={query.to} />
      <Button type="submit">Show</Button>
    </form>
  );
}

function DayField({ name, label, initial }: { name: string; label: string; initial: string | undefined }) {
  return (
    <span className="flex items-center gap-1.5 text-xs text-muted">
      <span aria-hidden="true">{label}</span>
      <TextInput
        type="date"
        name={name}
        aria-label={`${label}, a day in UTC`}
        defaultValue={initial ?? ""}
        className="w-36"
      />
    </span>
  );
}
