import { CopyText } from "@/components/ui/copy-text";
import { KeyValue } from "@/components/ui/key-value";
import { Time } from "@/components/ui/time";
import type { LedgerHead } from "@/lib/core/ledger/schema";

/** The tree as it stands. The root says everything: two ledgers with one root and size hold the same entries. */
export function LedgerHeadFacts({ head }: { head: LedgerHead | null }) {
  if (!head) return <p className="text-muted">Nothing has been sequenced yet.</p>;
  return (
    <KeyValue
      items={[
        { label: "Entries in the tree", value: String(head.size) },
        { label: "Root", value: <CopyText value={head.root_hash} label="root hash" /> },
        { label: "As of", value: <Time at={head.updated_at} /> },
      ]}
    />
  );
}
