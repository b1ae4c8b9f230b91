import { RefreshOn } from "@/components/layout/refresh-on";
import { ExportLinks } from "@/components/ledger/export-links";
import { LedgerFilterForm } from "@/components/ledger/ledger-filter";
import { LedgerHeadFacts } from "@/components/ledger/ledger-head";
import { LedgerProof } from "@/components/ledger/ledger-proof";
import { LedgerTable } from "@/components/ledger/ledger-table";
import { VerifyHere } from "@/components/ledger/verify-here";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Pager } from "@/components/ui/pager";
import { Section } from "@/components/ui/section";
import { LedgerFilter } from "@/lib/core/ledger/schema";
import { paths } from "@/lib/core/shared/paths";
import { listAnchors } from "@/lib/services/ledger/list-anchors";
import { listCheckpoints } from "@/lib/services/ledger/list-checkpoints";
import { listEntries } from "@/lib/services/ledger/list-entries";
import { listKeys } from "@/lib/services/ledger/list-keys";
import { pageContext } from "@/lib/web/session";

export const metadata = { title: "Ledger" };

// Kinds are topics too; the two that are written by the decision's own transaction have names of their own.
const LIVE = ["decision.made", "outcome.reported"];

export default async function LedgerPage({ searchParams }: PageProps<"/ledger">) {
  const ctx = await pageContext();
  const filter = LedgerFilter.parse(await searchParams);
  const [{ items, next, head, kinds }, { signing, items: keys }, checkpoints, anchors] = await Promise.all([
    listEntries(ctx, filter),
    listKeys(ctx),
    listCheckpoints(ctx, { limit: 1 }),
    listAnchors(ctx),
  ]);
  const query = filter.kind ? { kind: filter.kind } : {};

  return (
    <>
      {!filter.cursor && <RefreshOn topics={[...kinds, ...LIVE]} everyMs={3_000} />}
      <PageHeader
        title="Ledger"
        meta="What happened, append-only. Nobody can change or remove an entry; the root would tell."
        actions={<ExportLinks />}
      />
      <Section title="The tree" aside="RFC 6962, SHA-256">
        <LedgerHeadFacts head={head} />
      </Section>
      <Section title="Proof" aside="C2SP checkpoints, Ed25519">
        <LedgerProof signing={signing} keys={keys} checkpoint={checkpoints.items[0] ?? null} anchors={anchors.items} />
      </Section>
      <Section title="Verify" aside="on your machine, from what the server shows">
        <VerifyHere signedSize={Number(checkpoints.items[0]?.size ?? 0n)} />
      </Section>
      <Section title="Entries" aside="votes of a review that is still open are listed when it ends">
        <LedgerFilterForm kind={filter.kind} kinds={kinds} />
        {items.length > 0 ? (
          <LedgerTable entries={items} />
        ) : (
          <EmptyState title={filter.kind ? "No entry of this kind" : "The ledger is empty"}>
            <p>
              Every decision, vote, stop, published manifest and changed member is written here in the transaction that
              makes it.
            </p>
          </EmptyState>
        )}
      </Section>
      <Pager
        {...(next && { nextHref: paths.ledger({ ...query, cursor: next }) })}
        {...(filter.cursor && { firstHref: paths.ledger(query) })}
      />
    </>
  );
}
