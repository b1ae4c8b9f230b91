import "server-only";

import { csvHeader, csvLine, jsonLine } from "@/lib/core/ledger/line";
import type { ExportLedgerInput, LedgerItem } from "@/lib/core/ledger/schema";
import { type Db, transact } from "@/lib/data/db";
import { findLastEntryId, findLedgerHead, listEntriesBeyond, listLeavesFrom } from "@/lib/data/ledger-reads";

import { requireMember, type ServiceContext } from "../context";
import { requireNow } from "../require-now";
import { waitForTurn } from "../take-turn";
import { record } from "./record";

const PAGE = 500;

/**
 * The ledger as it stands, piece by piece: sequenced entries by index, then those not yet sequenced by id.
 *
 * That somebody took a copy is itself an entry, written before the first byte; the copy holds it too. Pages are read
 * one by one as the reader takes them, against the size at the start, so that no long transaction is held.
 */
export async function exportLedger(ctx: ServiceContext, input: ExportLedgerInput): Promise<AsyncIterable<string>> {
  requireMember(ctx);
  const kind = input.kind;
  const head = await findLedgerHead(ctx.db, ctx.workspaceId);
  const size = head?.size ?? 0n;
  const root = head?.root_hash ?? null;
  await transact(ctx.db, async (tx) => {
    await requireNow(tx, ctx);
    await record(tx, ctx, "ledger.export", {
      format: input.format,
      of_kind: kind ?? null,
      size: Number(size),
      root_hash: root,
    });
  });
  const last = await findLastEntryId(ctx.db, ctx.workspaceId);
  const items = entries(ctx, { size, last: last ?? "", kind });
  return lines(
    ctx,
    items,
    input.format === "csv" ? { write: csvLine, header: csvHeader() } : { write: jsonLine, header: "" },
  );
}

async function* lines(
  ctx: ServiceContext,
  pages: AsyncIterable<readonly LedgerItem[]>,
  { write, header }: { readonly write: (item: LedgerItem) => string; readonly header: string },
): AsyncIterable<string> {
  if (header) yield header;
  for await (const page of pages) yield await waitForTurn(ctx, () => page.map(write).join(""));
}

type Range = { readonly size: bigint; readonly last: string; readonly kind: string | undefined };

async function* entries({ db, workspaceId }: { db: Db; workspaceId: ServiceContext["workspaceId"] }, range: Range) {
  for (let from = 0n; from < range.size; ) {
    const page = await listLeavesFrom(db, workspaceId, { from, until: range.size, kind: range.kind, take: PAGE });
    const last = page.at(-1)?.index;
    if (last === null || last === undefined) break;
    yield page;
    from = last + 1n;
  }
  for (let after: string | null = null; ; ) {
    const page: readonly LedgerItem[] = await listEntriesBeyond(db, workspaceId, { ...range, after, take: PAGE });
    if (page.length > 0) yield page;
    if (page.length < PAGE) break;
    after = page.at(-1)?.id ?? null;
  }
}
