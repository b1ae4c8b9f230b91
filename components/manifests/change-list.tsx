import { MessageText } from "@/components/ui/message-text";
import { VisibleText } from "@/components/ui/visible-text";
import type { ChangeNote } from "@/lib/core/manifests/check";

const LOOKS = {
  widening: { word: "Widens", mark: "▲", tone: "font-medium text-ask" },
  narrowing: { word: "Narrows", mark: "▼", tone: "font-medium text-add" },
  neutral: { word: "Same", mark: "○", tone: "text-muted" },
} as const;

const ORDER = ["widening", "narrowing", "neutral"] as const;

/** What one version changes against another, by meaning; what lets the agent do more stands first. */
export function ChangeList({ changes }: { changes: readonly ChangeNote[] }) {
  if (changes.length === 0)
    return <p className="text-muted">They mean the same: only comments, order or spelling differ.</p>;
  const sorted = changes.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  return (
    <ul aria-label="Changes by meaning" className="divide-y divide-hair border-y border-hair bg-surface">
      {sorted.map((change, index) => (
        <li key={index} className="grid grid-cols-[6rem_minmax(0,1fr)] gap-3 px-3 py-1.5">
          <span className={LOOKS[change.kind].tone}>
            <span aria-hidden="true">{LOOKS[change.kind].mark}</span> {LOOKS[change.kind].word}
          </span>
          <span className="min-w-0">
            <MessageText text={change.sentence} />{" "}
            <span className="font-mono text-xs text-muted [overflow-wrap:anywhere]">
              <VisibleText text={change.path} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
