import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { type CriterionResult, type Evidence, isAmount } from "@/lib/core/agents/evidence";
import type { Level } from "@/lib/core/agents/schema";
import { LEVEL_NAMES } from "@/lib/core/agents/level-words";

type EvidenceListProps = {
  evidence: Evidence;
  level: Level;
  promote: { readonly to: Level; readonly criteria: readonly CriterionResult[] } | null;
  demote: { readonly criteria: readonly CriterionResult[] } | null;
};

/** What the manifest fixed about gaining and losing a level, each criterion with the figure as it is now. */
export function EvidenceList({ evidence, level, promote, demote }: EvidenceListProps) {
  const amounts = demote?.criteria.filter(({ name }) => isAmount(name)) ?? [];
  return (
    <Section
      title="Evidence"
      aside={
        <>
          since <Time at={evidence.since} />
        </>
      }
    >
      {promote && (
        <div className="grid gap-1">
          <p>
            {promote.to > level
              ? `To rise to level ${promote.to} (${LEVEL_NAMES[promote.to]}) at most:`
              : `It may rise to level ${promote.to} at most, and has.`}
          </p>
          <Criteria label="Criteria of a promotion" criteria={promote.criteria} />
        </div>
      )}
      {demote && (
        <div className="grid gap-1">
          <p>To keep its level:</p>
          <Criteria
            label="Criteria of keeping the level"
            criteria={demote.criteria.filter(({ name }) => !isAmount(name))}
          />
          {amounts.length > 0 && (
            <p className="text-muted">
              Shares count from {amounts.map(({ sentence }) => sentence.replace("; ", " on (")).join("), ")}).
            </p>
          )}
        </div>
      )}
    </Section>
  );
}

function Criteria({ label, criteria }: { label: string; criteria: readonly CriterionResult[] }) {
  if (criteria.length === 0) return <p className="text-muted">Nothing in particular.</p>;
  return (
    <ul aria-label={label} className="divide-y divide-hair border-y border-hair bg-surface">
      {criteria.map(({ name, met, figure, sentence }) => (
        <li key={name} className="grid grid-cols-[7rem_minmax(0,1fr)] gap-3 px-3 py-1.5">
          {met ? (
            <span className="text-add">
              <span aria-hidden="true">●</span> met
            </span>
          ) : (
            <span className="font-medium text-ask">
              <span aria-hidden="true">○</span> {figure === null ? "not known" : "not met"}
            </span>
          )}
          <span>{sentence}</span>
        </li>
      ))}
    </ul>
  );
}
