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
      action={paths.desk()}
      method="get"
      role="search"
      aria-label="History"
      className="flex flex-wrap items-end gap-2"
    >
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
      <Button type="submit">Show</Button>
    </form>
  );
}
