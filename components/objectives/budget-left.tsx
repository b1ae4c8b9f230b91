import { Meter } from "@/components/ui/meter";
import { budgetText } from "@/lib/core/objectives/words";
import type { Stand } from "@/lib/core/objectives/stand";

/** How much of an error budget is left, as a share and as a count. */
export function BudgetLeft({ stand, about }: { stand: Stand; about: string }) {
  const { left, bad, budget } = stand;
  if (left === null) return <span className="text-muted">nothing counted yet</span>;
  if (stand.state === "too_few") return <span className="text-muted">{bad} spent</span>;
  return (
    <span className="flex items-center gap-3">
      <span className="w-16 shrink-0">
        <Meter value={bad} max={budget} label={`Spent of the error budget of ${about}`} />
      </span>
      <span className="whitespace-nowrap">{budgetText(stand)}</span>
    </span>
  );
}
