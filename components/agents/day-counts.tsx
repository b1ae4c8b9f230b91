import { RowLink } from "@/components/ui/row-link";
import { VerdictMark, verdictWord } from "@/components/ui/verdict-mark";
import type { VerdictCounts } from "@/lib/core/agents/item";
import { VERDICTS } from "@/lib/core/decisions/schema";
import { paths } from "@/lib/core/shared/paths";

/** What was decided about an agent's calls in the last day; each number leads to the decisions behind it. */
export function DayCounts({ agent, counts }: { agent: string; counts: VerdictCounts }) {
  return (
    <ul
      aria-label="Verdicts of the last 24 hours"
      className="flex flex-wrap gap-x-6 gap-y-1 border-y border-hair bg-surface px-3 py-2"
    >
      {VERDICTS.map((verdict) => (
        <li key={verdict} className="inline-flex items-center gap-2">
          <VerdictMark verdict={verdict} size="sm" />
          {counts[verdict] === 0 ? (
            <span className="text-muted">0</span>
          ) : (
            <RowLink
              href={paths.decisions({ agent, verdict })}
              aria-label={`${counts[verdict]} ${verdictWord(verdict)}`}
            >
              {counts[verdict].toLocaleString("en")}
            </RowLink>
          )}
        </li>
      ))}
      <li className="text-xs leading-5 text-muted">last 24 h</li>
    </ul>
  );
}
