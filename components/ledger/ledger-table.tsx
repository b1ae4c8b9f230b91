import Link from "next/link";

import { CopyText } from "@/components/ui/copy-text";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import { describeEntry, subjectsOf } from "@/lib/core/ledger/describe";
import type { LedgerItem } from "@/lib/core/ledger/schema";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { shortDigest } from "@/lib/core/shared/digest";
import { paths } from "@/lib/core/shared/paths";

import { LEDGER_GRID } from "./ledger-grid";
import { LedgerRow } from "./ledger-row";

const HEAD = ["Index", "Kind", "What", "Who", "When", "Leaf hash"];

/** Entries, newest first. A table to every reader; on narrow screens each entry becomes a short block. */
export function LedgerTable({ entries }: { entries: readonly LedgerItem[] }) {
  return (
    <div role="table" aria-label="Ledger entries, newest first" className="border-b border-hair bg-surface">
      <div role="rowgroup" className="border-t border-hair max-lg:sr-only">
        <div role="row" className={`${LEDGER_GRID} py-1.5 text-xs font-medium text-muted`}>
          {HEAD.map((label) => (
            <div key={label} role="columnheader" className={label === "Index" ? "text-right" : ""}>
              {label}
            </div>
          ))}
        </div>
      </div>
      {entries.map((entry) => (
        <LedgerRow
          key={entry.id}
          kind={entry.kind}
          before={<IndexCell index={entry.index} />}
          after={<EntryCells entry={entry} />}
          body={<EntryBody entry={entry} />}
        />
      ))}
    </div>
  );
}

function IndexCell({ index }: { index: bigint | null }) {
  if (index === null) {
    return (
      <div role="cell" className="text-xs text-muted lg:text-right" title="The sequencer has not taken it up yet">
        not yet sequenced
      </div>
    );
  }
  return (
    <div role="cell" className="font-mono text-xs lg:text-right">
      <span className="lg:hidden">#</span>
      {String(index)}
    </div>
  );
}

function EntryCells({ entry }: { entry: LedgerItem }) {
  return (
    <>
      <div role="cell" className="min-w-0 [overflow-wrap:anywhere] max-lg:basis-full max-lg:empty:hidden">
        <VisibleText text={describeEntry(entry.kind, entry.body)} />
      </div>
      <div role="cell" className="max-w-full min-w-0 truncate text-muted max-lg:empty:hidden">
        {entry.who && <VisibleText text={entry.who} />}
      </div>
      <div role="cell" className="text-muted">
        <Time at={entry.at} />
      </div>
      <div role="cell" className="font-mono text-xs text-muted max-lg:hidden">
        {entry.leaf_hash ? shortDigest(entry.leaf_hash) : ""}
      </div>
    </>
  );
}

function EntryBody({ entry }: { entry: LedgerItem }) {
  const subjects = subjectsOf(entry.kind, entry.body);
  const links = [
    subjects.decision && { href: paths.decision(subjects.decision), label: "the decision" },
    subjects.approval && { href: paths.approval(subjects.approval), label: "the approval" },
    subjects.agent && { href: paths.agent(subjects.agent), label: "the agent" },
  ].filter((link) => link !== null && link !== "");
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
        {entry.leaf_hash && (
          <span>
            leaf <CopyText value={entry.leaf_hash} label="leaf hash" />
          </span>
        )}
        {entry.index !== null && (
          <a href={paths.ledgerProof(entry.id)} className="link">
            its proof
          </a>
        )}
        {links.map((link) => (
          <Link key={link.href} href={link.href} className="link">
            {link.label}
          </Link>
        ))}
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
