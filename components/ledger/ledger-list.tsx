import Link from "next/link";

import { CopyText } from "@/components/ui/copy-text";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { describeEntry } from "@/lib/core/ledger/describe";
import type { LedgerItem } from "@/lib/core/ledger/schema";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { shortDigest } from "@/lib/core/shared/digest";
import { paths } from "@/lib/core/shared/paths";

const GRID = "grid gap-x-4 gap-y-0.5 px-3 lg:grid-cols-[5.5rem_11rem_minmax(0,1fr)_11rem_12rem_10rem]";

/** Entries, newest first. Each opens to exactly what is hashed. */
export function LedgerList({ entries }: { entries: readonly LedgerItem[] }) {
  return (
    <div className="border-y border-hair bg-surface">
      <div aria-hidden="true" className={`${GRID} border-b border-hair py-1.5 text-xs font-medium text-muted max-lg:hidden`}>
        <span className="text-right">Index</span>
        <span>Kind</span>
        <span>What</span>
        <span>Who</span>
        <span>When</span>
        <span>Leaf hash</span>
      </div>
      <ul aria-label="Ledger entries, newest first" className="divide-y divide-hair">
        {entries.map((entry) => (
          <li key={entry.id}>
            <details className="group">
              <summary className={`${GRID} min-h-row list-none items-baseline py-1.5 group-open:bg-sunk hover:bg-sunk`}>
                <EntryLine entry={entry} />
              </summary>
              <EntryBody entry={entry} />
            </details>
          </li>
        ))}
      </ul>
    </div>
  );
}

function EntryLine({ entry }: { entry: LedgerItem }) {
  return (
    <>
      <span className="lg:text-right">
        {entry.index === null ? <span className="text-xs text-muted">not yet sequenced</span> : <IndexText index={entry.index} />}
      </span>
      <span className="font-mono text-xs">{entry.kind}</span>
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <VisibleText text={describeEntry(entry.kind, entry.body)} />
      </span>
      <span className="min-w-0 truncate text-muted">{entry.who && <VisibleText text={entry.who} />}</span>
      <span className="text-muted">
        <Time at={entry.at} />
      </span>
      <span className="font-mono text-xs text-muted">{entry.leaf_hash ? shortDigest(entry.leaf_hash) : ""}</span>
    </>
  );
}

function IndexText({ index }: { index: bigint }) {
  return (
    <span className="font-mono text-xs">
      <span className="lg:hidden">#</span>
      {String(index)}
    </span>
  );
}

function EntryBody({ entry }: { entry: LedgerItem }) {
  return (
    <div className="grid gap-2 border-t border-hair bg-sunk px-3 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
        {entry.leaf_hash && (
          <span>
            leaf <CopyText value={entry.leaf_hash} label="leaf hash" />
          </span>
        )}
        {entry.kind === "decision" && (
          <Link href={paths.decision(entry.id)} className="link">
            Explain this decision
          </Link>
        )}
      </div>
      <pre
        role="region"
        aria-label={`Canonical JSON of entry ${entry.id}`}
        tabIndex={0}
        className="max-h-72 overflow-auto font-mono text-xs leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        <VisibleText text={canonicalJson(entry.body)} block />
      </pre>
    </div>
  );
}
