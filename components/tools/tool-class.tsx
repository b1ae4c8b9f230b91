import { VerdictMark } from "@/components/ui/verdict-mark";
import type { Level } from "@/lib/core/agents/schema";
import { columnOf, levelVerdict } from "@/lib/core/decisions/level";
import type { BlastRadius, Reversibility } from "@/lib/core/tools/schema";

const LEVELS: readonly Level[] = [1, 2, 3, 4];

/** The words a tool's reversibility goes by. */
export const REVERSIBILITY_WORDS: Record<Reversibility, string> = {
  read: "Read",
  reversible: "Reversible",
  partially_reversible: "Partly reversible",
  irreversible: "Irreversible",
};

/** The words for how far a tool's harm can reach. */
export const BLAST_WORDS: Record<BlastRadius, string> = { none: "None", low: "Low", medium: "Medium", high: "High" };

/** What a class of tool leads to at each level, when nothing else stands against the call. */
export function ClassVerdicts({
  reversibility,
  blastRadius,
}: {
  reversibility: Reversibility;
  blastRadius: BlastRadius;
}) {
  const column = columnOf(reversibility, blastRadius);
  return (
    <ul aria-label="What a call of it gets at each level" className="flex flex-wrap gap-x-6 gap-y-1">
      {LEVELS.map((level) => (
        <li key={level} className="inline-flex items-center gap-2">
          <span className="text-muted">level {level}</span>
          <VerdictMark verdict={levelVerdict(level, column)} size="sm" />
        </li>
      ))}
    </ul>
  );
}
