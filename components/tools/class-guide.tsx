import { BLAST_MEANINGS, REVERSIBILITY_MEANINGS } from "@/lib/core/tools/form";
import { BLAST_RADII, REVERSIBILITIES } from "@/lib/core/tools/schema";

import { BLAST_WORDS, ClassVerdicts, REVERSIBILITY_WORDS } from "./tool-class";

const COLUMNS = [
  { label: "Reads", reversibility: "read", blastRadius: "none" },
  { label: "Reversible, low blast radius", reversibility: "reversible", blastRadius: "low" },
  {
    label: "Reversible with more reach, or partly reversible",
    reversibility: "partially_reversible",
    blastRadius: "low",
  },
  { label: "Irreversible, or high blast radius", reversibility: "irreversible", blastRadius: "high" },
] as const;

/** How a tool's class decides who may run it. */
export function ClassGuide() {
  return (
    <details>
      <summary className="py-1 text-muted">What the classes mean</summary>
      <div className="grid gap-4 border-y border-hair bg-surface px-3 py-3 lg:grid-cols-2">
        <dl className="grid content-start gap-x-4 gap-y-1 sm:grid-cols-[9rem_minmax(0,1fr)]">
          {REVERSIBILITIES.map((value) => (
            <div key={value} className="contents">
              <dt className="font-medium">{REVERSIBILITY_WORDS[value]}</dt>
              <dd className="text-muted">{REVERSIBILITY_MEANINGS[value]}</dd>
            </div>
          ))}
        </dl>
        <dl className="grid content-start gap-x-4 gap-y-1 sm:grid-cols-[9rem_minmax(0,1fr)]">
          {BLAST_RADII.map((value) => (
            <div key={value} className="contents">
              <dt className="font-medium">{BLAST_WORDS[value]} blast radius</dt>
              <dd className="text-muted">{BLAST_MEANINGS[value]}</dd>
            </div>
          ))}
        </dl>
        <ul aria-label="Verdict by class and level" className="grid gap-2 lg:col-span-2">
          {COLUMNS.map(({ label, reversibility, blastRadius }) => (
            <li key={label} className="grid gap-x-4 gap-y-1 sm:grid-cols-[21rem_minmax(0,1fr)]">
              <span className="font-medium">{label}</span>
              <ClassVerdicts reversibility={reversibility} blastRadius={blastRadius} />
            </li>
          ))}
        </ul>
      </div>
    </details>
  );
}
